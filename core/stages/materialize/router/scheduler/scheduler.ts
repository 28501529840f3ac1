import { COMPONENT, eppAuthBindingName, labelsOf, nameOf } from "../../../../contract/names.ts";
import { copied, isObject } from "../../../../kubernetes/json.ts";
import type { KubernetesObject, PodSpec } from "../../../../kubernetes/objects.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import type { MaterializeContext } from "../../context.ts";
import { unused } from "../../issues.ts";
import { buildDeployment } from "../../kinds/deployment.ts";
import { buildClusterRoleBinding, buildRole, buildRoleBinding, type PolicyRule } from "../../kinds/rbac.ts";
import { buildService, type ServicePort } from "../../kinds/service.ts";
import { buildInferencePools } from "../pool.ts";
import { POOL_ALPHA, POOL_V1 } from "../route/backends.ts";
import { buildSchedulerAccount } from "./account.ts";
import { schedulerPod } from "./schedulerpod.ts";

/**
 * The endpoint picker with everything that it needs; nothing if the service has none, or refers to a pool with a
 * separate picker. Source: reconcileScheduler in scheduler.go, KServe v0.20.0.
 */
export function buildScheduler(context: MaterializeContext): KubernetesObject[] {
  const scheduler = context.spec.router?.scheduler;
  if (!scheduler?.template || scheduler.pool?.ref?.name) return [];
  const account = buildSchedulerAccount(context);
  return [
    ...(account.isOurs ? [account.object] : []),
    ...buildAccess(account.object.metadata.name, context),
    buildSchedulerDeployment(account.object, scheduler.template, context),
    buildPickerService(scheduler.template, context),
    ...buildInferencePools(context),
  ];
}

/** The ports on which gateway, kubelet, Prometheus and engines connect to the picker. */
const PORTS = ["grpc", "grpc-health", "metrics", "zmq"];

function buildPickerService(pod: PodSpec, { service, spec }: MaterializeContext): KubernetesObject {
  const { name, namespace } = service.metadata;
  const picker = spec.router?.scheduler?.pool?.spec?.["endpointPickerRef"];
  const named = isObject(picker) ? picker["name"] : undefined;
  const labels = labelsOf(name, COMPONENT.scheduler);
  return buildService({
    name: typeof named === "string" && named !== "" ? named : nameOf(name, "eppService"),
    namespace,
    labels,
    selector: labels,
    ports: portsOf(pod),
  });
}

/** If two containers use one name for a port, the later one counts. */
function portsOf(pod: PodSpec): ServicePort[] {
  const ports = (pod.containers ?? []).flatMap((container) => container.ports ?? []);
  return PORTS.flatMap((name) => {
    const port = ports.findLast((one) => one.name === name);
    if (port === undefined) return [];
    return [{ name, port: port.containerPort, targetPort: name, ...(port.protocol && { protocol: port.protocol }) }];
  });
}

/**
 * Only one picker is active at a time, because what it knows about caches is local to it; so the old one stops before
 * the new one starts, and further replicas stand by.
 */
function buildSchedulerDeployment(
  account: KubernetesObject,
  template: PodSpec,
  context: MaterializeContext,
): KubernetesObject {
  const { service, spec, behaviour, report } = context;
  const { name, namespace } = service.metadata;
  const { labels: added = {}, annotations, replicas } = spec.router?.scheduler ?? {};
  const identity = labelsOf(name, COMPONENT.scheduler);
  const isFixed = behaviour.selector === "identity";
  if (isFixed) reportOverridden(added, identity, report);
  const podLabels = isFixed ? { ...added, ...identity } : { ...identity, ...added };
  return buildDeployment({
    name: nameOf(name, "scheduler"),
    namespace,
    labels: isFixed ? identity : podLabels,
    selector: isFixed ? identity : podLabels,
    podLabels,
    strategy: { type: "Recreate" },
    ...(replicas !== undefined && { replicas }),
    ...(annotations && { podAnnotations: annotations }),
    podSpec: schedulerPod(template, account, context),
  });
}

/** The user cannot change labels by which Service and Deployment select the pods. */
function reportOverridden(
  added: Readonly<Record<string, string>>,
  identity: Readonly<Record<string, string>>,
  report: MaterializeContext["report"],
): void {
  for (const key of Object.keys(added).filter(
    (label) => Object.hasOwn(identity, label) && entryOf(added, label) !== entryOf(identity, label),
  )) {
    const message = `the label ${key} identifies the service of the scheduler: its value stays "${entryOf(identity, key)}"`;
    report(unused(`spec.router.scheduler.labels[${key}]`, message, "use another label"));
  }
}

const READ = ["get", "list", "watch"];

/** The objects that the picker watches, and the lease by which replicas elect the active one. */
const RULES: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: READ },
  {
    apiGroups: [POOL_V1, POOL_ALPHA],
    resources: ["inferencepools", "inferenceobjectives", "inferencemodels"],
    verbs: READ,
  },
  { apiGroups: [POOL_ALPHA], resources: ["inferencemodelrewrites", "inferencepoolimports"], verbs: READ },
  { apiGroups: ["llm-d.ai"], resources: ["inferenceobjectives", "inferencemodelrewrites"], verbs: READ },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: [...READ, "create", "update", "patch", "delete"],
  },
];

/**
 * In addition to its own Role the picker may check the identity of its callers, because only permitted callers may read
 * its metrics.
 */
function buildAccess(serviceAccount: string, { service }: MaterializeContext): KubernetesObject[] {
  const { name, namespace } = service.metadata;
  const labels = labelsOf(name, COMPONENT.scheduler);
  const role = nameOf(name, "eppRole");
  return [
    buildClusterRoleBinding({
      name: eppAuthBindingName(namespace, name),
      labels,
      clusterRole: "system:auth-delegator",
      serviceAccount: { name: serviceAccount, namespace },
    }),
    buildRole({ name: role, namespace, labels, rules: copied([...RULES]) }),
    buildRoleBinding({ name: nameOf(name, "eppRoleBinding"), namespace, labels, role, serviceAccount }),
  ];
}
