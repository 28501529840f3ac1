import { type Behaviour, behaviourOf, type Compat } from "./behaviour.ts";
import { asSet, type CheckSettings, rated, runChecks } from "./checks/checks.ts";
import { judgeRouting } from "./checks/routing.ts";
import { judgeSettings } from "./checks/settings.ts";
import { completeSpec } from "./complete/complete.ts";
import { type Issue, isFine, unlike } from "./errors.ts";
import type { ConfigOrigins, Trace } from "./explain/trace.ts";
import { storedBytes } from "./fit/parts.ts";
import { KnownObjects } from "./known.ts";
import { derive } from "./lower/derive.ts";
import {
  acceleratorsOf,
  type Lowered,
  type LoweringContext,
  lowerConfigs,
  lowerService,
  withConveniences,
} from "./lower/lower.ts";
import { operationsOf } from "./lower/operations.ts";
import { asWritten } from "./lower/written.ts";
import type { Adopt } from "./materialize/adopt.ts";
import { materialize } from "./materialize/materialize.ts";
import { chooseLayers, type Layer } from "./merge/layers.ts";
import { mergeLayers, type Provenance } from "./merge/merge.ts";
import type { ModelInfo } from "./models/config.ts";
import { servedModel } from "./models/served.ts";
import type { Settings } from "./settings.ts";
import type { KubernetesObject } from "./spec/kubernetes.ts";
import type { Operations } from "./spec/operations.ts";
import { readConfigs, readService } from "./spec/read.ts";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "./spec/service.ts";
import { expandTemplates } from "./template/expand.ts";
import { missingModel, validateConfigs, validateMerged, validateService } from "./validate/validate.ts";

/** All that a plan depends on. The same input gives the same plan, to the byte; inputs are never changed. */
export interface PlanInput {
  /** An LLMInferenceService as a user writes it (v1alpha1 or v1alpha2), parsed from YAML or JSON. */
  service: unknown;
  /** The same object as it is now, where the plan is for an update: some fields cannot change. */
  old?: unknown;
  /** The LLMInferenceServiceConfigs that exist: presets in the system namespace, others in their own. */
  configs: readonly unknown[];
  settings: Settings;
  /** Of configs that were merged before: of what. Only explanations read it. */
  origins?: ConfigOrigins;
  /** Objects of the cluster that the plan may look up. */
  known?: readonly KubernetesObject[];
  compat?: Compat;
  /** What is taken over from another owner as it stands. */
  adopt?: Adopt;
  /** What names of accelerators mean here: a platform's own classes, and who labels the nodes. */
  lowering?: LoweringContext;
  /** By code, how bad a gate's finding is in this stack; see docs/checks.md. */
  checks?: CheckSettings;
  /** The model's `config.json` and the size of its weights, for models that the catalogue does not have. */
  modelInfo?: ModelInfo;
  /** Release of vLLM in the images, where their tags do not tell it. */
  engineVersion?: string;
  /** How fast weights come from where they are stored, in bytes a second; the startup probes follow. Default: 250 MB/s. */
  loadBytesPerSecond?: number;
  /** By resource, how many accelerators of the cluster are free: a rollout is held against it. */
  freeDevices?: Readonly<Record<string, number>>;
}

/** One config that took part, lowest precedence first; KServe shows the same in `status.appliedConfigs`. */
export interface AppliedConfig {
  name: string;
  namespace: string;
  source: "Preset" | "UserRef";
}

export interface Plan {
  /** The input as the API server would have stored it: converted and defaulted. Undefined when it cannot be read. */
  service?: LLMInferenceService;
  appliedConfigs: AppliedConfig[];
  /** The merged spec, templates expanded and references resolved. Undefined when a stage before refused. */
  spec?: LLMInferenceServiceSpec;
  /** How the service is run, of all layers; it adds to the objects and is no part of the spec. */
  operations?: Operations;
  /** Which layer set each leaf, and what it overrode. */
  provenance?: Provenance;
  /** The spec at each stage, by which `explain` tells where a leaf came from. */
  trace?: Trace;
  /** What will be created, in an order that respects references; empty when any issue is an error. */
  objects: KubernetesObject[];
  issues: Issue[];
}

/** Plans a service: admission, then its spec, then the objects. A stage that refuses ends the plan with all that it found. */
export function plan(input: PlanInput): Plan {
  const behaviour = behaviourOf(input.compat);
  const lowered = lowerService(input.service, input, behaviour);
  const planned = planLowered(input, behaviour, lowered);
  const written = planned.trace?.written ?? new Map([["service", lowered.written ?? new Map()]]);
  return { ...planned, issues: asWritten(planned.issues, written, planned.provenance) };
}

