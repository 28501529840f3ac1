import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";

/** The spec with `change` applied to every pod of its workloads, except those of the scheduler. */
export function mapWorkloadPods(
  spec: LLMInferenceServiceSpec,
  change: (pod: PodSpec) => PodSpec,
): LLMInferenceServiceSpec {
  const ofRole = <Role extends { template?: PodSpec; worker?: PodSpec }>(role: Role): Role => ({
    ...role,
    ...(role.template && { template: change(role.template) }),
    ...(role.worker && { worker: change(role.worker) }),
  });
  return { ...ofRole(spec), ...(spec.prefill && { prefill: ofRole(spec.prefill) }) };
}

/** The pods of the workloads, each with its path. */
export function workloadPods({ template, worker, prefill }: LLMInferenceServiceSpec): { path: string; pod: PodSpec }[] {
  const pods = [
    { path: "spec.template", pod: template },
    { path: "spec.worker", pod: worker },
    { path: "spec.prefill.template", pod: prefill?.template },
    { path: "spec.prefill.worker", pod: prefill?.worker },
  ];
  return pods.flatMap(({ path, pod }) => (pod === undefined ? [] : [{ path, pod }]));
}
