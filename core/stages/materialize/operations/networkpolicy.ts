import { type Operations, switchOf } from "../../../api/shorthands/operations.ts";
import { typeMeta } from "../../../contract/kinds.ts";
import { COMPONENT, type Component, LABEL, labelsOf, nameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { OperatedContext } from "../context.ts";
import { refusal, warning } from "../issues.ts";

type Peer = NonNullable<Extract<Operations["networkPolicy"], object>["from"]>[number];

const PATH = "spec.operations.networkPolicy";
/**
 * The selected pods exclude those of the scheduler, which gateways and Prometheus also call, those of its tokenizer,
 * and those that receive no calls.
 */
const OTHERS: readonly Component[] = [COMPONENT.router, COMPONENT.scheduler, COMPONENT.tokenizer, COMPONENT.modelCache];
const ENGINES = Object.values(COMPONENT).filter((one) => !OTHERS.includes(one));
/** The label that Kubernetes itself sets to the name of each namespace. */
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/**
 * Permits connections to the engines only from gateways, the service's own pods (its scheduler, and engines of one
 * group or of prefill and decode), and the peers that are listed. Only ingress is restricted: names, models and tokens
 * are fetched as before.
 */
export function buildNetworkPolicy(objects: readonly KubernetesObject[], context: OperatedContext): KubernetesObject[] {
  const chosen = switchOf(context.operations.networkPolicy);
  if (chosen === undefined) return [];
  const { name, namespace } = context.service.metadata;
  const { from = [] } = chosen;
  const gateways = gatewayNamespaces(objects, context);
  checkCallers(from, gateways, context);
  const own = labelsOf(name);
  return [
    {
      ...typeMeta("NetworkPolicy"),
      metadata: { name: nameOf(name, "networkPolicy"), namespace, labels: labelsOf(name, COMPONENT.workload) },
      spec: {
        podSelector: {
          matchLabels: own,
          matchExpressions: [{ key: LABEL.component, operator: "In", values: ENGINES }],
        },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: { matchLabels: own } }, ...gateways.map(namespacePeer), ...from] }],
      },
    },
  ];
}

function namespacePeer(namespace: string): Peer {
  return { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: namespace } } };
}

interface ParentRef {
  kind?: string;
  namespace?: string;
}

/**
 * The namespaces of the gateways to which the service's routes are attached; for routes that the service only refers
 * to, the namespaces that they name or the platform's.
 */
function gatewayNamespaces(
  objects: readonly KubernetesObject[],
  { service, spec: { router }, settings }: OperatedContext,
): string[] {
  const routes = objects.filter(({ kind }) => kind === "HTTPRoute");
  const parents = routes.flatMap((one) => (one["spec"] as { parentRefs?: ParentRef[] }).parentRefs ?? []);
  const named = [...parents.filter(({ kind = "Gateway" }) => kind === "Gateway"), ...(router?.gateway?.refs ?? [])];
  const isElsewhere = (router?.route?.http?.refs ?? []).length > 0 && named.length === 0;
  const all = named.map(({ namespace }) => namespace || service.metadata.namespace);
  return [...new Set(isElsewhere ? [settings.ingressGatewayNamespace] : all)].sort();
}

/** Reports a policy that excludes every client of the engines. */
function checkCallers(
  from: readonly Peer[],
  gateways: readonly string[],
  { operations, report }: OperatedContext,
): void {
  if (from.length > 0) return;
  if (gateways.length === 0) {
    const message =
      "the engines have no route, and networkPolicy allows no callers, so no client could reach the engines";
    report(refusal("Conflict", PATH, message, "set router.route, or list the callers in networkPolicy.from"));
  }
  const { podMonitor } = operations.monitoring ?? {};
  if (podMonitor === undefined || podMonitor === false) return;
  const message = "the NetworkPolicy blocks Prometheus from the engines that podMonitor selects";
  const fix =
    "add the namespace of Prometheus to networkPolicy.from, e.g. { namespaceSelector: { matchLabels: { … } } }";
  report(warning("Conflict", PATH, message, fix));
}
