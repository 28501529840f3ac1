import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { patch } from "./apply.ts";
import { whileRunning } from "./control-plane.ts";
import { freePorts, type Processes } from "./processes.ts";
import { binary, missing } from "./tools.ts";
import type { Cluster } from "./types.ts";
import { certificateFolder, installWebhooks, type Webhook } from "./webhooks.ts";

const NAMESPACE = "kueue-system";
const MANAGER = "kueue";
const FRAMEWORKS = ["pod", "deployment", "statefulset", "leaderworkerset.x-k8s.io/leaderworkerset"];
/** Kinds that this control plane serves. */
const GROUPS = ["", "apps", "leaderworkerset.x-k8s.io", "kueue.x-k8s.io"];
/** CRDs with two versions. The tests use the stored one, which needs no conversion. */
const CONVERTED = ["localqueues", "clusterqueues", "workloads", "cohorts", "multikueueclusters"];
const OF_USERS = {
  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["kube-system", NAMESPACE] }],
};

/** Why Kueue cannot be run, with the fix; undefined if it can. */
export const kueueProblem = (): string | undefined => missing(MANAGER);

/**
 * Kueue's manager, which holds pods back until their queue has quota. It makes its own certificates and does not
 * start without them: they go into a Secret and CRDs that are not read here. It serves the certificate of the folder,
 * which the API server trusts.
 */
export async function startKueue(cluster: Cluster, processes: Processes): Promise<void> {
  const [port, metrics, health] = await freePorts(3);
  const certDir = certificateFolder(cluster, MANAGER);
  const config = {
    apiVersion: "config.kueue.x-k8s.io/v1beta2",
    kind: "Configuration",
    namespace: NAMESPACE,
    leaderElection: { leaderElect: false },
    webhook: { host: "127.0.0.1", port, certDir },
    metrics: { bindAddress: `127.0.0.1:${metrics}` },
    health: { healthProbeBindAddress: `127.0.0.1:${health}` },
    integrations: { frameworks: FRAMEWORKS },
    featureGates: { VisibilityOnDemand: false },
  };
  const file = join(cluster.dir, "kueue.yaml");
  writeFileSync(file, JSON.stringify(config));
  await cluster.apply([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "kueue-webhook-server-cert", namespace: NAMESPACE } },
  ]);
  const url = `https://127.0.0.1:${port}`;
  for (const name of CONVERTED) await convertedBy(cluster, name, `${url}/convert`);
  processes.start(MANAGER, binary(MANAGER), [`--config=${file}`], { KUBECONFIG: cluster.kubeconfig });
  await whileRunning(processes, "Kueue", async () => {
    return (await fetch(`http://127.0.0.1:${health}/readyz`)).ok ? true : undefined;
  });
  await installWebhooks(cluster, "kueue/webhooks.yaml", { prefix: "queues", url, change: ofServedKinds });
}

async function convertedBy({ request }: Cluster, name: string, url: string): Promise<void> {
  const webhook = { clientConfig: { url }, conversionReviewVersions: ["v1"] };
  const body = { spec: { conversion: { strategy: "Webhook", webhook } } };
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}.kueue.x-k8s.io`;
  await patch(request, `CRD ${name}`, path, body);
}

function ofServedKinds(webhook: Webhook): Webhook | undefined {
  const groups = (webhook.rules ?? []).flatMap(({ apiGroups = [] }) => apiGroups);
  if (!groups.every((group) => GROUPS.includes(group))) return undefined;
  return groups.includes("kueue.x-k8s.io") ? webhook : { ...webhook, namespaceSelector: OF_USERS };
}
