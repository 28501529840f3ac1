import type { ParallelismSpec } from "../../api/parallelism.ts";
import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issue.ts";
import type { Provenance } from "../../contract/layer.ts";
import type { LoweringContext, Recognised, SaidAccelerators } from "../../contract/lowering.ts";
import { CONVENIENCES } from "../../contract/lowering.ts";
import { POD_PATH } from "../../contract/names.ts";
import type { Settings } from "../../contract/parsesettings.ts";
import { DEVICES, recognise } from "../../knowledge/accelerators/recognise.ts";
import { flagPath, shellWords } from "../../knowledge/engine/argfields.ts";
import { flagValue, mergeArgs } from "../../knowledge/engine/commandline.ts";
import { flagName } from "../../knowledge/engine/flags.ts";
import type { ModelInfo } from "../../knowledge/models/config.ts";
import { servedModel } from "../../knowledge/models/served.ts";
import { startupSeconds } from "../../knowledge/models/startup.ts";
import { stackOf } from "../../knowledge/stacks/stacks.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { MAIN } from "../../kubernetes/pods.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { drainFlags } from "./drain.ts";
import { withStartup } from "./startup.ts";

export interface DeriveRequest {
  spec: LLMInferenceServiceSpec;
  provenance: Provenance;
  settings: Settings;
  modelInfo?: ModelInfo;
  loadBytesPerSecond?: number;
  lowering?: Pick<LoweringContext, "accelerators">;
  /** The accelerators that the layers say the engines run on. */
  accelerators?: SaidAccelerators;
  /** Release of vLLM in the images, where their tags do not tell it. */
  engineVersion?: string;
  /** Name of the release of the serving stack. */
  stack?: string;
  behaviour: Pick<Behaviour, "conveniences">;
}

/**
 * What follows from the merged spec and nobody has to write: the flags of the parallel sizes, of TLS and of the drain, the number of
 * accelerators in a pod, and how long it may take to start. A value that the user wrote must agree with it; a preset's or an
 * accelerator's gives way.
 */
export function derive(request: DeriveRequest): { spec: LLMInferenceServiceSpec; issues: Issue[] } {
  const { spec, provenance, behaviour } = request;
  const issues: Issue[] = [];
  if (!behaviour.conveniences) return { spec, issues };
  issues.push(...judgeLimits(spec, provenance));
  const own = deriveWorkload(spec, "", request, issues);
  const prefill = spec.prefill && deriveWorkload(spec.prefill, "prefill.", request, issues);
  const derived = { ...spec, ...own, ...(prefill && { prefill: { ...spec.prefill, ...prefill } }) };
  const model = servedModel(request);
  if (model === undefined) return { spec: derived, issues };
  const seconds = startupSeconds(model, request.loadBytesPerSecond);
  return { spec: withStartup(derived, seconds, (path) => isUsers(provenance, path)), issues };
}

type Pods = Pick<WorkloadSpec, "template" | "worker">;

function deriveWorkload(
  workload: WorkloadSpec,
  path: string,
  { provenance, settings, lowering, accelerators, engineVersion, stack }: DeriveRequest,
  issues: Issue[],
): Pods {
  const { parallelism = {}, template, worker } = workload;
  const grouped = worker !== undefined;
  const flags = [...parallelFlags(parallelism, grouped), ...tlsFlags(settings)];
  const pod = (spec: PodSpec, name: "template" | "worker"): PodSpec => {
    const containers = spec.containers?.map((container) => {
      if (container.name !== MAIN) return container;
      const at = `${path}${name}.containers[name=${MAIN}]`;
      const folded = withAdditionalArgs(container);
      const devices = devicesPerPod({ ...sizesInArgs(folded, grouped), ...parallelism }, grouped);
      const counted = withResource(withFlags(folded, flags, at, provenance, issues), spec, lowering?.accelerators);
      const draining = drainFlags(counted, spec, stackOf(stack).drain, engineVersion);
      const ready = draining.length === 0 ? counted : { ...counted, args: mergeArgs(counted.args ?? [], draining) };
      const said = accelerators?.[path === "" ? "main" : "prefill"];
      const cores = coresOf(spec, ready, lowering?.accelerators, said);
      return withDevices(ready, { ranks: devices, cores }, at, provenance, issues);
    });
    return { ...spec, ...(containers && { containers }) };
  };
  return { ...(template && { template: pod(template, "template") }), ...(worker && { worker: pod(worker, "worker") }) };
}

