import * as pulumi from "@pulumi/pulumi";
import { connect } from "../../cluster/client.ts";
import { ClusterError } from "../../cluster/error.ts";
import { describeFacts, readFacts } from "../../cluster/facts.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { watchPods } from "../../cluster/pods.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import type { CheckFinding } from "../../core/stages/check/check.ts";
import { withSeverities } from "../../core/stages/check/checks.ts";
import { preflight } from "../../core/views/preflight/preflight.ts";
import type { Deferred } from "../inputs/deferred.ts";
import type { Followed } from "../inputs/dependence.ts";
import { masked } from "../inputs/mask.ts";
import { insideOf } from "../inputs/outputs.ts";
import { isAwaited } from "../resources/await.ts";
import type { ServicePlanning } from "./planning.ts";

/** The cluster that is named, or the one that the default provider of the kubernetes package would use. */
function chosenCluster(named: ClusterChoice = {}): ClusterChoice {
  const config = new pulumi.Config("kubernetes");
  const kubeconfig = named.kubeconfig ?? config.get("kubeconfig");
  const context = named.context ?? config.get("context");
  return { ...(kubeconfig && { kubeconfig }), ...(context && { context }) };
}

/**
 * Checks in the cluster what the planned objects need, and returns what it read. A cluster that cannot be reached is
 * reported as a warning: a preview must be possible without one.
 */
export async function lookAhead(
  component: pulumi.ComponentResource,
  { planning, secrets }: Followed<ServicePlanning>,
  { leaves, planned: args }: Deferred,
): Promise<Issue[]> {
  const { planned, plan, input } = planning;
  if (planned.preflight !== true || plan.objects.length === 0) return [];
  const choice = leaves.filter(({ path }) => path[0] === "cluster");
  if (choice.some(({ known }) => !known))
    return withSeverities([notLooked("its value is not known yet")], input?.checks);
  const isSecret = choice.some(({ secret }) => secret);
  try {
    const cluster = await connect(chosenCluster(planned.cluster));
    const facts = await readFacts(plan.objects, cluster);
    if (!isSecret) await pulumi.log.info(`preflight: ${describeFacts(cluster, facts)}`, component);
    const found = preflight(plan.objects, facts, input?.checks);
    if (secrets === undefined) return found;
    return masked(found, preflight(secrets.plan.objects, facts, secrets.input?.checks), args);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return withSeverities(
      [notLooked(isSecret ? "the reason is not shown, because `cluster` contains a secret" : error.message)],
      input?.checks,
    );
  }
}

function notLooked(why: string): CheckFinding {
  const fix = "set `cluster` to the cluster, or remove `preflight`";
  const message = `the cluster could not be inspected: ${why}`;
  return { code: "ClusterUnreadable", layer: "cluster", path: "", message, fix };
}

/** Objects of a plan, and the resource of each at the same index. */
interface Registered {
  objects: readonly KubernetesObject[];
  resources: readonly pulumi.CustomResource[];
}

/**
 * Reports, as warnings on the component, why pods do not come up while workloads are waited for. The kubernetes plugin (seen
 * in 4.18, and 4.25 has the same code) drops the scheduler's messages about pods whose ReplicaSet it has not seen yet, and
 * then its error contains only the number of missing pods.
 */
export function reportProgress(
  component: pulumi.ComponentResource,
  { name, namespace }: { name: string; namespace: string },
  { objects, resources }: Registered,
  { progress, await: wait, cluster }: { progress?: boolean; await?: boolean; cluster?: ClusterChoice },
): void {
  if (progress !== true || wait === false || pulumi.runtime.isDryRun()) return;
  const awaited = resources.filter((_resource, index) => objects[index] !== undefined && isAwaited(objects[index]));
  if (awaited.length === 0) return;
  const say = (line: string): Promise<void> => pulumi.log.warn(line, component);
  void watchPods({ name, namespace }, chosenCluster(cluster), Promise.all(awaited.map(settled)), say);
}

/** Resolves once the resource is created or updated; if that fails, the program ends first. */
function settled({ id }: pulumi.CustomResource): Promise<unknown> {
  return insideOf(id).promise();
}
