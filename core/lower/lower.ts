import type { Behaviour } from "../behaviour.ts";
import type { Issue } from "../errors.ts";
import { formatPath, isObject, type Json, type JsonObject } from "../json.ts";
import type { Layer } from "../merge/layers.ts";
import { mergeQuietly } from "../merge/merge.ts";
import { type AcceleratorClass, acceleratorClass } from "../spec/accelerator.ts";
import { nearest } from "../spec/nearest.ts";
import type { LLMInferenceServiceConfigSpec } from "../spec/service.ts";
import { type Tuning, tuning } from "../spec/tuning.ts";
import { ACCELERATORS, acceleratorNamed, NODE_LABELS, type NodeLabels } from "./accelerators.ts";
import { tuningFlags } from "./flags.ts";

/** Where accelerators and node labels are looked up. */
export interface LoweringContext {
  nodeLabels?: NodeLabels;
  /** Classes of the platform: they add to the catalogue, and win over it. */
  accelerators?: Readonly<Record<string, AcceleratorClass>>;
}

export interface Lowered {
  /** The document without the conveniences: KServe's own format. */
  document: unknown;
  /** What the conveniences mean, as a layer that lies right below the document's own spec. Undefined where there are none. */
  conveniences?: JsonObject;
  issues: Issue[];
}

/** How provenance calls what the service's accelerator and tuning say. */
export const CONVENIENCES = "accelerator and tuning";

const FIELDS = ["accelerator", "tuning"] as const;
const MAIN = "main";

/**
 * Takes `accelerator` and `tuning`, on the service and on `prefill`, out of a document and writes them as node selector,
 * tolerations, resources and flags. Only the document's own explicit fields win over them.
 */
export function lower(document: unknown, layer: string, context: LoweringContext = {}): Lowered {
  if (!isObject(document) || !isObject(document["spec"])) return { document, issues: [] };
  const spec = document["spec"];
  const prefill = isObject(spec["prefill"]) ? spec["prefill"] : undefined;
  if (!hasConveniences(spec) && (prefill === undefined || !hasConveniences(prefill))) return { document, issues: [] };
  const issues: Issue[] = [];
  const own = lowerWorkload(spec, ["spec"], layer, context, issues);
  const ofPrefill = prefill && lowerWorkload(prefill, ["spec", "prefill"], layer, context, issues);
  const stripped = { ...without(spec), ...(prefill && { prefill: without(prefill) }) };
  const conveniences = { ...own, ...(ofPrefill && Object.keys(ofPrefill).length > 0 && { prefill: ofPrefill }) };
  return { document: { ...document, spec: stripped }, conveniences, issues };
}

/** The service without its conveniences, where the behaviour knows any. */
export function lowerService(
  document: unknown,
  { lowering }: { lowering?: LoweringContext },
  { conveniences }: Pick<Behaviour, "conveniences">,
): Lowered {
  return conveniences ? lower(document, "service", lowering) : { document, issues: [] };
}

/** Configs with their conveniences merged into their own spec, right below it. */
export function lowerConfigs(
  { configs, lowering }: { configs: readonly unknown[]; lowering?: LoweringContext },
  behaviour: Behaviour,
): readonly unknown[] {
  if (!behaviour.conveniences) return configs;
  return configs.map((config) => {
    const { document, conveniences } = lower(config, "config", lowering);
    if (conveniences === undefined) return config;
    const spec = isObject(document) ? document["spec"] : {};
    const layers = [conveniences, spec].map((layer) => ({
      label: "config",
      spec: layer as LLMInferenceServiceConfigSpec,
    }));
    return { ...(document as JsonObject), spec: mergeQuietly(layers, behaviour).spec };
  });
}

/** The layers with the service's conveniences right below the service. */
export function withConveniences(layers: readonly Layer[], { conveniences }: Lowered): readonly Layer[] {
  if (conveniences === undefined) return layers;
  const layer = { label: CONVENIENCES, spec: conveniences as LLMInferenceServiceConfigSpec };
  return [...layers.slice(0, -1), layer, ...layers.slice(-1)];
}

function hasConveniences(workload: JsonObject): boolean {
  return FIELDS.some((field) => workload[field] !== undefined && workload[field] !== null);
}

function without(workload: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(workload).filter(([key]) => !FIELDS.some((field) => field === key)));
}

function lowerWorkload(
  workload: JsonObject,
  path: string[],
  layer: string,
  context: LoweringContext,
  issues: Issue[],
): JsonObject {
  const device = readAccelerator(workload["accelerator"], formatPath([...path, "accelerator"]), layer, context, issues);
  const flags = readTuning(workload["tuning"], [...path, "tuning"], layer, issues);
  const pod = podOf(device, flags);
  if (Object.keys(pod).length === 0) return {};
  return { template: pod, ...(isObject(workload["worker"]) && { worker: pod }) };
}

