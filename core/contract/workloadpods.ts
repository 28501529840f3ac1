import type { LLMInferenceServiceSpec } from "../api/service.ts";
import type { PodSpec } from "../kubernetes/objects.ts";

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

/** A pod of a spec, and its path inside of the spec. */
interface PodAt {
  path: string;
  pod: PodSpec;
}

/** The pods of the workloads. */
export function workloadPods({ template, worker, prefill }: LLMInferenceServiceSpec): PodAt[] {
  return [
    ...present("template", template),
    ...present("worker", worker),
    ...present("prefill.template", prefill?.template),
    ...present("prefill.worker", prefill?.worker),
  ];
}

/** The pods of the workloads and of the scheduler. */
export function allPods(spec: LLMInferenceServiceSpec): PodAt[] {
  return [...workloadPods(spec), ...present("router.scheduler.template", spec.router?.scheduler?.template)];
}

function present(path: string, pod: PodSpec | undefined): PodAt[] {
  return pod === undefined ? NONE : [{ path, pod }];
}
const NONE: PodAt[] = [];
