import { POD_PART } from "../../../contract/names.ts";
import { isGated } from "../../../knowledge/models/gated.ts";
import { TOKEN_VARIABLES } from "../../../knowledge/models/hubtokens.ts";
import { valueAt } from "../../../kubernetes/json.ts";
import type { Container, PodSpec } from "../../../kubernetes/objects.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";
import type { Check, CheckSubject } from "../check.ts";

/** A gated model of the Hugging Face Hub for which nothing in the service names a token. */
export const GATED_CHECK: Check = {
  name: "the download of a gated model has a token",
  source:
    "core/knowledge/models/gated.ts; HF_TOKEN of the storage initializer, and of the Secrets of its service account, KServe v0.20.0",
  codes: ["GatedModel"],
  judge: (subject) => {
    const { spec, engines } = subject;
    const uri = spec.model?.uri ?? "";
    const isDownloaded = uri.startsWith("hf://") && spec.storageInitializer?.enabled !== false;
    if (!isDownloaded || isGated(uri) !== true || engines.length === 0) return [];
    if (hasNamedSecret(subject) || engines.some(({ podSpec }) => mayHaveToken(podSpec))) return [];
    const message =
      "the model is gated on the Hugging Face Hub, and the service names no token: the download needs one from the service account default";
    const fix =
      "set serviceAccountName in template to an account with a Secret that has HF_TOKEN, unless the Secrets of the account default have it";
    return [{ code: "GatedModel", path: "spec.model.uri", layer: "merged", message, fix }];
  },
};

/** Whether the service names the Secret of its download by the annotation of the settings. */
function hasNamedSecret({ service, settings }: CheckSubject): boolean {
  const annotation = settings.credentials.storageSecretNameAnnotation;
  return annotation !== "" && valueAt(service, ["metadata", "annotations", annotation]) !== undefined;
}

/** Another address than the hub's may need no token. */
const ENDPOINT = "HF_ENDPOINT";

/** Whether the pod names a service account, or has variables that may hold a token. */
function mayHaveToken({ serviceAccountName, containers = [], initContainers = [] }: PodSpec): boolean {
  const isMeant = ({ name }: Container): boolean => name === MAIN || name === POD_PART.initializer;
  return (
    serviceAccountName !== undefined ||
    [...containers, ...initContainers]
      .filter(isMeant)
      .some(
        ({ env = [], envFrom = [] }) =>
          envFrom.length > 0 || env.some(({ name }) => name === ENDPOINT || TOKEN_VARIABLES.includes(name)),
      )
  );
}
