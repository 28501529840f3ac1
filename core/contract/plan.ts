import type { Operations } from "../api/operations.ts";
import type { LLMInferenceService, LLMInferenceServiceConfigSpec, LLMInferenceServiceSpec } from "../api/service.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import type { Behaviour, Compat } from "./behaviour.ts";
import type { Issue } from "./issue.ts";
import type { Patch, Provenance } from "./layer.ts";
import type { LoweredDocuments, LoweringContext, SaidAccelerators, WrittenSizes } from "./lowering.ts";
import type { ModelInfo } from "./modelinfo.ts";
import type { Settings } from "./settings.ts";

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

/**
 * What a plan keeps so that it can be explained: the spec as each stage left it. Only references, so a plan that nobody asks
 * costs nothing.
 */
export interface Trace {
  input: PlanInput;
  /** The documents of the input without their conveniences. */
  lowered: LoweredDocuments;
  behaviour: Behaviour;
  /** The accelerators that the layers say the engines run on. */
  accelerators: SaidAccelerators;
  written: WrittenSizes;
  /** After the merge, with the layers as they were merged, lowest precedence first. */
  merged: { spec: LLMInferenceServiceSpec; patches: readonly Patch[] };
  /** With what follows from parallelism and TLS. */
  derived: LLMInferenceServiceSpec;
  /** With the templates expanded. */
  expanded: LLMInferenceServiceSpec;
}

/** What a config was merged of before the plan saw it, lowest precedence first: a platform's defaults lie over our presets. */
export interface ConfigOrigin {
  /** `preset NAME`, `platform defaults.ROLE`. */
  label: string;
  spec: LLMInferenceServiceConfigSpec;
  /** Whether it is what the accelerator and tuning of the next one mean. */
  conveniences?: boolean;
}

/** By `namespace/name` of the config. */
export type ConfigOrigins = Readonly<Record<string, readonly ConfigOrigin[]>>;

/** What is taken over from another owner as it stands, for it cannot change without new pods, or is not to. */
export interface Adopt {
  /** By name of a Deployment, the labels that its live selector holds. A selector can never change. */
  selectors?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Objects, as `KIND/NAME` or `GROUP/KIND/NAME`, that stay as they are in the cluster: they are not registered. */
  leave?: readonly string[];
  /** The storage initializer that runs has no security context, as KServe makes it; one would give new pods. Default false. */
  plainInitializer?: boolean;
}

export type CheckSeverity = Issue["severity"] | "off";

/** How bad a code of the gates is in a stack; codes that are not named keep their default. */
export type CheckSettings = Readonly<Record<string, CheckSeverity>>;
