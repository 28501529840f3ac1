import type { PodSpec } from "../../../kubernetes/objects.ts";
import { withMountedVolume } from "../../../kubernetes/workloads/pods.ts";

export interface Claim {
  claimName: string;
  subPath: string;
}

/** `pvc://NAME/PATH` as claim and path inside it. */
export function parseClaim(uri: string): Claim {
  const [claimName = "", ...path] = uri.replace(/^pvc:\/\//, "").split("/");
  return { claimName, subPath: path.join("/") };
}

/** Mounts a claim into a container that reads it. */
export function withClaim(
  pod: PodSpec,
  container: string,
  { claimName, subPath, mountPath, volume = "kserve-pvc-source" }: Claim & { mountPath: string; volume?: string },
): PodSpec {
  const mount = { name: volume, mountPath, readOnly: true, ...(subPath !== "" && { subPath }) };
  return withMountedVolume(pod, container, mount, { name: volume, persistentVolumeClaim: { claimName } });
}
