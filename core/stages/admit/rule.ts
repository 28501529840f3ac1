import type { DocumentVersion } from "../../api/schemas.ts";
import type { LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Finding } from "../../contract/issues/issue.ts";
import type { ObjectMeta } from "../../kubernetes/objects.ts";

/** The input of the rules: a service whose types are right, or a config. */
export interface Subject {
  metadata: ObjectMeta;
  spec: LLMInferenceServiceConfigSpec;
  /** The spec as it is now, where an update is judged. */
  old?: LLMInferenceServiceConfigSpec;
  /** The version the document was written in. */
  version: DocumentVersion;
  behaviour: Behaviour;
  /** Whether other layers may still add to the spec; then nothing counts as missing yet. */
  partial: boolean;
}

export interface Judgement {
  errors?: Finding[];
  warnings?: Finding[];
}

/** One rule of the table: its statement, its source, and its function. */
export interface Rule {
  /** Stable name; a test requires a failing and a passing case for every rule. */
  name: string;
  /** The upstream function, or why this package adds the rule. */
  source: string;
  judge(subject: Subject): Judgement | Finding[];
}

/** A rule of one workload: it judges the service itself and `prefill`. */
export interface WorkloadSubject {
  workload: WorkloadSpec;
  old?: WorkloadSpec;
  /** `spec`, or `spec.prefill`. */
  path: string;
  behaviour: Behaviour;
  partial: boolean;
}

/** Makes a rule of one workload a rule of the service. */
export function workloadRule(name: string, source: string, judge: (subject: WorkloadSubject) => Finding[]): Rule {
  return {
    name,
    source,
    judge: ({ spec, old, behaviour, partial }) => [
      ...judge({ workload: spec, ...(old && { old }), path: "spec", behaviour, partial }),
      ...(spec.prefill === undefined
        ? []
        : judge({
            workload: spec.prefill,
            ...(old?.prefill && { old: old.prefill }),
            path: "spec.prefill",
            partial,
            behaviour,
          })),
    ],
  };
}