function podOf(device: AcceleratorClass | undefined, flags: string[]): JsonObject {
  const { resource, nodeSelector, tolerations } = device ?? {};
  const limits = resource === undefined || resource === "cpu" ? {} : { resources: { limits: { [resource]: "1" } } };
  const container = { name: MAIN, ...limits, ...(flags.length > 0 && { args: flags }) };
  return {
    ...(nodeSelector && Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(tolerations && { tolerations: tolerations as Json[] }),
    ...(Object.keys(container).length > 1 && { containers: [container as JsonObject] }),
  };
}

function readAccelerator(
  value: Json | undefined,
  path: string,
  layer: string,
  context: LoweringContext,
  issues: Issue[],
): AcceleratorClass | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") {
    const own = context.accelerators?.[value];
    const found = own ?? acceleratorNamed(value, context.nodeLabels);
    if (found === undefined) issues.push(unknownAccelerator(value, path, layer, context));
    else if (own === undefined && isUnlabelled(found)) issues.push(noLabel(value, path, layer, context));
    return found;
  }
  const parsed = acceleratorClass.safeParse(value);
  if (parsed.success) return parsed.data;
  issues.push(...zodIssues(parsed.error, path, layer));
  return undefined;
}

/** A pod without a node selector would land on any node that has the resource. */
function isUnlabelled({ resource, nodeSelector = {} }: AcceleratorClass): boolean {
  return resource !== "cpu" && Object.keys(nodeSelector).length === 0;
}

function noLabel(name: string, path: string, layer: string, { nodeLabels = "gpu-operator" }: LoweringContext): Issue {
  const others = NODE_LABELS.filter((who) => acceleratorNamed(name, who)?.nodeSelector !== undefined);
  const known = others.length > 0 ? `nodes are told apart with nodeLabels ${others.join(" or ")}; ` : "";
  return {
    code: "NoNodeLabel",
    severity: "error",
    path,
    layer,
    message: `no label tells nodes with ${name} where nodeLabels is ${nodeLabels}: the pods would land on any accelerator of its kind`,
    fix: `${known}or write the class out with the labels your nodes have: {resource, nodeSelector, memoryGiB}`,
  };
}

function unknownAccelerator(name: string, path: string, layer: string, context: LoweringContext): Issue {
  const whole = ACCELERATORS.filter((one) => !one.includes("-mig-"));
  const known = [...Object.keys(context.accelerators ?? {}), ...ACCELERATORS];
  const listed = [...Object.keys(context.accelerators ?? {}), ...whole].join(", ");
  const near = nearest(name, known) ?? known.find((one) => one.includes(name.toLowerCase().split(/[-_ ]/)[0] ?? name));
  const fix = near === undefined ? "" : `did you mean ${near}? `;
  return {
    code: "UnknownAccelerator",
    severity: "error",
    path,
    layer,
    message: `${JSON.stringify(name)} is not an accelerator of the catalogue`,
    fix: `${fix}Known: ${listed}; their parts as NAME-mig-PROFILE; or write the class out: {resource, nodeSelector, memoryGiB}`,
  };
}

function readTuning(value: Json | undefined, path: string[], layer: string, issues: Issue[]): string[] {
  if (value === undefined || value === null) return [];
  const parsed = tuning.safeParse(value);
  if (parsed.success) return tuningFlags(parsed.data as Tuning);
  issues.push(...zodIssues(parsed.error, formatPath(path), layer));
  return [];
}

interface ZodIssueLike {
  code: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
}

function zodIssues(error: { issues: readonly unknown[] }, path: string, layer: string): Issue[] {
  return (error.issues as ZodIssueLike[]).flatMap(({ code, path: inner, message, keys }): Issue[] => {
    const at = [path, formatPath(inner.map((step) => (typeof step === "number" ? step : String(step))))]
      .filter(Boolean)
      .join(".");
    const base = { severity: "error" as const, layer };
    if (code === "unrecognized_keys") {
      return (keys ?? []).map((key) => ({
        ...base,
        code: "UnknownField" as const,
        path: `${at}.${key}`,
        message: "there is no such field",
        fix: "see the field list of `tuning` and `accelerator`",
      }));
    }
    return [
      {
        ...base,
        code: code === "invalid_type" ? ("WrongType" as const) : ("InvalidValue" as const),
        path: at,
        message,
        fix: "write a value of the field's type and range",
      },
    ];
  });
}
