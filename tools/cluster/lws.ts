import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { whileRunning } from "./control-plane.ts";
import { readObjects } from "./crds.ts";
import type { TestObject } from "./objects.ts";
import { freePorts, type Processes } from "./processes.ts";
import { asset, binary } from "./tools.ts";
import type { Cluster } from "./types.ts";

interface Webhook {
  name: string;
  clientConfig: { service?: { path?: string }; url?: string; caBundle?: string };
  objectSelector?: unknown;
}

/** Pod webhooks see only the pods of LeaderWorkerSets, so that no other pod waits for the controller. */
const POD_WEBHOOKS = ["mpod.kb.io", "vpod.kb.io"];
const OF_A_SET = { matchExpressions: [{ key: "leaderworkerset.sigs.k8s.io/name", operator: "Exists" }] };

/** The LeaderWorkerSet controller, with its webhooks reached by URL on loopback: there is no Service network here. */
export async function startLws(cluster: Cluster, processes: Processes): Promise<void> {
  const [port, metrics, health] = await freePorts(3);
  const certDir = join(cluster.dir, "lws-certs");
  mkdirSync(certDir, { recursive: true });
  copyFileSync(cluster.certificate.key, join(certDir, "tls.key"));
  copyFileSync(cluster.certificate.cert, join(certDir, "tls.crt"));
  const config = {
    apiVersion: "config.lws.x-k8s.io/v1alpha1",
    kind: "Configuration",
    leaderElection: { leaderElect: false },
    internalCertManagement: { enable: false },
    webhook: { host: "127.0.0.1", port, certDir },
    metrics: { bindAddress: `127.0.0.1:${metrics}` },
    health: { healthProbeBindAddress: `127.0.0.1:${health}` },
  };
  const file = join(cluster.dir, "lws.yaml");
  writeFileSync(file, JSON.stringify(config));
  processes.start("lws", binary("lws"), [`--config=${file}`], { KUBECONFIG: cluster.kubeconfig });
  await whileRunning(processes, "the LeaderWorkerSet controller", async () => {
    return (await fetch(`http://127.0.0.1:${health}/readyz`)).ok ? true : undefined;
  });
  const url = `https://127.0.0.1:${port}`;
  const caBundle = Buffer.from(cluster.target.ca).toString("base64");
  await cluster.apply(readObjects(asset("lws/webhooks.yaml")).map((object) => reachedBy(url, caBundle, object)));
}

function reachedBy(url: string, caBundle: string, object: TestObject): TestObject {
  const webhooks = (object.webhooks as Webhook[]).map((webhook) => ({
    ...webhook,
    clientConfig: { url: `${url}${webhook.clientConfig.service?.path ?? ""}`, caBundle },
    ...(POD_WEBHOOKS.includes(webhook.name) && { objectSelector: OF_A_SET }),
  }));
  return { ...object, metadata: { ...object.metadata, name: `lws-${object.metadata.name}` }, webhooks };
}
