import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Operations } from "../../api/shorthands/operations.ts";
import type { GroupSizes } from "../../api/shorthands/parallelism.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { WorkloadRole } from "../../contract/names.ts";
import type { Settings } from "../../contract/options/settings.ts";
import type { Adopt } from "../../contract/plan.ts";
import type { Stack } from "../../knowledge/stacks/stack.ts";
import type { KnownObjects } from "../../kubernetes/known.ts";

/**
 * All that materialization may read. `service` is the user's own object (its metadata, and its unmerged spec);
 * `spec` is the merged, expanded and completed one that becomes objects.
 */
export interface MaterializeContext {
  service: LLMInferenceService;
  spec: LLMInferenceServiceSpec;
  /** How the service is run: adds to the objects. */
  operations?: Operations;
  /** Size of the model's weights as they are stored, where it is known. */
  modelBytes?: number;
  /** Names of the accelerators that the engines run on, by role, where something tells them. */
  accelerators?: Partial<Readonly<Record<WorkloadRole, string>>>;
  /** Pods of the groups of each role, where more than their parallelism says it. */
  groupSizes?: GroupSizes | undefined;
  /** Name of the replica group whose workload is the service's own here. */
  group?: string;
  settings: Settings;
  /** The release of the serving stack: images and ways that no layer names. */
  stack: Stack;
  known: KnownObjects;
  behaviour: Behaviour;
  adopt?: Adopt;
  /** Refusals and warnings found on the way: builders push, never throw. */
  report(issue: Issue): void;
}

/** All that the passes and builders read: a context in which the service says how it is run. */
export type OperatedContext = MaterializeContext & Required<Pick<MaterializeContext, "operations">>;