/** The parallel sizes inside one engine. Without `worker` data-parallel copies are engines of their own, and know of no other. */
function parallelFlags(parallelism: ParallelismSpec, grouped: boolean): string[] {
  const { tensor, pipeline, data, dataLocal, dataRPCPort, expert } = parallelism;
  const flag = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`--${name}=${value}`];
  return [
    ...flag("tensor-parallel-size", tensor),
    ...flag("pipeline-parallel-size", pipeline),
    ...(grouped ? flag("data-parallel-size", data) : flag("data-parallel-size", dataLocal)),
    ...(grouped ? flag("data-parallel-size-local", data === undefined ? undefined : (dataLocal ?? 1)) : []),
    ...(grouped ? flag("data-parallel-rpc-port", dataRPCPort) : []),
    ...(expert === true ? ["--enable-expert-parallel"] : []),
  ];
}

function tlsFlags({ enableTLS }: Settings): string[] {
  if (!enableTLS) return [];
  return [
    `--ssl-certfile=${POD_PATH.certificates}/tls.crt`,
    `--ssl-keyfile=${POD_PATH.certificates}/tls.key`,
    "--enable-ssl-refresh",
  ];
}

/** tensor × pipeline × dataLocal; in a group the pipeline's stages are pods of their own. */
export function devicesPerPod(parallelism: ParallelismSpec, grouped: boolean): number {
  const { tensor = 1, pipeline = 1, dataLocal = 1 } = parallelism;
  return tensor * dataLocal * (grouped ? 1 : pipeline);
}

