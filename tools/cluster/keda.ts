import { whileRunning } from "./control-plane.ts";
import { freePorts, type Processes } from "./processes.ts";
import { binary, missing } from "./tools.ts";
import type { Cluster } from "./types.ts";
import { certificateFolder } from "./webhooks.ts";

const NAMESPACE = "keda";
const OPERATOR = "keda-operator";

/** Why KEDA's operator cannot be run, with the fix; undefined if it can. */
export const kedaProblem = (): string | undefined => missing(OPERATOR);

/**
 * KEDA's operator, which makes HorizontalPodAutoscalers of ScaledObjects. Its adapter, which serves the metrics to the HPA controller, does not run: the
 * API server would have to reach it as an aggregated API.
 */
export async function startKeda(cluster: Cluster, processes: Processes): Promise<void> {
  const [metrics, health, service] = await freePorts(3);
  await cluster.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } }]);
  const flags = {
    "cert-dir": certificateFolder(cluster, "keda"),
    "metrics-bind-address": `127.0.0.1:${metrics}`,
    "health-probe-bind-address": `127.0.0.1:${health}`,
    "metrics-service-bind-address": `127.0.0.1:${service}`,
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const env = { KUBECONFIG: cluster.kubeconfig, KEDA_CLUSTER_OBJECT_NAMESPACE: NAMESPACE, WATCH_NAMESPACE: "" };
  processes.start(OPERATOR, binary(OPERATOR), args, env);
  await whileRunning(processes, "KEDA's operator", async () => {
    return (await fetch(`http://127.0.0.1:${health}/readyz`)).ok ? true : undefined;
  });
}
