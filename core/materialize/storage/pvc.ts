import type { PodSpec } from "../../spec/kubernetes.ts";
import { containerNamed, withContainer, withMount, withVolume } from "../pods.ts";

export interface Claim {
  claimName: string;
  subPath: string;
}

/** `pvc://NAME/PATH` as claim and path inside it. */
export function parseClaim(uri: string): Claim {
  const [claimName = "", ...path] = uri.replace(/^pvc:\/\//, "").split("/");
  return { claimName, subPath: path.join("/") };
}

/** Mounts a claim, read-only, into a container. */
export function withClaim(
  pod: PodSpec,
  container: string,
  { claimName, subPath, mountPath, volume = "kserve-pvc-source" }: Claim & { mountPath: string; volume?: string },
): PodSpec {
  const reader = containerNamed(pod, container);
  if (reader === undefined || reader.volumeMounts?.some(({ name }) => name === volume)) return pod;
  const mount = { name: volume, mountPath, readOnly: true, ...(subPath !== "" && { subPath }) };
  const mounted = withContainer(pod, container, (found) => withMount(found, mount));
  return withVolume(mounted, { name: volume, persistentVolumeClaim: { claimName } });
}
