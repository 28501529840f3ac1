import { type Operations, switchOf } from "../../../api/shorthands/operations.ts";
import { typeMeta } from "../../../contract/kinds.ts";
import { CERTIFICATE_KEY, nameOf, workloadNameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { containerNamed, MAIN } from "../../../kubernetes/workloads/pods.ts";
import type { OperatedContext } from "../context.ts";
import { unused } from "../issues.ts";
import { certificateNames } from "../workload/certificate.ts";

import { type EngineWorkload, engineWorkloads } from "./workloads.ts";

type Monitor = Extract<NonNullable<Operations["monitoring"]>["podMonitor"], object>;

const PATH = "spec.operations.monitoring.podMonitor";

/**
 * A PodMonitor for each workload: it reads the engine's own port, because a sidecar may listen on the service's port.
 */
export function buildPodMonitors(objects: readonly KubernetesObject[], context: OperatedContext): KubernetesObject[] {
  const monitor = switchOf(context.operations.monitoring?.podMonitor);
  if (monitor === undefined) return [];
  return engineWorkloads(objects, context).flatMap((workload) => buildPodMonitor(workload, monitor, context));
}

function buildPodMonitor(
  workload: EngineWorkload,
  { interval, labels = {} }: Monitor,
  context: OperatedContext,
): KubernetesObject[] {
  const { serving, title } = workload;
  const { name, namespace } = context.service.metadata;
  const port = containerNamed(serving.pod, MAIN)?.ports?.[0];
  if (port === undefined) {
    const message = `the engines of ${title} declare no port, so Prometheus cannot find them`;
    context.report(unused(PATH, message, "declare the port of the engine in the container main"));
    return [];
  }
  const endpoint = {
    ...(port.name ? { port: port.name } : { targetPort: port.containerPort }),
    path: "/metrics",
    ...schemeOf(context),
    ...(interval !== undefined && { interval }),
  };
  return [
    {
      ...typeMeta("PodMonitor"),
      metadata: {
        name: workloadNameOf(name, "podMonitor", workload),
        namespace,
        labels: { ...labels, ...serving.labels },
      },
      spec: { selector: { matchLabels: serving.labels }, podMetricsEndpoints: [endpoint] },
    },
  ];
}

/**
 * With TLS the engine serves its metrics over it too. A certificate of this package is verified against its authority; the names in
 * a certificate of the user are unknown, so it is not verified.
 */
function schemeOf({ service, spec, settings, behaviour }: OperatedContext): object {
  const { enableTLS, tls } = settings;
  if (!enableTLS) return { scheme: "http" };
  if (tls?.secretName !== undefined || tls?.issuerRef !== undefined) {
    return { scheme: "https", tlsConfig: { insecureSkipVerify: true } };
  }
  const host = nameOf(service.metadata.name, "workloadService");
  const serverName = certificateNames({ service, spec, behaviour }).find((one) => one.startsWith(`${host}.`));
  const secret = { name: nameOf(service.metadata.name, "certificate"), key: CERTIFICATE_KEY.authority };
  return { scheme: "https", tlsConfig: { ca: { secret }, serverName } };
}
