import type { LoRASpec } from "../../../api/model.ts";
import type { LLMInferenceServiceSpec } from "../../../api/service.ts";
import { type Fetching, isDownloaded } from "../../../contract/downloads.ts";
import type { Issue } from "../../../contract/issues/issue.ts";
import { adapterVolumeName, isAdapterVolumeName } from "../../../contract/names.ts";
import { ENGINE_TITLE, type EngineKind, engineOf } from "../../../knowledge/engine/engines.ts";
import { isWritten } from "../../../knowledge/engine/flags/flagplace.ts";
import { LORA_MODULES, loadsAdapters, loraFlags, mentionsAdapters } from "../../../knowledge/engine/lora.ts";
import { refusesFlags } from "../../../knowledge/engine/start/start.ts";
import type { Container, PodSpec } from "../../../kubernetes/objects.ts";
import { containerNamed, MAIN, withContainer } from "../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../context.ts";
import { refusal, unused } from "../issues.ts";
import type { Download } from "./initializer.ts";
import { parseClaim, withClaim } from "./pvc.ts";

/** Next to the model, not in it: the model's own mount is read-only, so no folder can be made below it. */
const ROOT = "/mnt/lora";
const ADAPTERS = "spec.model.lora.adapters";
const SHELL = /(^|\/)(ba|da|a|z|k)?sh$/;

/** An adapter, and its path in the engine's container. */
export interface Adapter {
  name: string;
  uri: string;
  path: string;
}

/** The adapters in the order of their names, so that their written order does not change the pod. */
export function adaptersOf({ model }: LLMInferenceServiceSpec): Adapter[] {
  return (model.lora?.adapters ?? [])
    .map(({ name = "", uri }) => ({ name, uri, path: `${ROOT}/${folderOf(name)}` }))
    .sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));
}

function folderOf(name: string): string {
  const folder = name.replace(/[^a-zA-Z0-9._-]/gu, "-");
  return ["", ".", ".."].includes(folder) ? "adapter" : folder;
}

/** The adapters that the storage initializer downloads; the others are mounted. */
export function downloadsOf(adapters: readonly Adapter[], fetching: Fetching): Download[] {
  return adapters.filter(({ uri }) => isDownloaded(uri, fetching)).map(({ uri, path }) => ({ uri, path }));
}

/**
 * Mounts adapters that lie on claims, and passes all of them to the engine, each under its own name and under its
 * publisher's. An engine that has modules already is left alone. Source: workload_lora.go, KServe v0.20.0.
 */
export function withAdapters(pod: PodSpec, adapters: readonly Adapter[], context: MaterializeContext): PodSpec {
  const { spec, service, behaviour, report } = context;
  for (const issue of [...sameOrNoNames(adapters, context), ...withoutEffect(spec.model.lora)]) report(issue);
  if (adapters.length === 0) return pod;
  const mounted = adapters.reduce(withMounted, pod);
  const engine = containerNamed(mounted, MAIN);
  if (engine === undefined) return mounted;
  const kind = engineOf(spec);
  const flag = LORA_MODULES[kind];
  const loads = behaviour.writtenFlags === "asText" ? mentionsAdapters : loadsAdapters;
  if (loads(engine, kind)) {
    const message = `the command line of the engine already has ${flag}, so the adapters are downloaded but not loaded`;
    report(unused(ADAPTERS, message, `remove ${flag} from args, or list all adapters there`));
    return mounted;
  }
  if (behaviour.adapterArgs === "asCommand" && refusesFlags(engine, kind)) {
    const message = `the command of the engine takes no flags of ${ENGINE_TITLE[kind]}, so the adapters are downloaded but not loaded`;
    report(unused(ADAPTERS, message, `load them from ${ROOT} in the command, or start vLLM with \`vllm serve\``));
    return mounted;
  }
  if (kind === "sglang") return withContainer(mounted, MAIN, (one) => forSglang(one, spec.model.lora, adapters));
  const modules = adapters.flatMap(({ name, path }) =>
    [name, `publishers/${service.metadata.namespace}/models/${name}`].map((called) =>
      JSON.stringify({ name: called, path }),
    ),
  );
  const given = behaviour.adapterArgs === "quotedFirst" ? quotedFirst : asCommand;
  return withContainer(mounted, MAIN, (container) => given(container, limitFlags(spec.model.lora), modules));
}

