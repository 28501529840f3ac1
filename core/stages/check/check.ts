import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Operations } from "../../api/shorthands/operations.ts";
import type { GroupSizes } from "../../api/shorthands/parallelism.ts";
import type { Fix, Issue, IssueCode } from "../../contract/issues/issue.ts";
import type { Layer, Provenance } from "../../contract/layer.ts";
import type { LoweringContext, NamedAccelerators, WrittenSettings } from "../../contract/lowering.ts";
import type { StageOptions } from "../../contract/options/options.ts";
import type { Settings } from "../../contract/options/settings.ts";
import { inRole } from "../../contract/role.ts";
import { flagPath } from "../../knowledge/engine/flags/argfields.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { type Engine, enginesOf } from "./engine.ts";
import { flagFieldOf } from "./flagplace.ts";

/** What the checks read: a merged spec whose templates are expanded, the options of the plan, and what the stages before found. */
export interface CheckInput extends StageOptions {
  spec: LLMInferenceServiceSpec;
  settings: Settings;
  provenance: Provenance;
  /** How the service is run: some rollouts need no surge. */
  operations?: Operations;
  lowering?: LoweringContext;
  /** The accelerators that the layers name for the engines. */
  accelerators?: NamedAccelerators;
  /** Number of pods per group for each role. */
  groupSizes?: GroupSizes | undefined;
  /** The service as it is written, with its shorthands, and the merged layers, its own last. */
  service?: unknown;
  /** The configs, as they are written. */
  configs?: readonly unknown[];
  layers?: readonly Layer[];
  /** Where the layers write the settings of `tuning`. */
  written?: WrittenSettings;
}

export interface CheckSubject extends CheckInput {
  engines: readonly Engine[];
}

/** A finding of a check; the table gives the severity of its code. */
export interface CheckFinding extends Omit<Issue, "severity"> {
  /**
   * Set if the check is not certain (a warning) or knows nothing (a note), whatever the default severity of the code
   * is.
   */
  severity?: "warning" | "info";
}

/** One gate of the plan: what it checks, and the source of its formulas. */
export interface Check {
  name: string;
  source: string;
  /** Every code that it can report. */
  codes: readonly IssueCode[];
  judge(subject: CheckSubject): CheckFinding[];
}

export function subjectOf(input: CheckInput): CheckSubject {
  return { ...input, engines: enginesOf(input.spec, input.engineVersion, input) };
}

/** Fixes as a field of a finding; the field is absent if there are none. */
export function withFixes(fixes: readonly Fix[]): Pick<CheckFinding, "fixes"> {
  return fixes.length === 0 ? {} : { fixes };
}

/** The field of `parallelism` that a flag follows from. */
export const SIZE_FIELDS: Readonly<Record<string, string>> = {
  "tensor-parallel-size": "tensor",
  "pipeline-parallel-size": "pipeline",
  "enable-expert-parallel": "expert",
};

/**
 * The layer that set a flag of an engine, or the size that the flag follows from; otherwise the one that set the whole
 * command line; otherwise `merged`.
 */
export function layerOfFlag({ provenance }: Pick<CheckInput, "provenance">, engine: Engine, flag: string): string {
  const field = engine.derived.get(flag);
  if (field !== undefined) return provenance.get(field)?.layer ?? "merged";
  const tuned = engine.tuned.get(flag);
  if (tuned !== undefined) return tuned.layer;
  const words = `${engine.traced}.${flagFieldOf(engine, flag)}`;
  const isWhole = flag === "" || words.endsWith(".command");
  const origin = provenance.get(flagPath(words, flag)) ?? (isWhole ? provenance.get(words) : undefined);
  return (origin ?? provenance.get(sizePath(engine, flag)))?.layer ?? "merged";
}

function sizePath({ role }: Engine, flag: string): string {
  return inRole(role, `parallelism.${entryOf(SIZE_FIELDS, flag) ?? ""}`);
}
