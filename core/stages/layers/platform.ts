import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { FITTED, type Layer, type MergeRules } from "../../contract/layer.ts";
import type { LoweringContext, NamedAccelerators } from "../../contract/lowering.ts";
import { roleAt } from "../../contract/role.ts";
import { recognise } from "../../knowledge/accelerators/recognise.ts";
import { ENGINE_TITLE, type EngineKind, engineOf } from "../../knowledge/engine/engines.ts";
import { flagValue } from "../../knowledge/engine/flags/commandline.ts";
import { KV_TRANSFER } from "../../knowledge/presets/workloads.ts";
import { platformOf, WAYS } from "../../knowledge/stacks/platforms.ts";
import type { EngineImage, Platform, PlatformWays, Role, Stack } from "../../knowledge/stacks/stack.ts";
import { STACKS, stackOf } from "../../knowledge/stacks/stacks.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { containerNamed, MAIN } from "../../kubernetes/workloads/pods.ts";

interface PlatformRequest {
  /** Lowest precedence first, with the layers of shorthands. */
  layers: readonly Layer[];
  accelerators: NamedAccelerators;
  lowering?: Pick<LoweringContext, "accelerators">;
  /** Name of the release of the serving stack. */
  stack?: string;
  behaviour: MergeRules & Pick<Behaviour, "shorthands">;
  merge(layers: readonly Layer[], rules: MergeRules): { spec: LLMInferenceServiceConfigSpec };
}

/**
 * The layers with one more above the presets: if the preset's image for CUDA would run on devices of another vendor, it
 * sets the image, flags and variables of that platform. Every other layer still overrides it, and an image that another
 * layer set stays, with everything that belongs to it.
 */
export function withPlatform(request: PlatformRequest): { layers: readonly Layer[]; issues: Issue[] } {
  const { layers, behaviour, merge } = request;
  const above = layers.findLastIndex(({ label }) => label.startsWith(PRESET)) + 1;
  if (above === 0 || !behaviour.shorthands) return { layers, issues: [] };
  const issues: Issue[] = [];
  const merged = merge(layers, behaviour).spec;
  const shipped = merge(layers.slice(0, above), behaviour).spec;
  const own = fitted({ role: "main", engine: engineOf(merged), merged, shipped, issues }, request);
  const { prefill } = merged;
  const engine = engineOf(merged);
  const place = { role: "prefill" as const, engine, merged: prefill ?? {}, shipped: shipped.prefill ?? {}, issues };
  const other = prefill && fitted(place, request);
  if (own === undefined && other === undefined) return { layers, issues };
  const title = own?.title ?? other?.title ?? "";
  const spec = { ...own?.pods, ...(other && { prefill: other.pods }) } as LLMInferenceServiceConfigSpec;
  const layer: Layer = { label: `${FITTED}${title}`, spec };
  return { layers: [...layers.slice(0, above), layer, ...layers.slice(above)], issues };
}

/** The prefix of the labels of presets' layers. */
const PRESET = "preset ";

interface Place {
  role: "main" | "prefill";
  engine: EngineKind;
  /** The workload after all layers, and after the presets alone. */
  merged: WorkloadSpec;
  shipped: WorkloadSpec;
  issues: Issue[];
}

type Pods = Pick<WorkloadSpec, "template" | "worker">;

function fitted(place: Place, request: PlatformRequest): { title: string; pods: Pods } | undefined {
  const { role, merged, shipped, issues } = place;
  const stack = stackOf(request.stack);
  const engines = place.engine === "sglang" ? stack.sglang?.engines : stack.engines;
  const pods: Pods = {};
  let title: string | undefined;
  for (const name of ["template", "worker"] as const) {
    const main = merged[name] && containerNamed(merged[name], MAIN);
    const base = shipped[name] && containerNamed(shipped[name], MAIN);
    if (engines === undefined || main?.image !== engines.cuda.image || base === undefined) continue;
    const platform = platformOfPod(merged[name] ?? {}, main, role, request);
    if (platform === undefined || platform === "cuda") continue;
    const path = `${roleAt(role)}.${name}`;
    const engine = engines[platform];
    if (engine === undefined) issues.push(noImage(platform, path, place.engine, stack));
    else {
      title = WAYS[platform].title;
      const image = imageOf(engine, roleOf(role, request), acceleratorOf(merged[name] ?? {}, role, request));
      pods[name] = { containers: [containerFor(waysOf(platform, place.engine), base, image)] };
      issues.push(...noTransfer(platform, main, path));
    }
  }
  return title === undefined ? undefined : { title, pods };
}

