import type { KVCacheOffloadingSpec, SecondaryTierSpec } from "../../../api/workload.ts";
import { cacheTierPath } from "../../../knowledge/engine/kvtransfer.ts";
import type { Container, PodSpec, Volume } from "../../../kubernetes/objects.ts";
import { addQuantities } from "../../../kubernetes/quantity.ts";
import { MAIN, withContainer } from "../../../kubernetes/workloads/pods.ts";

/**
 * Mounts the file systems of the KV cache's secondary tiers. A tier on the node's disk is requested as ephemeral
 * storage, so that the pod gets a node with enough room. Source: workload_kvcache.go, KServe v0.20.0.
 */
export function withCacheTiers(pod: PodSpec, offloading: KVCacheOffloadingSpec | undefined): PodSpec {
  return (offloading?.secondary ?? []).reduce<PodSpec>(withTier, pod);
}

function withTier(pod: PodSpec, { fileSystem }: SecondaryTierSpec, index: number): PodSpec {
  const source = fileSystem && sourceOf(fileSystem);
  if (source === undefined) return pod;
  const name = `kv-cache-secondary-${index}`;
  const { subPath, disk, ...volume } = source;
  const mount = { name, mountPath: cacheTierPath(index), ...(subPath && { subPath }) };
  const mounted = withContainer(pod, MAIN, (engine) => {
    const reading = { ...engine, volumeMounts: [...(engine.volumeMounts ?? []), mount] };
    return disk === undefined ? reading : withDisk(reading, disk);
  });
  return { ...mounted, volumes: [...(mounted.volumes ?? []), { name, ...volume }] };
}

type Source = Omit<Volume, "name"> & { subPath?: string; disk?: string | number };

function sourceOf({ emptyDir, pvc }: NonNullable<SecondaryTierSpec["fileSystem"]>): Source | undefined {
  if (emptyDir !== undefined) return { emptyDir: { sizeLimit: String(emptyDir.size) }, disk: emptyDir.size };
  if (pvc?.spec !== undefined) return { ephemeral: { volumeClaimTemplate: { spec: pvc.spec } } };
  if (pvc?.ref !== undefined) {
    return { persistentVolumeClaim: { claimName: pvc.ref.name }, subPath: pvc.ref.path };
  }
  return undefined;
}

function withDisk(container: Container, size: string | number): Container {
  const requests = container.resources?.requests ?? {};
  const disk = addQuantities(requests["ephemeral-storage"] ?? "0", size);
  return {
    ...container,
    resources: { ...container.resources, requests: { ...requests, "ephemeral-storage": disk } },
  };
}
