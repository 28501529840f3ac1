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
 * Everything that materialization may read. `service` is the user's own object (its metadata, and its unmerged spec);
 * `spec` is the merged, expanded and completed one from which objects are made.
 */
export interface MaterializeContext {
  service: LLMInferenceService;
  spec: LLMInferenceServiceSpec;
  /** How the service is run: adds to the objects. */
  operations?: Operations;
  /** Size of the model's weights as they are stored, if it is known. */
  modelBytes?: number;
  /** Names of the accelerators that the engines run on, by role, if they are known. */
  accelerators?: Partial<Readonly<Record<WorkloadRole, string>>>;
  /** Number of pods per group for each role, if more than parallelism decides it. */
  groupSizes?: GroupSizes | undefined;
  /** Name of the replica group whose workload is the service's own here. */
  group?: string;
  settings: Settings;
  /** The release of the serving stack: images and methods that no layer sets. */
  stack: Stack;
  known: KnownObjects;
  behaviour: Behaviour;
  adopt?: Adopt;
  /** Errors and warnings that builders find; builders add to the list and never throw. */
  report(issue: Issue): void;
}

/** Everything that the passes and builders read: a context in which the service sets how it is run. */
export type OperatedContext = MaterializeContext & Required<Pick<MaterializeContext, "operations">>;
