import { typeMeta } from "../../../contract/kinds.ts";
import { POD_PATH } from "../../../contract/names.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import { initContainerNamed, withEnv, withInitContainer } from "../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../context.ts";

const VOLUME = "cabundle-cert";
/** The name of the bundle in every namespace except the system's. */
const COPY = "global-ca-bundle";
const FILE = "cabundle.crt";

/**
 * Mounts the CA bundle of the settings, or of the credentials, in the storage initializer. Source: injectCaBundle in
 * workload_storage.go, KServe v0.20.0.
 */
export function withCaBundle(pod: PodSpec, name: string, { service, settings }: MaterializeContext): PodSpec {
  const initializer = initContainerNamed(pod, name);
  const env = initializer?.env ?? [];
  const read = (variable: string): string | undefined => env.findLast((one) => one.name === variable)?.value;
  const fromCredentials = env.some((one) => one.name === "AWS_CA_BUNDLE_CONFIGMAP");
  const { caBundleConfigMapName, caBundleVolumeMountPath } = settings.storageInitializer;
  if (initializer === undefined || (caBundleConfigMapName === "" && !fromCredentials)) return pod;

  const own = service.metadata.namespace === settings.systemNamespace ? caBundleConfigMapName : COPY;
  const configMap = read("AWS_CA_BUNDLE_CONFIGMAP") ?? own;
  const file = read("AWS_CA_BUNDLE");
  const mountPath =
    file === undefined ? caBundleVolumeMountPath || POD_PATH.caBundle : file.replace(/\/[^/]*$/, "") || "/";
  const mount = { name: VOLUME, mountPath, readOnly: true };
  const equipped = withInitContainer(pod, name, (found) => ({
    ...withEnv(found, [
      { name: "CA_BUNDLE_CONFIGMAP_NAME", value: configMap },
      { name: "CA_BUNDLE_VOLUME_MOUNT_POINT", value: mountPath },
    ]),
    volumeMounts: [...(found.volumeMounts ?? []), mount],
  }));
  return { ...equipped, volumes: [...(equipped.volumes ?? []), { name: VOLUME, configMap: { name: configMap } }] };
}

/** The copy of the settings' bundle for the service's namespace; a bundle that does not exist is refused. */
export function buildCaBundle({ service, settings, known, report }: MaterializeContext): KubernetesObject[] {
  const name = settings.storageInitializer.caBundleConfigMapName;
  if (name === "") return [];
  const source = known.get("v1", "ConfigMap", settings.systemNamespace, name);
  const bundle = (source?.data as Record<string, string> | undefined)?.[FILE];
  if (!bundle) {
    report({
      code: "NotFound",
      severity: "error",
      path: "storageInitializer.caBundleConfigMapName",
      layer: "settings",
      message: `the ConfigMap ${settings.systemNamespace}/${name} with the key ${FILE} is not among the known objects`,
      fix: "create it, and pass it in `known` (-f)",
    });
    return [];
  }
  const metadata = { name: COPY, namespace: service.metadata.namespace };
  return [{ ...typeMeta("ConfigMap"), metadata, data: { [FILE]: bundle } }];
}
