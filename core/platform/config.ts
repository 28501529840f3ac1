import { API_VERSION, type LLMInferenceServiceConfig, type LLMInferenceServiceConfigSpec } from "../api/service.ts";
import type { Operations } from "../api/shorthands/operations.ts";
import { groupSizeOf } from "../api/shorthands/parallelism.ts";
import type { WrittenConfigSpec } from "../api/shorthands/shorthands.ts";
import type { WorkloadSpec } from "../api/workload.ts";
import { OWN } from "../contract/behaviour.ts";
import { layerOf } from "../contract/input/document.ts";
import { type Issue, isFine } from "../contract/issues/issue.ts";
import type { LoweringContext } from "../contract/lowering.ts";
import type { ConfigOrigin } from "../contract/plan.ts";
import { DEVICES } from "../knowledge/accelerators/recognise.ts";
import { isObject } from "../kubernetes/json.ts";
import type { PodSpec } from "../kubernetes/objects.ts";
import { entryOf } from "../kubernetes/table.ts";
import { containerNamed, MAIN, withContainer } from "../kubernetes/workloads/pods.ts";
import { devicesPerPod } from "../stages/derive/devices.ts";
import { forGroups, lower } from "../stages/lower/lower.ts";
import { mergeQuietly } from "../stages/merge/merge.ts";

/** A config as users write it, including shorthands. */
export interface WrittenConfig extends Omit<LLMInferenceServiceConfig, "spec"> {
  spec: WrittenConfigSpec;
}

/** A named config, as services accept it in `configs`. */
export function writtenConfig(metadata: LLMInferenceServiceConfig["metadata"], spec: WrittenConfigSpec): WrittenConfig {
  return { apiVersion: API_VERSION, kind: "LLMInferenceServiceConfig", metadata, spec };
}

/**
 * The layers of a config: the meaning of its shorthands is directly below its explicit fields. `below` is what it is
 * merged over.
 */
export function loweredLayers(
  document: Pick<WrittenConfig, "spec">,
  label: string,
  context: LoweringContext,
  below: readonly { spec: LLMInferenceServiceConfigSpec }[] = [],
): { layers: ConfigOrigin[]; operations?: Operations; issues: Issue[] } {
  const { document: stripped, shorthands, operations, issues } = lower(document, label, context);
  const own = (stripped as { spec: LLMInferenceServiceConfigSpec }).spec;
  const shorthandSpecs = shorthands && forGroups(shorthands, [...below, { spec: own }]);
  const layers = [
    ...(shorthandSpecs === undefined
      ? []
      : [{ label, spec: shorthandSpecs as LLMInferenceServiceConfigSpec, shorthands: true }]),
    { label, spec: own },
  ];
  return { layers, ...(operations && { operations }), issues };
}

/**
 * A config as its CRD holds it, for KServe: accelerator, tuning and other shorthands as the fields that they stand
 * for, with as many devices in a pod as the config's own parallelism has ranks. `operations` changes no spec and is
 * left out; fields that remove values of lower layers cannot be expressed for KServe, and are refused.
 */
export function storedConfig(
  config: WrittenConfig,
  context: LoweringContext,
): { object: LLMInferenceServiceConfig; issues: Issue[] } {
  const label = layerOf(config, "LLMInferenceServiceConfig");
  const { layers, issues } = loweredLayers(config, label, context);
  const refused = [...issues, ...removals(config.spec, "spec", label), ...removalsOfPrefill(config.spec, label)];
  const isPlain = layers.length === 1;
  if (isPlain || !isFine(refused)) return { object: { ...config, spec: layers.at(-1)?.spec ?? {} }, issues: refused };
  const merged = mergeQuietly(layers, OWN);
  const spec = withDevices(merged.spec, layers) as LLMInferenceServiceConfigSpec;
  return { object: { ...config, spec }, issues: [...refused, ...merged.issues] };
}

const REMOVALS = ["unset", "unsetArgs", "argsMerge"] as const;

function removals(workload: Partial<Record<(typeof REMOVALS)[number], unknown>>, path: string, layer: string): Issue[] {
  // Flag by flag is the default merge of args anyway.
  const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "flags";
  return REMOVALS.filter((field) => isSet(workload[field])).map((field) => ({
    code: "UnknownField",
    severity: "error",
    path: `${path}.${field}`,
    layer,
    message: `an LLMInferenceServiceConfig object cannot hold ${field}: the field removes what lower layers set, which KServe cannot do`,
    fix: "pass the config inline in `configs` of the services or in the platform's `defaults`, or set the field in the service instead",
  }));
}

function removalsOfPrefill({ prefill }: WrittenConfigSpec, layer: string): Issue[] {
  return isObject(prefill) ? removals(prefill, "spec.prefill", layer) : [];
}

/** An accelerator stands for one device; the config's own sizes give the number for a pod, if nothing else does. */
function withDevices(
  { prefill, ...spec }: LLMInferenceServiceConfigSpec,
  [shorthandSpecs, own]: readonly ConfigOrigin[],
): LLMInferenceServiceConfigSpec {
  const counted = countedIn(spec, shorthandSpecs?.spec, own?.spec);
  return {
    ...counted,
    ...(prefill && { prefill: countedIn(prefill, shorthandSpecs?.spec.prefill, own?.spec.prefill) }),
  };
}

function countedIn<Workload extends WorkloadSpec>(
  workload: Workload,
  shorthandSpecs: WorkloadSpec | undefined,
  own: WorkloadSpec | undefined,
): Workload {
  const { parallelism = {}, worker } = workload;
  // KServe, which reads the object, counts the pods of a group by parallelism alone.
  const pods = worker === undefined ? undefined : (groupSizeOf(parallelism) ?? 1);
  const count = String(devicesPerPod(parallelism, pods));
  const counted = (name: "template" | "worker"): Partial<WorkloadSpec> => {
    const pod = workload[name];
    const resource = Object.keys(limitsOf(shorthandSpecs?.[name])).find((one) => DEVICES.test(one));
    if (pod === undefined || resource === undefined || entryOf(limitsOf(own?.[name]), resource) !== undefined)
      return {};
    return { [name]: withLimit(pod, resource, count) };
  };
  return { ...workload, ...counted("template"), ...counted("worker") };
}

function limitsOf(pod: PodSpec = {}): Record<string, string> {
  return containerNamed(pod, MAIN)?.resources?.limits ?? {};
}

function withLimit(pod: PodSpec, resource: string, count: string): PodSpec {
  return withContainer(pod, MAIN, ({ resources, ...container }) => ({
    ...container,
    resources: { ...resources, limits: { ...resources?.limits, [resource]: count } },
  }));
}
