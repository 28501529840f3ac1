import type { PodSpec } from "../../../kubernetes/objects.ts";
import { isSlash, withoutEnd, withoutStart } from "../../../kubernetes/text.ts";
import { withContainer, withMount, withVolume } from "../../../kubernetes/workloads/pods.ts";

/**
 * Mounts an OCI image as a volume (Kubernetes 1.33 and later by default): images keep the model below /models.
 * Source: ConfigureOciNativeToContainer in pkg/utils/storage.go, KServe v0.20.0.
 */
export function withImageVolume(pod: PodSpec, container: string, uri: string, mountPath: string): PodSpec {
  const name = volumeOf(mountPath);
  const reference = uri.replace(/^oci(\+\w+)?:\/\//, "");
  const mounted = withContainer(pod, container, (reader) =>
    withMount(reader, { name, mountPath, subPath: "models", readOnly: true }),
  );
  return withVolume(mounted, { name, image: { reference, pullPolicy: "IfNotPresent" } });
}

/** The volume's name follows from its path, so that several images can be mounted. */
export function volumeOf(mountPath: string): string {
  return withoutStart(withoutEnd(mountPath, isSlash), isSlash).replaceAll("/", "-") || "oci-model";
}
