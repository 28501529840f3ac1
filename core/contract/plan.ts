import type { LLMInferenceService, LLMInferenceServiceConfigSpec, LLMInferenceServiceSpec } from "../api/service.ts";
import type { Operations } from "../api/shorthands/operations.ts";
import type { GroupSizes } from "../api/shorthands/parallelism.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import type { Behaviour } from "./behaviour.ts";
import type { Issue } from "./issues/issue.ts";
import type { Patch, Provenance } from "./layer.ts";
import type { LoweredDocuments, LoweringContext, NamedAccelerators, WrittenSettings } from "./lowering.ts";
import type { PlanOptions } from "./options/options.ts";
import type { Settings } from "./options/settings.ts";

export type { CheckSeverity } from "./options/checks.ts";
export type { Adopt, CheckSettings } from "./options/options.ts";

/**
 * All that a plan depends on. The same input gives the same plan, to the byte; inputs are never changed. Configs,
 * settings, known objects and accelerators are read and judged once per object: a caller that wants other values passes
 * new objects and does not change those that it passed before.
 */
export interface PlanInput extends PlanOptions {
  /** An LLMInferenceService as a user writes it (v1alpha1 or v1alpha2), parsed from YAML or JSON. */
  service: unknown;
  /** The same object as it is now, where the plan is for an update: some fields cannot change. */
  old?: unknown;
  /** The LLMInferenceServiceConfigs that exist: presets in the system namespace, others in their own. */
  configs: readonly unknown[];
  settings: Settings;
  /** The sources of configs that were merged before. Only explanations read it. */
  origins?: ConfigOrigins;
  /** What names of accelerators mean: the platform's own classes, and who labels the nodes. */
  lowering?: LoweringContext;
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
  /** The merged spec, templates expanded and references resolved. Undefined if an earlier stage refused. */
  spec?: LLMInferenceServiceSpec;
  /** How the service is run, from all layers; it adds to the objects and is not part of the spec. */
  operations?: Operations;
  /** Which layer set each leaf, and what it overrode. */
  provenance?: Provenance;
  /** The spec at each stage, from which `explain` derives where a leaf came from. */
  trace?: Trace;
  /** What will be created, in an order that respects references; empty when any issue is an error. */
  objects: KubernetesObject[];
  issues: Issue[];
  /**
   * The plan of each replica group, as if it were the whole service; undefined for a service without groups. With groups, `spec`,
   * `provenance` and `trace` are those of the first one, because what no group sets is the same in all of them.
   */
  groups?: readonly GroupPlan[];
}

/** The plan before any stage ran. */
export function emptyPlan(): Plan {
  return { appliedConfigs: [], objects: [], issues: [] };
}

/** `NAMESPACE/NAME` of the service of a plan; empty if its document cannot be read. */
export function serviceName({ service }: Pick<Plan, "service">): string {
  return service === undefined ? "" : `${service.metadata.namespace}/${service.metadata.name}`;
}

/** A service whose documents may be planned, and the issues that were found so far. */
export interface Admitted {
  input: PlanInput;
  behaviour: Behaviour;
  lowered: LoweredDocuments;
  admission: readonly Issue[];
}

/** The plan of a replica group. */
export interface GroupPlan {
  name: string;
  plan: Plan;
}

/**
 * What a plan keeps so that it can be explained: the spec as each stage left it. Only references are kept, so this
 * costs nothing if it is not read. Other plans share parts of it, so callers must not change it.
 */
export interface Trace {
  input: PlanInput;
  /** The documents of the input without their shorthands. */
  lowered: LoweredDocuments;
  behaviour: Behaviour;
  /** The accelerators that the layers name for the engines. */
  accelerators: NamedAccelerators;
  /**
   * Number of pods per group for each role, as it follows from parallelism and devices. Undefined if parallelism alone
   * decides it.
   */
  groupSizes?: GroupSizes | undefined;
  written: WrittenSettings;
  /** After the merge, with the layers as they were merged, lowest precedence first. */
  merged: { spec: LLMInferenceServiceSpec; patches: readonly Patch[] };
  /** With the values that follow from parallelism and TLS. */
  derived: LLMInferenceServiceSpec;
  /** With the templates expanded. */
  expanded: LLMInferenceServiceSpec;
}

/**
 * The sources of a config before the plan saw it, lowest precedence first: a platform's defaults override the presets.
 */
export interface ConfigOrigin {
  /** `preset NAME`, `platform defaults.ROLE`. */
  label: string;
  spec: LLMInferenceServiceConfigSpec;
  /** Whether it holds the values that the accelerator and tuning of the next one stand for. */
  shorthands?: boolean;
}

/** By `namespace/name` of the config. */
export type ConfigOrigins = Readonly<Record<string, readonly ConfigOrigin[]>>;
