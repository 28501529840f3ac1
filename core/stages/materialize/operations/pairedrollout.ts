import { switchOf } from "../../../api/shorthands/operations.ts";
import type { WorkloadSpec } from "../../../api/workload.ts";
import { ANNOTATION, isScheduler, LABEL } from "../../../contract/names.ts";
import { SCHEDULER_SINCE } from "../../../knowledge/scheduler/features.ts";
import { isObject, type JsonObject, listOf } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { isSince, parseVersion } from "../../../kubernetes/version.ts";
import { ROLE_LABELS } from "../../../kubernetes/workloads/disaggregatedset.ts";
import { containerNamed, editPods, MAIN, withContainer } from "../../../kubernetes/workloads/pods.ts";
import { revisionOf } from "../../../kubernetes/workloads/revision.ts";
import { isDeployment, podSpecsOf, templatesOf, withTemplateLabels } from "../../../kubernetes/workloads/workloads.ts";
import type { OperatedContext } from "../context.ts";
import { refusal, unused, warning } from "../issues.ts";
import { editConfigs, readConfigs } from "../router/epp/eppconfig.ts";
import { servingSelector } from "../workload/role.ts";
import { editEngines, engineWorkloads, isDisaggregatedSetWanted } from "./workloads.ts";

const PATH = "spec.operations.pairedRollout";
/** The plugin that keeps each request within one revision of all roles. */
const SCREENER = "disaggregatedset-rollout-screener";
const ROLES = ["prefill", "decode"];
const LENGTH = 10;

/**
 * Rolls out prefill and decode together: the pods of both carry a common revision of their templates, so a change of
 * either replaces both; and the scheduler pairs pods of equal revisions, because blocks of another engine, format or
 * protocol cannot be read. The controller labels the pods of a DisaggregatedSet itself, with a revision that also
 * follows from both templates. Source: llm-d-router v0.10.0,
 * pkg/epp/framework/plugins/requestcontrol/screener/disaggregatedsetrollout.
 */
export function withPairedRollout(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  if (switchOf(context.operations.pairedRollout) === undefined) return objects;
  if (context.spec.prefill === undefined) {
    const message = "pairedRollout has no effect: the service does not have its own prefill pods";
    context.report(unused(PATH, message, "remove it, or set prefill"));
    return objects;
  }
  if (context.group !== undefined) {
    const message = "pairedRollout cannot pair prefill with replica groups: their templates change one by one";
    context.report(refusal("Conflict", PATH, message, "remove pairedRollout, or remove groups"));
    return objects;
  }
  warnOfRolesWithoutPods(context);
  return paired(isDisaggregatedSetWanted(context) ? objects : withRevision(objects, context), context);
}

function withRevision(objects: readonly KubernetesObject[], context: OperatedContext): readonly KubernetesObject[] {
  const workloads = engineWorkloads(objects, context);
  const templates = workloads.map(({ role, object }) => ({ role, pods: templatesOf(object) }));
  const revision = revisionOf(templates, LENGTH);
  return editEngines(objects, context, ({ object }) => withTemplateLabels(object, { [LABEL.revision]: revision }));
}

function paired(objects: readonly KubernetesObject[], context: OperatedContext): readonly KubernetesObject[] {
  const scheduler = objects.find((object) => isDeployment(object) && isScheduler(object));
  const obstacle = obstacleOf(scheduler, context);
  if (obstacle !== undefined || scheduler === undefined) {
    const [why, fix] = obstacle ?? NO_SCHEDULER;
    const message = `prefill and decode pods are replaced together, but during a rollout a request may get pods of different revisions: ${why}`;
    context.report(warning("Conflict", PATH, message, fix));
    return objects;
  }
  const screening = editPods(scheduler, (pod) =>
    withContainer(pod, MAIN, (main) => ({
      ...main,
      args: editConfigs(main.args ?? [], (config) => withScreener(config, context)),
    })),
  );
  return objects.map((object) => (object === scheduler ? screening : object));
}

const NO_SCHEDULER = ["the service does not have its own scheduler", "set router.scheduler"] as const;

/** What prevents the plan from configuring the scheduler, and the fix. */
function obstacleOf(
  scheduler: KubernetesObject | undefined,
  { spec }: OperatedContext,
): readonly [why: string, fix: string] | undefined {
  if (scheduler === undefined) return NO_SCHEDULER;
  const { pairsRevisions, unnamed } = SCHEDULER_SINCE;
  const version = parseVersion(spec.router?.scheduler?.annotations?.[ANNOTATION.version] ?? unnamed);
  if (version === undefined || !isSince(version, pairsRevisions)) {
    const fix = `use a scheduler of release ${pairsRevisions} or later, and set router.scheduler.annotations[${ANNOTATION.version}] to it`;
    return ["the release of the scheduler has no plugin that compares revisions", fix];
  }
  const [pod = {}] = podSpecsOf(scheduler);
  if (readConfigs(containerNamed(pod, MAIN)?.args ?? []).length > 0) return undefined;
  const fix = `declare the plugin ${SCREENER} in that configuration, or move it to router.scheduler.config.inline`;
  return ["the arguments of the scheduler do not contain its configuration", fix];
}

/** The configuration with the plugin that keeps to one revision; an existing declaration stays as it is. */
function withScreener(config: JsonObject, context: OperatedContext): JsonObject {
  const { service, operations } = context;
  const plugins = listOf(config["plugins"]);
  if (plugins.some((plugin) => isObject(plugin) && plugin["type"] === SCREENER)) return config;
  const selector = Object.entries(servingSelector(service.metadata.name)).map(([key, value]) => `${key}=${value}`);
  const screener: JsonObject = {
    type: SCREENER,
    parameters: {
      scope: { labelSelector: selector.join(",") },
      revisionGating: {
        mode: switchOf(operations.pairedRollout)?.mode ?? "max-role",
        revisionLabelKey: isDisaggregatedSetWanted(context) ? ROLE_LABELS.revision : LABEL.revision,
        roleLabelKey: LABEL.role,
        requireRoles: { values: [...ROLES] },
      },
    },
  };
  return { ...config, plugins: [...plugins, screener] };
}

/** The plugin refuses every request while a role has no ready pod. */
function warnOfRolesWithoutPods({ spec, operations, report }: OperatedContext): void {
  const roles: WorkloadSpec[] = [spec, ...(spec.prefill ? [spec.prefill] : [])];
  if (!roles.some(mayHaveNone) && switchOf(operations.scaleToZero) === undefined) return;
  const message =
    "requests are refused while prefill or decode has no ready pod, because no revision then has pods of both roles";
  report(warning("Conflict", PATH, message, "keep at least one replica of each role, or remove pairedRollout"));
}

function mayHaveNone({ replicas, scaling }: WorkloadSpec): boolean {
  const keda = scaling?.keda ?? scaling?.wva?.keda;
  return replicas === 0 || scaling?.minReplicas === 0 || keda?.idleReplicaCount === 0;
}