/** Sizes that only the engine's own flags say: they count devices as `parallelism` does. */
function sizesInArgs({ args = [] }: Container, grouped: boolean): ParallelismSpec {
  const size = (flag: string): number | undefined => {
    const value = Number(flagValue(args, flag));
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const local = size("data-parallel-size-local") ?? (grouped ? undefined : size("data-parallel-size"));
  const sizes = { tensor: size("tensor-parallel-size"), pipeline: size("pipeline-parallel-size"), dataLocal: local };
  return Object.fromEntries(Object.entries(sizes).filter(([, value]) => value !== undefined));
}

const ADDITIONAL = "VLLM_ADDITIONAL_ARGS";

/**
 * KServe's presets hand VLLM_ADDITIONAL_ARGS to the engine in a shell. Where vLLM is started without one, the variable would
 * have no effect: its flags are merged over the args, and it goes.
 */
function withAdditionalArgs(container: Container): Container {
  const { command = [], args = [], env = [] } = container;
  const value = env.find(({ name }) => name === ADDITIONAL)?.value;
  const text = command.join(" ");
  if (value === undefined || !/\bvllm serve\b/.test(text) || text.includes(ADDITIONAL)) return container;
  const rest = env.filter(({ name }) => name !== ADDITIONAL);
  return { ...container, args: mergeArgs(args, shellWords(value)), env: rest };
}

function withFlags(
  container: Container,
  flags: readonly string[],
  path: string,
  provenance: Provenance,
  issues: Issue[],
): Container {
  const args = container.args ?? [];
  const added = flags.filter((flag) => {
    const [name = "", wanted = "true"] = flag.split("=");
    const written = flagValue(args, name);
    if (written !== undefined && written !== wanted) issues.push(flagConflict(path, name, written, wanted, provenance));
    return written === undefined;
  });
  return added.length === 0 ? container : { ...container, args: mergeArgs(args, added) };
}

function flagConflict(path: string, name: string, written: string, wanted: string, provenance: Provenance): Issue {
  const { layer = "merged" } = entryOf(provenance, flagPath(`${path}.args`, flagName(name))) ?? {};
  const source = name.startsWith("--ssl") || name === "--enable-ssl-refresh" ? "the TLS setting" : sizesPath(path);
  return {
    code: "Conflict",
    severity: "error",
    path: `spec.${path}.args`,
    layer,
    message: `${name} is ${written} in args (${layer}), but ${source} sets it to ${wanted}`,
    fix: `remove the flag; ${source} sets it`,
  };
}

const LORA_LIMITS = {
  maxRank: "max-lora-rank",
  maxAdapters: "max-loras",
  maxCpuAdapters: "max-cpu-loras",
} as const;

/** Limits of LoRA adapters that `model.lora` and the engine's flags both say, and not alike. */
function judgeLimits({ model, template }: LLMInferenceServiceSpec, provenance: Provenance): Issue[] {
  const args = template?.containers?.find(({ name }) => name === MAIN)?.args ?? [];
  return (Object.keys(LORA_LIMITS) as (keyof typeof LORA_LIMITS)[]).flatMap((limit): Issue[] => {
    const flag = LORA_LIMITS[limit];
    const [wanted, written] = [model?.lora?.[limit], flagValue(args, flag)];
    if (wanted === undefined || written === undefined || written === String(wanted)) return [];
    const path = `template.containers[name=${MAIN}]`;
    const layer = entryOf(provenance, flagPath(`${path}.args`, flag))?.layer ?? "merged";
    const message = `${limit} is ${wanted}, but --${flag} is ${written} in args (${layer})`;
    const fix = `keep one of spec.model.lora.${limit} and the flag`;
    return [{ code: "Conflict", severity: "error", path: `spec.model.lora.${limit}`, layer: "merged", message, fix }];
  });
}

function sizesPath(path: string): string {
  return `spec.${path.startsWith("prefill.") ? "prefill." : ""}parallelism`;
}

/** A pod whose node selector names an accelerator asks for one, where it asks for none; devices by claim are asked for already. */
function withResource(container: Container, pod: PodSpec, own: LoweringContext["accelerators"]): Container {
  const limits = container.resources?.limits ?? {};
  if (Object.keys(limits).some((name) => DEVICES.test(name)) || (pod.resourceClaims?.length ?? 0) > 0) return container;
  const resource = recognise(pod, undefined, own)?.accelerator.resource;
  if (resource === undefined) return container;
  return { ...container, resources: { ...container.resources, limits: { ...limits, [resource]: "1" } } };
}

/** Ranks that one device of a pod serves: TPUs and Neuron chips have several cores. */
function coresOf(
  pod: PodSpec,
  { resources }: Container,
  own: LoweringContext["accelerators"],
  said: Recognised | undefined,
): number {
  const resource = Object.keys(resources?.limits ?? {}).find((name) => DEVICES.test(name));
  if (resource === undefined) return 1;
  const all = { ...own, ...(said && { [said.name]: said.accelerator }) };
  const found = recognise(pod, resource, all) ?? (said?.accelerator.resource === resource ? said : undefined);
  return found?.accelerator.coresPerDevice ?? 1;
}

function withDevices(
  container: Container,
  { ranks, cores }: { ranks: number; cores: number },
  path: string,
  provenance: Provenance,
  issues: Issue[],
): Container {
  const limits = container.resources?.limits ?? {};
  const resource = Object.keys(limits).find((name) => DEVICES.test(name));
  if (resource === undefined) return container;
  const written = Number(entryOf(limits, resource));
  const count = Math.ceil(ranks / cores);
  if (written === count) return container;
  const at = `${path}.resources.limits`;
  if (isUsers(provenance, `${at}.${resource}`) || isUsers(provenance, at)) {
    // How many cores are one rank is also a setting of the runtime: any number that can hold the ranks may be meant.
    if (cores > 1 && written <= ranks && written * cores * 2 >= ranks) return container;
    issues.push({
      code: "Conflict",
      severity: "error",
      path: `spec.${at}[${resource}]`,
      layer: entryOf(provenance, `${at}.${resource}`)?.layer ?? "merged",
      message: `the pod requests ${written} devices, but its parallelism (tensor × pipeline × dataLocal) needs ${count}`,
      fix: `set ${resource} to ${count}, or remove it: it follows from parallelism`,
    });
    return container;
  }
  const requests = container.resources?.requests;
  return {
    ...container,
    resources: {
      ...container.resources,
      limits: { ...limits, [resource]: String(count) },
      ...(entryOf(requests, resource) !== undefined && { requests: { ...requests, [resource]: String(count) } }),
    },
  };
}

/** Whether a person wrote it, rather than a preset or a convenience. */
function isUsers(provenance: Provenance, path: string): boolean {
  const layer = entryOf(provenance, path)?.layer;
  return layer !== undefined && !layer.startsWith("preset ") && layer !== CONVENIENCES;
}
