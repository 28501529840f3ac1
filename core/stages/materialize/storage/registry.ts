import type { ServiceAccount } from "kubernetes-types/core/v1.js";
import { schemeOf } from "../../../contract/downloads.ts";
import type { PodSpec } from "../../../kubernetes/objects.ts";
import { withEnv, withInitContainer, withMount, withVolume } from "../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../context.ts";
import { warning } from "../issues.ts";

const VOLUME = "kserve-oci-fetch-docker-config";
/** A path that KServe's initializer can read: the image's user cannot read below /root. */
const FOLDER = "/mnt/oci-fetch-auth";

/** What is downloaded, and with which credentials; `path` is the pod's field, for issues. */
interface Downloads extends MaterializeContext {
  serviceAccount?: ServiceAccount;
  path: string;
  pairs: readonly { uri: string }[];
}

/**
 * What the storage initializer needs to read an image from its registry: the pod's first pull secret, and whether the
 * registry's certificate is not to be verified. The file keeps Kubernetes' default mode, where KServe sets 0400: root
 * owns the file, and the initializer does not run as root; without a readable file it assumes a public registry.
 * Source: ConfigureOciFetchToContainer in pkg/webhook/admission/pod/oci_fetch.go, KServe v0.21.
 */
export function withRegistry(pod: PodSpec, initializer: string, downloads: Downloads): PodSpec {
  const { pairs, settings } = downloads;
  if (!pairs.some(({ uri }) => schemeOf(uri, downloads) === "oci+fetch")) return pod;
  const insecure = settings.storageInitializer.ociInsecureRegistry === true;
  const open = insecure ? [{ name: "KSERVE_OCI_INSECURE_REGISTRY", value: "true" }] : [];
  const prepared = withInitContainer(pod, initializer, (found) => withEnv(found, open));
  const secretName = pullSecret(pod, downloads);
  if (secretName === undefined) return prepared;
  const config = { name: "KSERVE_OCI_DOCKER_CONFIG", value: `${FOLDER}/config.json` };
  const signedIn = withInitContainer(prepared, initializer, (found) =>
    withMount(withEnv(found, [config]), { name: VOLUME, mountPath: FOLDER, readOnly: true }),
  );
  const items = [{ key: ".dockerconfigjson", path: "config.json" }];
  return withVolume(signedIn, { name: VOLUME, secret: { secretName, items } });
}

/**
 * The pull secret that is used: the pod's first, otherwise its account's, which Kubernetes gives to a pod that names
 * none.
 */
function pullSecret(pod: PodSpec, { serviceAccount, path, report }: Downloads): string | undefined {
  const own = pod.imagePullSecrets ?? [];
  const [first, ...others] = own.length > 0 ? own : (serviceAccount?.imagePullSecrets ?? []);
  if (first?.name === undefined || others.length === 0) return first?.name;
  const message = `the storage initializer signs in to the registry of the model with one pull secret, ${first.name}, which is the first of ${others.length + 1}`;
  const fix = "put the credentials of the model's registry into the first pull secret";
  report(warning("UnusedField", `${path}.imagePullSecrets`, message, fix));
  return first.name;
}
