import { isFine } from "../../core/contract/issues/issue.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { plan } from "../../core/plan.ts";
import { startCluster } from "../cluster/cluster.ts";
import { collectionPath, type TestObject } from "../cluster/objects.ts";
import type { Cluster } from "../cluster/types.ts";
import { ensureToolchain } from "../toolchain/ensure.ts";
import { Odd } from "./oddvalues.ts";
import { planInput } from "./planned.ts";
import { Random } from "./random.ts";
import { type Failure, shown } from "./run.ts";
import { serviceOf } from "./services.ts";

/** The options with which a replay selects an input of this run. */
export const API_SERVER = "api server";
const AT_ONCE = 8;
const NAMESPACE = "team";

/** An object of a plan without an error, and its input. */
interface Sent {
  input: number;
  object: KubernetesObject;
}

/** The result of sending the objects of plans to an API server. */
export interface Verdict {
  plans: number;
  objects: number;
  failures: Failure[];
  /** Number of objects, by kind, that the API server does not serve and so did not judge. */
  notJudged: ReadonlyMap<string, number>;
}

type Asked = Pick<Cluster, "request">;

/**
 * Sends the objects of plans without an error to a real API server, which judges but stores nothing: the plan should
 * have found whatever it refuses. `inputs` counts such plans.
 */
export async function judgeByApiServer(
  { seed, inputs, without }: { seed: number; inputs: number; without: readonly string[] },
  log: (line: string) => void,
): Promise<Verdict> {
  const { plans, sent } = plansOf(seed, inputs, new Odd(without));
  log(`${sent.length} objects of ${plans} plans without an error`);
  return withCluster(log, async (cluster) => ({ plans, ...(await judgeAll(cluster, sent)) }));
}

/** Sends the objects of one input, to see a refusal again. */
export async function judgeInput(
  { seed, input, without }: { seed: number; input: number; without: readonly string[] },
  log: (line: string) => void,
): Promise<Verdict> {
  const { issues, objects } = plan(planInput({ service: apiServerInput(seed, input, new Odd(without)) }));
  if (!isFine(issues) || objects.length === 0) return { plans: 0, objects: 0, failures: [], notJudged: new Map() };
  const sent = objects.map((object) => ({ input, object }));
  return withCluster(log, async (cluster) => ({ plans: 1, ...(await judgeAll(cluster, sent)) }));
}

export async function withCluster<T>(log: (line: string) => void, use: (cluster: Asked) => Promise<T>): Promise<T> {
  const { env } = await ensureToolchain({ groups: ["cluster"], log });
  Object.assign(process.env, env);
  const cluster = await startCluster({ lws: true, crds: ["gateway", "inference", "keda", "prometheus"] });
  try {
    await cluster.apply([namespace(NAMESPACE)]);
    return await use(cluster);
  } finally {
    await cluster.stop();
  }
}

/** Sends objects, a few at a time. */
async function judgeAll(cluster: Asked, sent: readonly Sent[]): Promise<Omit<Verdict, "plans">> {
  const failures: Failure[] = [];
  const notJudged = new Map<string, number>();
  for (let from = 0; from < sent.length; from += AT_ONCE) {
    const some = sent.slice(from, from + AT_ONCE);
    for (const { failure, unserved } of await Promise.all(some.map((one) => judge(cluster, one)))) {
      if (failure !== undefined) failures.push(failure);
      if (unserved !== undefined) notJudged.set(unserved, (notJudged.get(unserved) ?? 0) + 1);
    }
  }
  return { objects: sent.length, failures, notJudged };
}

function namespace(name: string): TestObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function plansOf(seed: number, inputs: number, odd: Odd): { plans: number; sent: Sent[] } {
  const sent: Sent[] = [];
  let plans = 0;
  for (let input = 0; plans < inputs && input < inputs * 20; input++) {
    const { issues, objects } = plan(planInput({ service: apiServerInput(seed, input, odd) }));
    if (!isFine(issues) || objects.length === 0) continue;
    plans += 1;
    sent.push(...objects.map((object) => ({ input, object })));
  }
  return { plans, sent };
}

/** The service of an input: replays use it too. */
export function apiServerInput(seed: number, input: number, odd: Odd): unknown {
  return serviceOf(new Random(seed, API_SERVER, input), odd, input % 3);
}

/** A refusal, or the kind that the API server does not serve; neither if it accepts the object. */
async function judge(cluster: Asked, { input, object }: Sent): Promise<{ failure?: Failure; unserved?: string }> {
  const metadata = { ...object.metadata, ...(object.metadata.namespace && { namespace: NAMESPACE }) };
  const moved = { ...object, metadata } as TestObject;
  const path = `${collectionPath(moved)}?dryRun=All&fieldValidation=Strict`;
  const { status, body } = await cluster.request("POST", path, moved);
  if (status < 300) return {};
  if (status === 404) return { unserved: `${object.apiVersion} ${object.kind}` };
  const message = body.message ?? `status ${status}`;
  const detail = `${object.kind} ${object.metadata.name}: ${message}`;
  const key = sortOf(object.kind, message);
  return { failure: { kind: API_SERVER, input, fault: "wrong", key, detail, minimal: shown(moved) } };
}

/** A refusal without what differs from object to object: names, quoted values and indexes. */
function sortOf(kind: string, message: string): string {
  const [, reason = message] = /is invalid: (.*)$/s.exec(message) ?? [];
  return `${kind} ${reason
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(/\[\d+\]/g, "[N]")
    .slice(0, 160)}`;
}