/** The platform of the devices that a pod requests, that its node selector implies, or that the document names. */
function platformOfPod(
  pod: PodSpec,
  { resources }: Container,
  role: Place["role"],
  { accelerators, lowering }: PlatformRequest,
): Platform | undefined {
  const asked = Object.keys({ ...resources?.requests, ...resources?.limits }).filter((name) => name !== "cpu");
  const recognised = recognise(pod, undefined, lowering?.accelerators)?.accelerator.resource;
  const named = accelerators[role]?.accelerator.resource;
  const found = [...asked, recognised, named].map((name) => (name === undefined ? undefined : platformOf(name)));
  return found.find((platform) => platform !== undefined);
}

/** A service with prefill is the decode role. */
function roleOf(role: Place["role"], { layers }: PlatformRequest): Role {
  if (role === "prefill") return "prefill";
  return layers.some(({ spec }) => spec.prefill) ? "decode" : "general";
}

function imageOf({ image, roles, accelerators = [] }: EngineImage, role: Role, accelerator = ""): string {
  return accelerators.find(([name]) => name.test(accelerator))?.[1] ?? entryOf(roles, role) ?? image;
}

/** The name of the accelerator that a pod runs on, if it is known. */
function acceleratorOf(
  pod: PodSpec,
  role: Place["role"],
  { accelerators, lowering }: PlatformRequest,
): string | undefined {
  return recognise(pod, undefined, lowering?.accelerators)?.name ?? accelerators[role]?.name;
}

/** What a platform needs; its flags are vLLM's, which SGLang does not have. */
function waysOf(platform: Platform, engine: EngineKind): PlatformWays {
  return engine === "vllm" ? WAYS[platform] : { ...WAYS[platform], args: [], replaces: {} };
}

/** What changes in a preset's container: flags for CUDA, and what the platform adds where the presets set nothing. */
function containerFor(ways: PlatformWays, base: Container, image: string): Container {
  const { args = [], env = {}, replaces = {}, capabilities = [], runsAsRoot = false } = ways;
  const written = base.args ?? [];
  const replaced = written.flatMap((arg) => entryOf(replaces, arg) ?? []);
  const added = args.filter((arg) => flagValue(written, arg.split("=")[0] ?? "") === undefined);
  const variables = Object.entries(env).filter(([name]) => !base.env?.some((one) => one.name === name));
  const { securityContext } = base;
  const allowed = [...(securityContext?.capabilities?.add ?? []), ...capabilities];
  const security = {
    ...(runsAsRoot && securityContext?.runAsNonRoot === true && { runAsNonRoot: false }),
    ...(capabilities.length > 0 && { capabilities: { add: [...new Set(allowed)] } }),
  };
  return {
    name: MAIN,
    image,
    ...(replaced.length + added.length > 0 && { args: [...replaced, ...added] }),
    ...(variables.length > 0 && { env: variables.map(([name, value]) => ({ name, value })) }),
    ...(Object.keys(security).length > 0 && { securityContext: security }),
  };
}

function noImage(platform: Platform, path: string, engine: EngineKind, { name, engines, sglang }: Stack): Issue {
  const imagesOf = (stack: Stack) => (engine === "sglang" ? stack.sglang?.engines : stack.engines);
  const others = STACKS.filter((stack) => imagesOf(stack)?.[platform] !== undefined).map((stack) => stack.name);
  const cuda = engine === "sglang" ? sglang?.engines.cuda.image : engines.cuda.image;
  const of = engine === "sglang" ? `image of ${ENGINE_TITLE.sglang}` : "engine image";
  const move = others.length === 0 ? "" : `, or set stack to ${others.join(" or ")}`;
  return {
    code: "NoEngineImage",
    severity: "error",
    path,
    layer: "merged",
    message: `the stack ${name} has no ${of} for ${WAYS[platform].title}, and ${cuda} does not run on it`,
    fix: `set the image of the container ${MAIN}${move}`,
  };
}

/** The presets connect prefill and decode with NIXL; a connector that another layer set is left alone. */
function noTransfer(platform: Platform, { args = [] }: Container, path: string): Issue[] {
  const { noTransfer: reason, title } = WAYS[platform];
  if (reason === undefined || !args.includes(KV_TRANSFER)) return [];
  return [
    {
      code: "RolesDisagree",
      severity: "error",
      path: `${path}.containers`,
      layer: "merged",
      message: `the presets move KV blocks by NIXL, which engines on ${title} cannot: ${reason}`,
      fix: "set --kv-transfer-config in both roles, and the sidecar's --kv-connector; or remove prefill",
    },
  ];
}
