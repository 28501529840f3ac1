import type { Cache, Operations } from "../../../api/shorthands/operations.ts";
import { typeMeta } from "../../../contract/kinds.ts";
import { CONTENTS, labelsOf, nameByContents } from "../../../contract/names.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import { canonicalQuantity } from "../../../kubernetes/quantity.ts";
import type { MaterializeContext } from "../context.ts";
import { warning } from "../issues.ts";

/** A volume that the pods of a service share: an existing claim, or one that the plan makes. */
export interface CacheClaim {
  claimName: string;
  made?: KubernetesObject;
}

/**
 * The claim of a cache. A claim can hardly be changed, and one that pods use is not deleted: so another size, class or
 * content makes another claim, which the next pods use before the old one is deleted.
 */
export function claimOf(
  child: "modelCache" | "compileCache",
  cache: Cache & { size: string },
  holds: readonly string[],
  { service }: Pick<MaterializeContext, "service">,
): CacheClaim {
  if (cache.claimName !== undefined) return { claimName: cache.claimName };
  const { name, namespace } = service.metadata;
  const { storageClassName, accessMode = "ReadWriteMany" } = cache;
  const storage = canonicalQuantity(cache.size) ?? cache.size;
  const contents = [...holds, storage, storageClassName ?? "", accessMode];
  const claimName = nameByContents(name, child, contents);
  const annotations = { [CONTENTS]: contents.filter(Boolean).join(" ") };
  const made = {
    ...typeMeta("PersistentVolumeClaim"),
    metadata: { name: claimName, namespace, labels: labelsOf(name), annotations },
    spec: {
      accessModes: [accessMode],
      ...(storageClassName !== undefined && { storageClassName }),
      resources: { requests: { storage } },
    },
  };
  return { claimName, made };
}

/** The user and group of the image of KServe's storage initializer. */
const GROUP = 1000;

/**
 * A pod that may write to the volume of a cache: its files belong to a group of the pod. A group that the pod sets
 * itself stays.
 */
export function withGroup(pod: PodSpec, { fsGroup = GROUP }: Cache): PodSpec {
  if (fsGroup === false || pod.securityContext?.fsGroup !== undefined) return pod;
  const owned = { fsGroup, fsGroupChangePolicy: "OnRootMismatch" };
  return { ...pod, securityContext: { ...pod.securityContext, ...owned } };
}

/** A volume of one node restricts all pods that share it, and every rollout, to that node. */
export function warnOfOneNode(
  switchName: keyof Operations,
  { accessMode }: Cache,
  { spec, group, report }: Pick<MaterializeContext, "spec" | "group" | "report">,
): void {
  const isShared =
    (spec.replicas ?? 1) > 1 || [spec.prefill, spec.worker, spec.scaling, group].some((one) => one !== undefined);
  if (accessMode !== "ReadWriteOnce" || !isShared) return;
  const message =
    "a ReadWriteOnce volume can be mounted on only one node at a time, so all pods of the service must fit on that node";
  const fix = "use ReadWriteMany with a storageClassName that supports it, or use one replica";
  report(warning("Conflict", `spec.operations.${switchName}.accessMode`, message, fix));
}

/** A model that is downloaded once, and read by all pods of the service. */
export interface ModelCache extends CacheClaim {
  chosen: Cache;
  /** The model's folder in the volume. */
  folder: string;
}
