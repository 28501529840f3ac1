import type { WorkloadSpec } from "../../../api/workload.ts";
import { COMPONENT, type Component, LABEL, labelsOf, PART_OF, type WorkloadRole } from "../../../contract/names.ts";
import type { PodSpec } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { MaterializeContext } from "../context.ts";
import { unused } from "../issues.ts";
import { carriedLabels } from "../metadata.ts";

/** One workload of a service: the service's own, or its prefill. */
export interface RoleContext extends MaterializeContext {
  role: WorkloadRole;
  workload: WorkloadSpec;
  /** The workload's field: `spec` or `spec.prefill`. */
  path: string;
}

/** The kind of a workload's pod: alone, or the leader or another pod of a group. */
export type PodPlace = "single" | "leader" | "worker";

const COMPONENTS: Readonly<Record<PodPlace, Readonly<Record<WorkloadRole, Component>>>> = {
  single: { main: COMPONENT.workload, prefill: COMPONENT.workloadPrefill },
  leader: { main: COMPONENT.leader, prefill: COMPONENT.leaderPrefill },
  worker: { main: COMPONENT.worker, prefill: COMPONENT.workerPrefill },
};

/** The workloads of a service: its own, and prefill if it is disaggregated. */
export function rolesOf(context: MaterializeContext): RoleContext[] {
  const { spec } = context;
  const own: RoleContext = { ...context, role: "main", workload: spec, path: "spec" };
  if (spec.prefill === undefined) return [own];
  const { group: _ofDecode, ...shared } = context;
  return [own, { ...shared, role: "prefill", workload: spec.prefill, path: "spec.prefill" }];
}

/** The role by which the scheduler's filters select a pod. */
export function servingRole({ role, spec }: RoleContext): "both" | "decode" | "prefill" {
  if (role === "prefill") return "prefill";
  return spec.prefill === undefined ? "both" : "decode";
}

/** The labels that identify a pod and never change: a selector may contain them. */
export function identityLabels(context: RoleContext, place: PodPlace): Record<string, string> {
  return { ...labelsOf(context.service.metadata.name, COMPONENTS[place][context.role]), ...groupLabels(context) };
}

/** The label of every object that is made for one replica group, but not of shared objects. */
export function groupLabels({ group }: Pick<RoleContext, "group">): Record<string, string> {
  return group === undefined ? {} : { [LABEL.group]: group };
}

/** Groups differ in their accelerator: a label names it, if it has a name. */
export function acceleratorLabels({ group, accelerators, role }: RoleContext): Record<string, string> {
  const name = group === undefined ? undefined : accelerators?.[role];
  return name === undefined ? {} : { [LABEL.accelerator]: name };
}

/** The labels by which Service and InferencePool select a pod. */
function servingLabels(context: RoleContext, place: PodPlace): Record<string, string> {
  const { behaviour, workload, role } = context;
  if (place === "worker" && workload.template !== undefined) return {};
  const alone = place === "worker" && role === "main" && behaviour.undividedRole === "decode";
  return { [LABEL.kserveComponent]: "workload", [LABEL.role]: alone ? "decode" : servingRole(context) };
}

/** All labels of a pod: its identity, those copied from the service, and those that the workload sets. */
export function podLabels(context: RoleContext, place: PodPlace): Record<string, string> {
  const { behaviour, service, workload } = context;
  const fixed = { ...identityLabels(context, place), ...servingLabels(context, place) };
  const asked = { ...acceleratorLabels(context), ...carriedLabels(service), ...workload.labels };
  return behaviour.selector === "podLabels" ? { ...fixed, ...asked } : { ...asked, ...fixed };
}

/** What Service and InferencePool select: every pod of the service that serves requests. */
export function servingSelector(service: string): Record<string, string> {
  return { [LABEL.partOf]: PART_OF, [LABEL.name]: service, [LABEL.kserveComponent]: "workload" };
}

/**
 * Labels that would change the identity of a pod have no effect: under KServe's rule the Service would lose the pod.
 */
export function checkLabels(context: RoleContext): void {
  const { workload, path, behaviour, report } = context;
  const labels = Object.entries(workload.labels ?? {});
  if (behaviour.selector === "podLabels" || labels.length === 0) return;
  const places: PodPlace[] = workload.worker === undefined ? ["single"] : ["leader", "worker"];
  for (const place of places) {
    const fixed = { ...identityLabels(context, place), ...servingLabels(context, place) };
    for (const [key, value] of labels) {
      if (entryOf(fixed, key) === undefined || entryOf(fixed, key) === value) continue;
      const message = `the label ${key} must stay ${entryOf(fixed, key)}: Services, pools and selectors use it to find the pods`;
      report(unused(`${path}.labels[${key}]`, message, "choose another label, or remove it"));
    }
  }
}

/** The pods of a workload that have a template. */
export function podsOf({ template, worker }: WorkloadSpec): PodSpec[] {
  return [template, worker].filter((pod) => pod !== undefined);
}
