import * as pulumi from "@pulumi/pulumi";
import { connect } from "../cluster/client.ts";
import { ClusterError } from "../cluster/error.ts";
import { describeFacts, readFacts } from "../cluster/facts.ts";
import type { ClusterChoice } from "../cluster/kubeconfig.ts";
import { watchPods } from "../cluster/pods.ts";
import type { Issue } from "../core/contract/issue.ts";
import type { CheckSettings } from "../core/contract/plan.ts";
import type { KubernetesObject } from "../core/kubernetes/objects.ts";
import type { CheckFinding } from "../core/stages/check/check.ts";
import { rated } from "../core/stages/check/checks.ts";
import { preflight } from "../core/views/preflight/preflight.ts";
import { isAwaited } from "./await.ts";
import type { Deferred } from "./deferred.ts";

/** The cluster that is named, or the one that the default provider of the kubernetes package takes too. */
export function chosenCluster(named: ClusterChoice = {}): ClusterChoice {
  const config = new pulumi.Config("kubernetes");
  const kubeconfig = named.kubeconfig ?? config.get("kubeconfig");
  const context = named.context ?? config.get("context");
  return { ...(kubeconfig && { kubeconfig }), ...(context && { context }) };
}

/**
 * Looks at the cluster for what the planned objects need, and says what it has looked at. A cluster that cannot be reached
 * is told as a warning: a preview must be possible without one.
 */
export async function lookAhead(
  component: pulumi.ComponentResource,
  objects: readonly KubernetesObject[],
  {
    preflight: wanted,
    cluster: named,
    checks,
  }: { preflight?: boolean; cluster?: ClusterChoice; checks?: CheckSettings },
  { leaves }: Deferred,
): Promise<Issue[]> {
  if (wanted !== true || objects.length === 0) return [];
  if (leaves.some(({ path, known }) => path[0] === "cluster" && !known))
    return rated([notLooked("it is not known yet")], checks);
  try {
    const cluster = await connect(chosenCluster(named));
    const facts = await readFacts(objects, cluster);
    await pulumi.log.info(`preflight: ${describeFacts(cluster, facts)}`, component);
    return preflight(objects, facts, checks);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return rated([notLooked(error.message)], checks);
  }
}

function notLooked(why: string): CheckFinding {
  const fix = "name the cluster in `cluster`, or leave `preflight` out";
  const message = `there was no look at the cluster: ${why}`;
  return { code: "ClusterUnreadable", layer: "cluster", path: "", message, fix };
}

/**
 * Tells, as warnings on the component, why pods do not come up while workloads are waited for: the kubernetes plugin (seen
 * in 4.18, and its later sources read alike) drops what the scheduler says of pods before it has seen their ReplicaSet, and
 * then its error says only that there are too few.
 */
export function tellProgress(
  component: pulumi.ComponentResource,
  { name, namespace }: { name: string; namespace: string },
  objects: readonly KubernetesObject[],
  resources: readonly pulumi.CustomResource[],
  { progress, await: wait, cluster }: { progress?: boolean; await?: boolean; cluster?: ClusterChoice },
): void {
  if (progress !== true || wait === false || pulumi.runtime.isDryRun()) return;
  const awaited = resources.filter((_resource, index) => objects[index] !== undefined && isAwaited(objects[index]));
  if (awaited.length === 0) return;
  const say = (line: string): Promise<void> => pulumi.log.warn(line, component);
  void watchPods({ name, namespace }, chosenCluster(cluster), Promise.all(awaited.map(settled)), say);
}

/** Resolves once the resource is made or updated; where that fails, the program ends without it. */
function settled({ id }: pulumi.CustomResource): Promise<unknown> {
  return (id as unknown as { promise(): Promise<unknown> }).promise();
}
