import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Provenance } from "../../contract/layer.ts";
import { POD_PART } from "../../contract/names.ts";
import { workloadPods } from "../../contract/workloadpods.ts";
import { otherEngineOf } from "../../knowledge/engine/images.ts";
import { refusesFlags, vllmStart } from "../../knowledge/engine/start/start.ts";
import { isGated } from "../../knowledge/models/gated.ts";
import { TOKEN_VARIABLES } from "../../knowledge/models/hubtokens.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { containerNamed, MAIN } from "../../kubernetes/workloads/pods.ts";
import { isUsers } from "./place.ts";

interface Pod {
  spec: PodSpec;
  /** The path as provenance writes it: `prefill.template`. */
  path: string;
  provenance: Provenance;
}

/**
 * Warnings about containers that were probably meant differently: which of them is the engine, what it starts, and what
 * is passed to it.
 */
export function judgeContainers(spec: LLMInferenceServiceSpec, provenance: Provenance): Issue[] {
  return workloadPods(spec).flatMap(({ path, pod }): Issue[] => {
    const place = { spec: pod, path, provenance };
    return [...judgeNames(place), ...judgeImage(place), ...judgeToken(place, spec)];
  });
}

interface Finding extends Pick<Issue, "code" | "layer" | "message" | "fix"> {
  /** Relative to the pod: `containers[0].image`. */
  field: string;
}

function warning({ path }: Pod, { field, ...finding }: Finding): Issue {
  return { ...finding, severity: "warning", path: `spec.${path}.${field}` };
}

/** The user's layer that wrote the first of these fields of a container that has a writer; undefined if none did. */
function writerOf({ path, provenance }: Pod, container: string, fields: readonly string[]): string | undefined {
  const at = `${path}.containers[name=${container}]`;
  const found = fields.map((field) => `${at}.${field}`).find((field) => isUsers(provenance, field));
  return found === undefined ? undefined : provenance.get(found)?.layer;
}

/** KServe and the presets know the engine as `main`: a container under another name runs in addition to theirs. */
function judgeNames(pod: Pod): Issue[] {
  const { containers = [] } = pod.spec;
  if (containerNamed(pod.spec, MAIN)?.command === undefined || writerOf(pod, MAIN, ["image", "command", "args"]))
    return [];
  return containers.flatMap((container, index): Issue[] => {
    const { name } = container;
    const layer = writerOf(pod, name, ["image", "command", "args"]);
    if (name === MAIN || layer === undefined || !isEngine(container)) return [];
    const message = `the container ${name} starts an engine, but the container of the engine is ${MAIN}: both would run in each pod`;
    const fix = `rename the container to ${MAIN}`;
    return [warning(pod, { code: "Conflict", field: `containers[${index}].name`, layer, message, fix })];
  });
}

function isEngine(container: Container): boolean {
  return vllmStart(container) !== undefined || otherEngineOf(container.image ?? "") !== undefined;
}

/** An image of another engine, with the command that the presets give to vLLM. */
function judgeImage(pod: Pod): Issue[] {
  const { containers = [] } = pod.spec;
  const index = containers.findIndex(({ name }) => name === MAIN);
  const container = containers[index];
  const engine = otherEngineOf(container?.image ?? "");
  const layer = writerOf(pod, MAIN, ["image"]);
  if (container === undefined || engine === undefined || layer === undefined || refusesFlags(container)) return [];
  const message = `the image is of ${engine}, but the command of the presets starts vLLM`;
  const fix = `set command and args so that they start ${engine}, or use an image of vLLM`;
  return [warning(pod, { code: "Conflict", field: `containers[${index}].image`, layer, message, fix })];
}

/**
 * The storage initializer downloads the model, not the engine: a token that only the engine has does not help to
 * download a gated model. The finding is a note if the model may be gated, and left out if it is public.
 */
function judgeToken(pod: Pod, { model, storageInitializer }: LLMInferenceServiceSpec): Issue[] {
  const { containers = [], initContainers = [], serviceAccountName } = pod.spec;
  const index = containers.findIndex(({ name }) => name === MAIN);
  const { env = [] } = containers[index] ?? {};
  const token = env.find(({ name }) => TOKEN_VARIABLES.includes(name))?.name;
  const uri = model?.uri ?? "";
  const isDownloaded = uri.startsWith("hf://") && storageInitializer?.enabled !== false;
  const gated = isGated(uri);
  if (token === undefined || !isDownloaded || serviceAccountName !== undefined || gated === false) return [];
  const downloader = initContainers.find(({ name }) => name === POD_PART.initializer);
  if (downloader?.envFrom !== undefined || downloader?.env?.some(({ name }) => TOKEN_VARIABLES.includes(name)))
    return [];
  const written = [`env[name=${token}].value`, `env[name=${token}].valueFrom.secretKeyRef.name`];
  const layer = writerOf(pod, MAIN, written) ?? "merged";
  const follows = gated ? "so the download fails: the model is gated" : "so the download fails if the model is gated";
  const message = `${token} is set for the engine only, but the storage initializer downloads the model, ${follows}`;
  const fix = `add an init container ${POD_PART.initializer} with ${token} in its env to the ${pod.path.split(".").at(-1)}, or set serviceAccountName to an account with a Secret that has HF_TOKEN`;
  const issue = warning(pod, { code: "UnusedField", field: `containers[${index}].env`, layer, message, fix });
  return [gated ? issue : { ...issue, severity: "info" }];
}
