import { behaviourOf, type Compat } from "./behaviour.ts";
import { completeSpec } from "./complete/complete.ts";
import { type Issue, isFine } from "./errors.ts";
import { KnownObjects } from "./known.ts";
import { materialize } from "./materialize/materialize.ts";
import { chooseLayers } from "./merge/layers.ts";
import { mergeLayers, type Provenance } from "./merge/merge.ts";
import type { Settings } from "./settings.ts";
import type { KubernetesObject } from "./spec/kubernetes.ts";
import { readConfigs, readService } from "./spec/read.ts";
import type { LLMInferenceService, LLMInferenceServiceSpec } from "./spec/service.ts";
import { expandTemplates } from "./template/expand.ts";
import { validateMerged } from "./validate/validate.ts";

/** All that a plan depends on. The same input gives the same plan, to the byte; inputs are never changed. */
export interface PlanInput {
  /** An LLMInferenceService as a user writes it (v1alpha1 or v1alpha2), parsed from YAML or JSON. */
  service: unknown;
  /** The LLMInferenceServiceConfigs that exist: presets in the system namespace, others in their own. */
  configs: readonly unknown[];
  settings: Settings;
  /** Objects of the cluster that the plan may look up. */
  known?: readonly KubernetesObject[];
  compat?: Compat;
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
  /** Which layer set each leaf, and what it overrode. */
  provenance?: Provenance;
  /** What will be created, in an order that respects references; empty when any issue is an error. */
  objects: KubernetesObject[];
  issues: Issue[];
}

/** spec → layers → merge → expand → complete → validate → materialize. A stage that refuses ends the plan with all it found. */
export function plan(input: PlanInput): Plan {
  const behaviour = behaviourOf(input.compat);
  const { settings } = input;
  const known = new KnownObjects(input.known);
  const result: Plan = { appliedConfigs: [], objects: [], issues: [] };
  const fine = (issues: readonly Issue[]): boolean => {
    result.issues.push(...issues);
    return isFine(result.issues);
  };

  const read = readService(input.service, behaviour);
  const configs = readConfigs(input.configs, behaviour);
  result.service = read.service;
  if (!fine([...read.issues, ...configs.issues]) || read.service === undefined) return result;

  const chosen = chooseLayers({ service: read.service, configs: configs.configs, settings, behaviour });
  result.appliedConfigs = chosen.appliedConfigs;
  if (!fine(chosen.issues)) return result;
  const { service } = chosen;

  const merged = mergeLayers(chosen.layers, behaviour);
  result.provenance = merged.provenance;
  if (!fine(merged.issues)) return result;

  const expanded = expandTemplates({ service, spec: merged.spec, settings, behaviour });
  if (!fine(expanded.issues)) return result;

  const completed = completeSpec({ service, spec: expanded.spec, settings, known, behaviour });
  result.spec = completed.spec;
  if (!fine([...completed.issues, ...validateMerged({ service, spec: completed.spec, behaviour })])) return result;

  const issues: Issue[] = [];
  const report = (issue: Issue): void => void issues.push(issue);
  const objects = materialize({ service, spec: completed.spec, settings, known, behaviour, report });
  if (fine(issues)) result.objects = objects;
  return result;
}