function withMounted(pod: PodSpec, { name, uri, path }: Adapter): PodSpec {
  if (!uri.startsWith("pvc://")) return pod;
  return withClaim(pod, MAIN, { ...parseClaim(uri), mountPath: path, volume: adapterVolumeName(name) });
}

/**
 * SGLang's own flags. A client requests an adapter as MODEL:ADAPTER, so the publisher's name is not needed. Source:
 * LoRAPathAction in sglang/srt/arg_groups, _parse_model_parameter in sglang/srt/entrypoints/openai/serving_base.py.
 */
function forSglang(container: Container, lora: LoRASpec | undefined, adapters: readonly Adapter[]): Container {
  const args = container.args ?? [];
  const missing = missingFlags(
    container,
    loraFlags(lora, "sglang").map(({ flag }) => flag),
    "sglang",
  );
  const paths = adapters.map(({ name, path }) => JSON.stringify({ lora_name: name, lora_path: path }));
  return { ...container, args: [...args, ...missing, LORA_MODULES.sglang, ...paths] };
}

function limitFlags(lora: LoRASpec | undefined): string[] {
  return loraFlags(lora, "vllm").map(({ flag }) => flag);
}

/** For KServe's presets, which evaluate their arguments in a shell; the user's arguments come later, and win. */
function quotedFirst(container: Container, limits: string[], modules: string[]): Container {
  const words = [...limits, LORA_MODULES.vllm, ...modules.map(quoted)];
  return { ...container, args: [...words, ...(container.args ?? [])] };
}

/** After the flags, because a list in front would read the model's path as one more module. Existing flags win. */
function asCommand(container: Container, limits: string[], modules: string[]): Container {
  const args = container.args ?? [];
  const missing = missingFlags(container, limits, "vllm");
  const evaluated = (container.command ?? []).some((word) => /\beval\b/.test(word)) && isShell(container);
  return { ...container, args: [...args, ...missing, LORA_MODULES.vllm, ...modules.map(evaluated ? quoted : String)] };
}

function missingFlags(container: Container, flags: readonly string[], kind: EngineKind): string[] {
  return flags.filter((flag) => !isWritten(container, flag.split("=", 1)[0] ?? flag, kind));
}

function isShell({ command = [] }: Container): boolean {
  return SHELL.test(command[0] ?? "");
}

function quoted(module: string): string {
  return `'${module}'`;
}

/** Names that a folder or, under KServe's rule, a volume cannot have: the API server would refuse the pod. */
function sameOrNoNames(adapters: readonly Adapter[], { behaviour }: MaterializeContext): Issue[] {
  if (behaviour.admission !== "asWritten") {
    const wrong = adapters.filter(({ name, uri }) => uri.startsWith("pvc://") && !isAdapterVolumeName(name));
    return wrong.map(({ name }) =>
      refusal(
        "InvalidValue",
        ADAPTERS,
        `the adapter name ${name} cannot be used as the name of a volume`,
        "choose another name",
      ),
    );
  }
  return adapters.flatMap(({ name, path }, index): Issue[] => {
    const twin = adapters.slice(0, index).find((other) => other.path === path);
    if (twin === undefined) return [];
    const message = `the adapters ${twin.name} and ${name} would both be in ${path}`;
    const fix = "choose names that differ in letters, digits, dots, dashes or underscores";
    return [refusal("Conflict", ADAPTERS, message, fix)];
  });
}

/**
 * Settings of adapters without effect: limits if there are no adapters, and encryption, which only the model supports.
 */
function withoutEffect({ adapters = [], ...limits }: LoRASpec = {}): Issue[] {
  const lonely = adapters.length > 0 ? [] : Object.keys(limits);
  return [
    ...lonely.map((limit) =>
      unused(
        `spec.model.lora.${limit}`,
        `${limit} has no effect: the model has no adapters`,
        `add adapters, or remove ${limit}`,
      ),
    ),
    ...adapters.flatMap(({ name, confidential }, index) =>
      confidential?.enabled || confidential?.resourceId
        ? [
            unused(
              `${ADAPTERS}[${index}].confidential`,
              `the adapter ${name} is not decrypted: decryption applies only to a model without adapters`,
              "store it unencrypted, or remove confidential",
            ),
          ]
        : [],
    ),
  ];
}
