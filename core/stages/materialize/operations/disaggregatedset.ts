import { typeMeta } from "../../../contract/kinds.ts";
import { COMPONENT, labelsOf, nameOf } from "../../../contract/names.ts";
import { field, type JsonObject, objectOf } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { ROLE_LABELS, ROLE_SCALER, roleObjectName } from "../../../kubernetes/workloads/disaggregatedset.ts";
import {
  rollingUpdateOf,
  SET_NAME_LABEL,
  scalerOf,
  type WorkloadObject,
} from "../../../kubernetes/workloads/workloads.ts";
import type { OperatedContext } from "../context.ts";
import { refusal, warning } from "../issues.ts";
import { type EngineWorkload, engineWorkloads, isDisaggregatedSetWanted, setRoleOf } from "./workloads.ts";

const PATH = "spec.operations.pairedRollout.disaggregatedSet";

/** A workload that became a role, and what scales it, if anything does. */
interface Role {
  name: string;
  workload: EngineWorkload;
  scaler?: KubernetesObject;
}

/**
 * The workloads of prefill and decode as the roles of one DisaggregatedSet, whose controller rolls them as one and
 * keeps their ratio. Objects that named one of the workloads then name its role. This runs after everything that edits
 * or looks for workloads. Source: disaggregatedset.x-k8s.io/v1, LeaderWorkerSet v0.9 and v0.10; its webhook and
 * planner.
 */
export function withDisaggregatedSet(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  if (!isDisaggregatedSetWanted(context)) return objects;
  const roles = engineWorkloads(objects, context).map((workload): Role => {
    const scaler = scalerOf(workload.object, objects);
    return { name: setRoleOf(workload.role), workload, ...(scaler && { scaler }) };
  });
  const [first] = roles;
  if (first === undefined || roles.length < 2) return objects;
  judge(roles, context);
  const set = buildDisaggregatedSet(roles, context);
  const members = roles.map(({ workload }): KubernetesObject => workload.object);
  return objects.flatMap((object) => {
    if (object === first.workload.object) return [set];
    return members.includes(object) ? [] : [ofRole(object, roles, set.metadata.name)];
  });
}

function buildDisaggregatedSet(roles: readonly Role[], { service }: OperatedContext): KubernetesObject {
  const { name, namespace } = service.metadata;
  return {
    ...typeMeta("DisaggregatedSet"),
    metadata: { name: nameOf(name, "disaggregatedSet"), namespace, labels: labelsOf(name, COMPONENT.workload) },
    spec: { roles: roles.map(roleSpec) },
  };
}

/**
 * The role of an autoscaler has no fixed number. Both settings of the rollout are written, because the two kinds have
 * different defaults.
 */
function roleSpec({ name, workload: { object }, scaler }: Role): JsonObject {
  const { labels, annotations } = object.metadata;
  const { replicas, ...spec } = groupsSpec(object);
  return {
    name,
    ...(scaler && { scaling: { mode: "External" } }),
    metadata: { ...(labels && { labels }), ...(annotations && { annotations }) },
    spec: {
      ...(scaler === undefined && replicas !== undefined && { replicas }),
      ...spec,
      rolloutStrategy: { type: "RollingUpdate", rollingUpdateConfiguration: { ...rollingUpdateOf(object) } },
    },
  };
}

/** Pods of a Deployment become groups of one, whose containers restart in place, as in a Deployment. */
function groupsSpec(object: WorkloadObject): JsonObject {
  const spec = objectOf(object.spec);
  if (object.kind === "LeaderWorkerSet") return spec;
  const replicas = entryOf(spec, "replicas");
  const workerTemplate = entryOf(spec, "template") ?? {};
  return {
    ...(replicas !== undefined && { replicas }),
    leaderWorkerTemplate: { workerTemplate, size: 1, restartPolicy: "None" },
    startupPolicy: "LeaderCreated",
  };
}

/** An autoscaler of a workload scales the role's scaler; a budget of a LeaderWorkerSet covers the pods of the role. */
function ofRole(object: KubernetesObject, roles: readonly Role[], set: string): KubernetesObject {
  const scaled = roles.find(({ scaler }) => scaler === object) ?? roles.find((role) => isTarget(role, object));
  const spec = objectOf(object.spec);
  if (scaled !== undefined) {
    const { apiVersion } = typeMeta("DisaggregatedSet");
    const scaleTargetRef = { apiVersion, kind: ROLE_SCALER, name: roleObjectName(set, scaled.name) };
    return { ...object, spec: { ...spec, scaleTargetRef } };
  }
  const named = field(field(spec["selector"], "matchLabels"), SET_NAME_LABEL);
  const budgeted = roles.find(({ workload }) => workload.object.metadata.name === named);
  if (budgeted === undefined) return object;
  const matchLabels = { [ROLE_LABELS.set]: set, [ROLE_LABELS.role]: budgeted.name };
  return { ...object, spec: { ...spec, selector: { ...objectOf(spec["selector"]), matchLabels } } };
}

/** Objects that name the workload, besides the one that scales it. */
function isTarget({ workload: { object } }: Role, { spec }: KubernetesObject): boolean {
  const target = field(spec, "scaleTargetRef");
  return field(target, "name") === object.metadata.name && field(target, "kind") === object.kind;
}

/** What the API refuses of the roles, and roles that are not known to be scaled. */
function judge(roles: readonly Role[], { spec, report }: OperatedContext): void {
  const fixed = roles.filter(({ scaler }) => scaler === undefined);
  const stopped = fixed.filter(({ workload }) => workload.engines === 0);
  const [first] = stopped;
  if (first !== undefined && stopped.length < fixed.length) {
    const message = `both roles of a DisaggregatedSet must have replicas, or neither: ${first.name} has 0, but the other role has some`;
    report(refusal("InvalidValue", `${first.workload.path}.replicas`, message, "set at least 1, or 0 for both"));
  }
  if (spec.scaling?.wva === undefined && spec.prefill?.scaling?.wva === undefined) return;
  const message =
    "the variant autoscaler may not be able to scale a role of a DisaggregatedSet: it reads Deployments and LeaderWorkerSets";
  report(
    warning("Conflict", PATH, message, "set `scaling.keda` in place of `scaling.wva`, or remove disaggregatedSet"),
  );
}
