import { type Operations, switchOf } from "../../../api/shorthands/operations.ts";
import { ANNOTATION, KUEUE_QUEUE, LABEL } from "../../../contract/names.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import { editPods } from "../../../kubernetes/workloads/pods.ts";
import type { OperatedContext } from "../context.ts";
import { refusal, unused } from "../issues.ts";
import { withMetadataEntry } from "./metadataentry.ts";

import { type EngineWorkload, editEngines } from "./workloads.ts";

type Gangs = Extract<Operations["gangScheduling"], object>;
type Volcano = Extract<Gangs["volcano"], object>;
type Kueue = NonNullable<Gangs["kueue"]>;
type Edit = (workload: EngineWorkload, context: OperatedContext) => KubernetesObject;

const PATH = "spec.operations.gangScheduling";
/** The name of Volcano's scheduler. */
const VOLCANO = "volcano";
/** Sources: volcano_provider.go, LeaderWorkerSet v0.9; constants.go of Kueue v0.19. */
const VOLCANO_QUEUE = "scheduling.volcano.sh/queue-name";

/**
 * Schedules the pods of a group all at once or not at all. A LeaderWorkerSet has no field for it: its controller makes
 * Volcano's PodGroups if it is configured to, and Kueue makes a Workload of each group; both read labels and
 * annotations of the set.
 */
export function withGangScheduling(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  const chosen = switchOf(context.operations.gangScheduling);
  if (chosen === undefined) return objects;
  const edit = editOf(chosen);
  if (edit === undefined) {
    const message = "gangScheduling requires a scheduler";
    context.report(refusal("MissingField", PATH, message, "set `volcano` or `kueue`, here or in a config"));
    return objects;
  }
  return editEngines(objects, context, (workload) => {
    if (workload.isGroups) return edit(workload, context);
    const message = `gangScheduling requires groups of pods, but each pod of ${workload.title} is a complete engine`;
    context.report(unused(PATH, message, "remove it, or set worker"));
    return workload.object;
  });
}

function editOf({ volcano, kueue }: Gangs): Edit | undefined {
  const ofVolcano = switchOf(volcano);
  if (ofVolcano !== undefined) return byVolcano(ofVolcano);
  return kueue && byKueue(kueue);
}

/** The controller makes a PodGroup of each group, in the set's queue; each pod names the scheduler that places it. */
function byVolcano({ queue }: Volcano): Edit {
  return (workload, context) => {
    checkExclusive(workload, context);
    const scheduled = editPods(workload.object, (pod) => placedByVolcano(pod, workload, context));
    if (queue === undefined) return scheduled;
    const entry = { key: VOLCANO_QUEUE, value: queue, path: `${PATH}.volcano.queue` };
    return withMetadataEntry(scheduled, "annotations", entry, context);
  };
}

function placedByVolcano(pod: PodSpec, { title }: EngineWorkload, { report }: OperatedContext): PodSpec {
  const { schedulerName } = pod;
  if (schedulerName !== undefined && schedulerName !== VOLCANO) {
    const message = `a template of ${title} sets schedulerName ${schedulerName}, which conflicts with gangScheduling`;
    report(
      refusal(
        "Conflict",
        `${PATH}.volcano`,
        message,
        "remove schedulerName from the template, or remove gangScheduling",
      ),
    );
  }
  return { ...pod, schedulerName: VOLCANO };
}

/**
 * In a group with exclusive topology, the controller makes the other pods once the leader has a node; Volcano assigns
 * no node before all pods of the PodGroup exist. Source: Reconcile in pod_controller.go and MinMember in
 * volcano_provider.go, LeaderWorkerSet v0.9.
 */
function checkExclusive({ object, size, title }: EngineWorkload, { report }: OperatedContext): void {
  if (size < 2 || object.metadata.annotations?.[ANNOTATION.exclusiveTopology] === undefined) return;
  const message = `the groups of ${title} would never start: exclusiveTopology schedules the leader first, but Volcano waits for all pods of a group`;
  report(refusal("Conflict", `${PATH}.volcano`, message, "keep one of exclusiveTopology and volcano"));
}

/** Kueue's webhook copies the labels to the pods. */
function byKueue({ queue, priorityClass }: Kueue): Edit {
  return ({ object }, context) => {
    if (queue === undefined) {
      const message = "the queue of the groups is not set";
      const fix = "set the name of a LocalQueue in the namespace of the service";
      context.report(refusal("MissingField", `${PATH}.kueue.queue`, message, fix));
      return object;
    }
    const queued = withMetadataEntry(
      object,
      "labels",
      { key: KUEUE_QUEUE, value: queue, path: `${PATH}.kueue.queue` },
      context,
    );
    if (priorityClass === undefined) return queued;
    const entry = { key: LABEL.kueuePriority, value: priorityClass, path: `${PATH}.kueue.priorityClass` };
    return withMetadataEntry(queued, "labels", entry, context);
  };
}
