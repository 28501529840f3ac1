import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Issue } from "../../contract/issue.ts";
import type { Provenance } from "../../contract/layer.ts";
import { POD_PART } from "../../contract/names.ts";
import { otherEngineOf } from "../../knowledge/engine/images.ts";
import { refusesFlags, vllmStart } from "../../knowledge/engine/start/start.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { containerNamed, MAIN } from "../../kubernetes/pods.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { isUsers } from "./place.ts";

interface Pod {
  spec: PodSpec;
  /** As provenance has it: `prefill.template`. */
  path: string;
  provenance: Provenance;
}

/** What of the pods' containers will hardly do what was meant: which of them is the engine, what it starts, and what it is given. */
export function judgeContainers(spec: LLMInferenceServiceSpec, provenance: Provenance): Issue[] {
  const workloads = [["", spec] as const, ...(spec.prefill ? [["prefill.", spec.prefill] as const] : [])];
  return workloads.flatMap(([prefix, workload]) =>
    (["template", "worker"] as const).flatMap((name): Issue[] => {
      const pod = workload[name];
      if (pod === undefined) return [];
      const place = { spec: pod, path: `${prefix}${name}`, provenance };
      return [...judgeNames(place), ...judgeImage(place), ...judgeToken(place, spec)];
    }),
  );
}

function warning(
  { path }: Pod,
  code: Issue["code"],
  field: string,
  layer: string,
  message: string,
  fix: string,
): Issue {
  return { code, severity: "warning", path: `spec.${path}.${field}`, layer, message, fix };
}

/** The layer of a user's that wrote something of a container; undefined where none did. */
function writerOf({ path, provenance }: Pod, container: string, fields: readonly string[]): string | undefined {
  const at = `${path}.containers[name=${container}]`;
  const found = fields.map((field) => `${at}.${field}`).find((field) => isUsers(provenance, field));
  return found === undefined ? undefined : entryOf(provenance, found)?.layer;
}

/** KServe and the presets know the engine as `main`: one under another name runs beside theirs. */
function judgeNames(pod: Pod): Issue[] {
  const { containers = [] } = pod.spec;
  if (containerNamed(pod.spec, MAIN)?.command === undefined || writerOf(pod, MAIN, ["image", "command", "args"]))
    return [];
  return containers.flatMap((container, index): Issue[] => {
    const { name } = container;
    const layer = writerOf(pod, name, ["image", "command", "args"]);
    if (name === MAIN || layer === undefined || !isEngine(container)) return [];
    const message = `the container ${name} starts an engine, but the container of the engine is ${MAIN}: both would run in each pod`;
    return [warning(pod, "Conflict", `containers[${index}].name`, layer, message, `rename the container to ${MAIN}`)];
  });
}

function isEngine(container: Container): boolean {
  return vllmStart(container) !== undefined || otherEngineOf(container.image ?? "") !== undefined;
}

/** An image of another engine, with the command that the presets give vLLM. */
function judgeImage(pod: Pod): Issue[] {
  const { containers = [] } = pod.spec;
  const index = containers.findIndex(({ name }) => name === MAIN);
  const container = containers[index];
  const engine = otherEngineOf(container?.image ?? "");
  const layer = writerOf(pod, MAIN, ["image"]);
  if (container === undefined || engine === undefined || layer === undefined || refusesFlags(container)) return [];
  const message = `the image is of ${engine}, but the command of the presets starts vLLM`;
  const fix = `set command and args so that they start ${engine}, or use an image of vLLM`;
  return [warning(pod, "Conflict", `containers[${index}].image`, layer, message, fix)];
}

const TOKENS = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];

/** The storage initializer downloads the model, not the engine: a token that the engine alone has opens no gated model. */
function judgeToken(pod: Pod, { model, storageInitializer }: LLMInferenceServiceSpec): Issue[] {
  const { containers = [], initContainers = [], serviceAccountName } = pod.spec;
  const index = containers.findIndex(({ name }) => name === MAIN);
  const { env = [] } = containers[index] ?? {};
  const token = env.find(({ name }) => TOKENS.includes(name))?.name;
  const isDownloaded = model?.uri?.startsWith("hf://") && storageInitializer?.enabled !== false;
  if (token === undefined || !isDownloaded || serviceAccountName !== undefined) return [];
  const downloader = initContainers.find(({ name }) => name === POD_PART.initializer);
  if (downloader?.envFrom !== undefined || downloader?.env?.some(({ name }) => TOKENS.includes(name))) return [];
  const layer = writerOf(pod, MAIN, [`env[name=${token}].value`, `env[name=${token}].valueFrom.secretKeyRef.name`]);
  const message = `${token} is set for the engine only, but the storage initializer downloads the model, so the download of a gated model fails`;
  const fix = `add an init container ${POD_PART.initializer} with ${token} in its env to the ${pod.path.split(".").at(-1)}, or set serviceAccountName to an account with a Secret that has HF_TOKEN`;
  return [warning(pod, "UnusedField", `containers[${index}].env`, layer ?? "merged", message, fix)];
}
