import { podsOfGroup } from "../../../api/shorthands/parallelism.ts";
import { workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import { buildLeaderWorkerSet, type PodTemplate } from "../kinds/leaderworkerset.ts";
import { carriedAnnotations, podAnnotationsOf, unlessEmpty } from "../metadata.ts";
import { type Account, accountOf, buildAccount, buildSidecarAccess } from "./accounts.ts";
import { enginePod } from "./engine.ts";
import { groupsOf } from "./replicas.ts";
import { podLabels, podsOf, type RoleContext } from "./role.ts";
import { groupRollout } from "./rollout.ts";
import { hasSidecar } from "./sidecar.ts";

/**
 * Groups of pods that form one engine: a LeaderWorkerSet. Only the leader serves, if there is a template for it.
 * Source: workload_multi_node.go, KServe v0.20.0.
 */
export function buildGroups(context: RoleContext): KubernetesObject[] {
  const { workload, role } = context;
  const account = accountOf(context, "leaderWorkerSet");
  const proxied = role === "main" && podsOf(workload).some(hasSidecar);
  return [
    ...buildAccount(account),
    ...(proxied ? buildSidecarAccess(context, account, "leaderWorkerSet") : []),
    leaderWorkerSet(context, account),
  ];
}

function leaderWorkerSet(context: RoleContext, account: Account): KubernetesObject {
  const { service, workload, role, behaviour } = context;
  const { template, worker = {}, parallelism } = workload;
  const { name, namespace } = service.metadata;
  const size = podsOfGroup(role, workload, context.groupSizes);
  const isDataParallel = Boolean(parallelism?.data || parallelism?.dataLocal);
  return buildLeaderWorkerSet({
    name: workloadNameOf(name, "leaderWorkerSet", context),
    namespace,
    labels: podLabels(context, "worker"),
    annotations: unlessEmpty(carriedAnnotations(service, true)),
    replicas: groupsOf(context),
    size,
    subGroupSize: behaviour.leftovers && role === "prefill" && isDataParallel ? size : undefined,
    leader: template && podTemplate(template, "leader", account, context),
    worker: podTemplate(worker, "worker", account, context),
    rollout: groupRollout(workload),
  });
}

function podTemplate(
  pod: PodSpec,
  place: "leader" | "worker",
  { name, account }: Account,
  context: RoleContext,
): PodTemplate {
  const { service, workload, path } = context;
  const field = place === "leader" ? "template" : "worker";
  return {
    labels: podLabels(context, place),
    annotations: unlessEmpty({ ...carriedAnnotations(service, true), ...podAnnotationsOf(workload) }),
    spec: enginePod(pod, { serviceAccountName: name, account, path: `${path}.${field}` }, context),
  };
}
