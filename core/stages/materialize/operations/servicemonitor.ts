import { switchOf } from "../../../api/shorthands/operations.ts";
import { isA, typeMeta } from "../../../contract/kinds.ts";
import { isScheduler, nameOf, POD_PATH } from "../../../contract/names.ts";
import { objectsOf } from "../../../kubernetes/json.ts";
import { type KubernetesObject, specOf } from "../../../kubernetes/objects.ts";
import type { OperatedContext } from "../context.ts";
import { unused } from "../issues.ts";

const PATH = "spec.operations.monitoring.serviceMonitor";
/** Name of the picker's port for metrics. It serves them without TLS, whatever its other ports do. */
const PORT = "metrics";
/** The picker asks the API server whether its caller may read /metrics, so Prometheus sends a token. */
const TOKEN = `${POD_PATH.serviceAccount}/token`;

/** A ServiceMonitor for the scheduler, if the service has its own. */
export function buildServiceMonitor(
  objects: readonly KubernetesObject[],
  { service, operations, report }: OperatedContext,
): KubernetesObject[] {
  const chosen = switchOf(operations.monitoring?.serviceMonitor);
  if (chosen === undefined) return [];
  const scheduler = objects.find(isSchedulerService);
  if (scheduler === undefined) {
    const message = `serviceMonitor requires a scheduler in this service with a port named ${PORT}`;
    report(unused(PATH, message, "set router.scheduler, or remove serviceMonitor"));
    return [];
  }
  const { interval, labels } = chosen;
  const identity = scheduler.metadata.labels ?? {};
  return [
    {
      ...typeMeta("ServiceMonitor"),
      metadata: {
        name: nameOf(service.metadata.name, "schedulerMonitor"),
        namespace: service.metadata.namespace,
        labels: { ...labels, ...identity },
      },
      spec: {
        selector: { matchLabels: identity },
        endpoints: [
          {
            ...{ port: PORT, path: "/metrics", scheme: "http", bearerTokenFile: TOKEN },
            ...(interval !== undefined && { interval }),
          },
        ],
      },
    },
  ];
}

function isSchedulerService(object: KubernetesObject): boolean {
  if (!isA(object, "Service") || !isScheduler(object)) return false;
  return objectsOf(specOf(object)["ports"]).some(({ name }) => name === PORT);
}