function planLowered(input: PlanInput, behaviour: Behaviour, lowered: Lowered): Plan {
  const old = input.old === undefined ? undefined : lowerService(input.old, input, behaviour).document;
  const { errors, warnings } = validateService(lowered.document, behaviour, old);
  const admission = [...judgeSettings(input), ...lowered.issues, ...errors];
  if (!isFine(admission)) {
    const issues = [...admission, ...warnings, ...missingModel(lowered.document, input.configs)];
    return { appliedConfigs: [], objects: [], issues };
  }
  const planned = planSpec(input, behaviour, lowered);
  const { service, spec, operations } = planned;
  const issues = asSet(unlike([...planned.issues, ...warnings]), input.checks);
  if (!isFine(issues) || service === undefined || spec === undefined) return { ...planned, issues };
  const report = (issue: Issue): void => void issues.push(...asSet([issue], input.checks));
  const { settings, adopt, modelInfo } = input;
  const model = servedModel({ spec, modelInfo });
  const modelBytes = model && storedBytes(model);
  const context = { service, spec, operations, modelBytes, settings, known: new KnownObjects(input.known), adopt };
  const objects = materialize({ ...context, behaviour, report });
  if (behaviour.checks) issues.push(...rated(judgeRouting(objects), input.checks));
  return { ...planned, issues, objects: isFine(issues) ? objects : [] };
}

/** lower → read → layers → merge → derive → expand → complete → validate: all of the plan but the objects. */
export function planSpec(
  input: PlanInput,
  behaviour: Behaviour = behaviourOf(input.compat),
  lowered: Lowered = lowerService(input.service, input, behaviour),
): Plan {
  const { settings } = input;
  const result: Plan = { appliedConfigs: [], objects: [], issues: [] };
  const refused = (issues: readonly Issue[]): boolean => {
    result.issues.push(...issues);
    return !isFine(result.issues);
  };

  const { issues, ...chosen } = layersFor(input, behaviour, lowered);
  const { service, layers, operations, accelerators, written } = chosen;
  Object.assign(result, { service, operations, appliedConfigs: chosen.appliedConfigs });
  if (refused(issues) || service === undefined) return result;

  const merged = mergeLayers(layers, behaviour);
  result.provenance = merged.provenance;
  if (refused(merged.issues)) return result;

  const derived = derive({ ...input, ...merged, behaviour });
  const expanded = expandTemplates({ service, spec: derived.spec, settings, behaviour });
  result.trace = { input, behaviour, accelerators, written, merged, derived: derived.spec, expanded: expanded.spec };
  if (refused([...derived.issues, ...expanded.issues])) return result;

  const known = new KnownObjects(input.known);
  const completed = completeSpec({ service, spec: expanded.spec, settings, known, behaviour });
  const { spec } = completed;
  result.spec = spec;
  refused([...completed.issues, ...validateMerged({ service, spec, behaviour })]);
  const subject = { ...input, layers, operations, accelerators, spec, provenance: merged.provenance };
  if (behaviour.checks) refused(runChecks(subject, input.checks));
  return result;
}

/** What is merged, lowest precedence first, and what of it is no part of a spec. */
interface ChosenLayers extends Pick<Plan, "service" | "operations" | "appliedConfigs" | "issues"> {
  layers: readonly Layer[];
  accelerators: Trace["accelerators"];
  written: Trace["written"];
}

/** lower → read → layers. Without a service where one of them refuses. */
function layersFor(input: PlanInput, behaviour: Behaviour, lowered: Lowered): ChosenLayers {
  const read = readService(lowered.document, behaviour);
  const ofConfigs = lowerConfigs(input, behaviour);
  const { configs, issues: unreadable } = readConfigs(ofConfigs.configs, behaviour);
  const written = new Map([...ofConfigs.written, ["service", lowered.written ?? new Map()] as const]);
  const issues = [...lowered.issues, ...ofConfigs.issues, ...read.issues, ...unreadable];
  if (!isFine(issues) || read.service === undefined)
    return { issues, appliedConfigs: [], layers: [], accelerators: {}, written };
  const chosen = chooseLayers({ service: read.service, configs, settings: input.settings, behaviour });
  const { service, appliedConfigs } = chosen;
  issues.push(...chosen.issues, ...validateConfigs(ofConfigs.configs, appliedConfigs, behaviour));
  return {
    ...{ service, appliedConfigs, issues, written },
    layers: withConveniences(chosen.layers, lowered, ofConfigs.conveniences),
    operations: operationsOf(chosen.layers, lowered.operations, ofConfigs.operations),
    accelerators: acceleratorsOf(chosen.layers, lowered, ofConfigs.accelerators),
  };
}
