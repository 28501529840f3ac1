import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { whileRunning } from "./control-plane.ts";
import { freePorts, type Processes } from "./processes.ts";
import { binary } from "./tools.ts";
import type { Cluster } from "./types.ts";
import { certificateFolder, installWebhooks, type Webhook } from "./webhooks.ts";

/** Pod webhooks only get the pods of LeaderWorkerSets, so that no other pod waits for the controller. */
const POD_WEBHOOKS = ["mpod.kb.io", "vpod.kb.io"];
const OF_A_SET = { matchExpressions: [{ key: "leaderworkerset.sigs.k8s.io/name", operator: "Exists" }] };

/** The LeaderWorkerSet controller with its webhooks. */
export async function startLws(cluster: Cluster, processes: Processes): Promise<void> {
  const [port, metrics, health] = await freePorts(3);
  const config = {
    apiVersion: "config.lws.x-k8s.io/v1alpha1",
    kind: "Configuration",
    leaderElection: { leaderElect: false },
    internalCertManagement: { enable: false },
    webhook: { host: "127.0.0.1", port, certDir: certificateFolder(cluster, "lws") },
    metrics: { bindAddress: `127.0.0.1:${metrics}` },
    health: { healthProbeBindAddress: `127.0.0.1:${health}` },
  };
  const file = join(cluster.dir, "lws.yaml");
  writeFileSync(file, JSON.stringify(config));
  processes.start("lws", binary("lws"), [`--config=${file}`], { KUBECONFIG: cluster.kubeconfig });
  await whileRunning(processes, "the LeaderWorkerSet controller", async () => {
    return (await fetch(`http://127.0.0.1:${health}/readyz`)).ok ? true : undefined;
  });
  const change = (webhook: Webhook): Webhook =>
    POD_WEBHOOKS.includes(webhook.name) ? { ...webhook, objectSelector: OF_A_SET } : webhook;
  await installWebhooks(cluster, "lws/webhooks.yaml", { prefix: "lws", url: `https://127.0.0.1:${port}`, change });
}
