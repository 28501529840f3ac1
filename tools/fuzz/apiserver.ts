import { isFine } from "../../core/contract/issue.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { plan } from "../../core/plan.ts";
import { startCluster } from "../cluster/cluster.ts";
import { collectionPath, type TestObject } from "../cluster/objects.ts";
import type { Cluster } from "../cluster/types.ts";
import { ensureToolchain } from "../toolchain/ensure.ts";
import { planInput } from "./kinds.ts";
import { Odd } from "./odd.ts";
import { Random } from "./random.ts";
import { type Failure, shown } from "./run.ts";
import { serviceOf } from "./services.ts";

const KIND = "api server";
const AT_ONCE = 8;
const NAMESPACE = "team";

/** An object of a plan without an error, and the input that it comes from. */
interface Sent {
  input: number;
  object: KubernetesObject;
}

/**
 * Sends the objects of plans without an error to a real API server, which judges and keeps nothing: what it refuses, the plan
 * should have found. `inputs` counts such plans.
 */
export async function judgeByApiServer(
  { seed, inputs, without }: { seed: number; inputs: number; without: readonly string[] },
  log: (line: string) => void,
): Promise<{ plans: number; failures: Failure[] }> {
  const { env } = await ensureToolchain({ groups: ["cluster"], log });
  Object.assign(process.env, env);
  const cluster = await startCluster({ lws: true, crds: ["gateway", "inference", "keda", "prometheus"] });
  try {
    await cluster.apply(["team", "default", "x".repeat(40)].map((name) => namespace(name)));
    const { plans, sent } = plansOf(seed, inputs, new Odd(without));
    log(`${sent.length} objects of ${plans} plans without an error`);
    const failures: Failure[] = [];
    for (let from = 0; from < sent.length; from += AT_ONCE) {
      const some = sent.slice(from, from + AT_ONCE);
      failures.push(...(await Promise.all(some.map((one) => judge(cluster, one)))).flat());
    }
    return { plans, failures };
  } finally {
    await cluster.stop();
  }
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

/** The service of an input: replays ask for it too. */
export function apiServerInput(seed: number, input: number, odd: Odd): unknown {
  return serviceOf(new Random(seed, KIND, input), odd, input % 3);
}

async function judge(cluster: Cluster, { input, object }: Sent): Promise<Failure[]> {
  const metadata = { ...object.metadata, ...(object.metadata.namespace && { namespace: NAMESPACE }) };
  const moved = { ...object, metadata } as TestObject;
  const path = `${collectionPath(moved)}?dryRun=All&fieldValidation=Strict`;
  const { status, body } = await cluster.request("POST", path, moved);
  if (status < 300) return [];
  const detail = `${object.kind} ${object.metadata.name}: ${body.message}`;
  return [
    { kind: KIND, input, fault: "wrong", key: sortOf(object.kind, body.message ?? ""), detail, minimal: shown(moved) },
  ];
}

/** A refusal without what differs from object to object: names, quoted values and indexes. */
function sortOf(kind: string, message: string): string {
  const [, reason = message] = /is invalid: (.*)$/s.exec(message) ?? [];
  return `${kind} ${reason
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(/\[\d+\]/g, "[N]")
    .slice(0, 160)}`;
}
