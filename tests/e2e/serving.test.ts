import assert from "node:assert/strict";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { playScene } from "../../tools/serving/play.ts";
import { SCENES, type Sent, seenAt } from "../../tools/serving/scenes.ts";
import { ADAPTER, GATEWAY, KNOWN, MODEL, NAMESPACE, SERVICES, WEIGHTS } from "../../tools/serving/services.ts";
import { type Serving, servingProblem, startServing } from "../../tools/serving/serving.ts";
import { namespace } from "./changes.ts";
import { openStack, sharedFolder } from "./engine.ts";
import { type Scheduler, schedulers } from "./schedulers.ts";
import { skipWhere } from "./skip.ts";

/** Each uses a core for a moment. */
const PICKERS_AT_A_TIME = 3;

const count = (names: readonly (string | undefined)[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name ?? "nobody", (counts.get(name ?? "nobody") ?? 0) + 1);
  return counts;
};

describe("requests through a real gateway, endpoint picker and sidecar to simulated engines", () => {
  let cluster: Cluster;
  let serving: Serving | undefined;

  before(async function () {
    skipWhere(this, servingProblem());
    const nodes = ["h100-0", "h100-1"].map((name) => gpuNode(name, { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" }));
    cluster = await startCluster({ crds: ["kserve", "gateway", "inference"], nodes });
    await cluster.apply(GATEWAY);
    await namespace(cluster, NAMESPACE);
    const services = Object.fromEntries(
      Object.entries(SERVICES).map(([name, spec]) => [name, { ...spec, ...(KNOWN[name] && { known: KNOWN[name] }) }]),
    );
    const config = { namespace: NAMESPACE, services: JSON.stringify(services) };
    serving = await startServing(cluster, NAMESPACE);
    const stack = await openStack(folder(), "given.ts", { kubeconfig: cluster.kubeconfig, config });
    await stack.up();
    await serving.openGateway();
  });
  // The stack is not destroyed; it goes with its cluster.
  const folder = sharedFolder(() => ({
    cluster: {
      stop: async () => {
        await serving?.stop();
        await cluster?.stop();
      },
    },
  }));

  async function play(name: string): Promise<{ sent: Sent[]; counts: Map<string, number>; pods: string[] }> {
    const scene = SCENES.find((one) => one.name === name) ?? assert.fail(`no scene ${name}`);
    const open = serving ?? assert.fail("nothing serves");
    const pods = scene.pods(open).map((pod) => pod.name);
    const sent = await playScene(scene, { serving: open, cluster });
    const failed = sent.filter(({ answer }) => answer.status !== 200);
    assert.deepEqual(
      failed.map(({ answer }) => `${answer.status} ${answer.body}`),
      [],
    );
    return { sent, counts: count(sent.map(({ answer }) => answer.pod)), pods };
  }

  it("reach every copy of the model, and no copy gets most of them", async () => {
    const { sent, counts, pods } = await play("copies");
    assert.deepEqual([...counts.keys()].sort(), pods);
    assert.equal(pods.length, 3);
    assert.ok(Math.max(...counts.values()) <= sent.length * 0.6, JSON.stringify([...counts]));
  });

  it("with a common beginning go to the pod that has it in its prefix cache", async () => {
    const { sent } = await play("prefixes");
    for (const kind of new Set(sent.map((one) => one.kind))) {
      const pods = sent.filter((one) => one.kind === kind).map(({ answer }) => answer.pod);
      assert.equal(new Set(pods).size, 1, `${kind}: ${pods}`);
    }
  });

  it("that name a LoRA adapter are answered by the adapter", async () => {
    const { sent } = await play("adapter");
    const models = sent.map(({ answer }) => (JSON.parse(answer.body) as { model: string }).model);
    assert.deepEqual(
      models,
      sent.map(({ kind }) => kind),
    );
    assert.deepEqual([...new Set(models)].sort(), [MODEL.name, ADAPTER].sort());
  });

  it("are read by a prefill pod before a decode pod answers", async () => {
    const { sent, counts } = await play("handover");
    const { kubelet } = serving ?? assert.fail("nothing serves");
    const roles = (component: string): string[] => kubelet.podsOf("split", component).map(({ name }) => name);
    assert.deepEqual([...counts.keys()].sort(), roles("workload"), "decode pods answer");
    assert.deepEqual([...count(sent.map(({ prefill }) => prefill)).keys()].sort(), roles("workload-prefill"));
    const podNamed = (name: string | undefined) => kubelet.pods().find((pod) => pod.name === name) ?? assert.fail();
    for (const { kind, prefill, answer } of sent) {
      const [read, answered] = [prefill, answer.pod].map((name) => seenAt(podNamed(name), `${kind}0 `));
      assert.ok(read !== undefined && answered !== undefined && read < answered, `${kind} ${read} ${answered}`);
    }
  });

  it("for the model of a group are divided by the weights of its services", async () => {
    const { sent, pods, counts } = await play("weights");
    const canary = counts.get(pods.find((name) => name.startsWith("canary")) ?? "") ?? 0;
    const share = WEIGHTS.canary / (WEIGHTS.canary + WEIGHTS.stable);
    // Five standard deviations of a fair choice: a wrong weight is outside, chance is not.
    const deviation = Math.sqrt(sent.length * share * (1 - share));
    assert.ok(Math.abs(canary - sent.length * share) <= 5 * deviation && canary > 0, `${canary} of ${sent.length}`);
  });

  it("on a pod that is being deleted are answered, and later ones go to the other pods", async () => {
    const { sent, pods } = await play("leaving");
    const { kubelet } = serving ?? assert.fail("nothing serves");
    const staying = kubelet.podsOf("copies", "workload").map(({ name }) => name);
    const [gone, ...others] = pods.filter((name) => !staying.includes(name));
    assert.deepEqual(others, []);
    const of = (kind: string): (string | undefined)[] =>
      sent.filter((one) => one.kind === kind).map(({ answer }) => answer.pod);
    assert.ok(of("under way").includes(gone), "the deleted pod had a request under way");
    assert.deepEqual([...new Set(of("after"))].sort(), staying);
  });

  it("every scheduler of goldens and examples is loaded by the endpoint picker 0.7.1, or refused for a feature that it lacks according to the tables", async function () {
    const all = await schedulers();
    const seen = new Map<string, string>();
    const waiting = [...all];
    const work = async (): Promise<void> => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift())
        seen.set(one.from.join("; "), await outcomeOf(one));
    };
    await Promise.all(Array.from({ length: PICKERS_AT_A_TIME }, work));
    const foretold = new Map(
      all.map(({ from, lacks }) => [from.join("; "), lacks.length === 0 ? "loaded" : "refused, and it says why"]),
    );
    assert.deepEqual(seen, foretold);
    const refused = all.filter(({ lacks }) => lacks.length > 0);
    const why = [...new Set(refused.flatMap(({ lacks }) => lacks))].sort().join(", ");
    if (this.test) this.test.title += ` (${all.length - refused.length} loaded, ${refused.length} refused for ${why})`;
  });

  /** Starts the picker with one scheduler's command line until it reports that its configuration is loaded, or ends. */
  async function outcomeOf({ container, lacks }: Scheduler): Promise<string> {
    const child = await (serving ?? assert.fail("nothing serves")).alone(container);
    try {
      return await eventually("a word of the endpoint picker", async () => {
        if (/"parsed config"/.test(child.log())) return "loaded";
        if (child.isRunning()) return undefined;
        const log = child.log();
        return lacks.some((word) => log.includes(word)) ? "refused, and it says why" : `refused: ${log.slice(-2_000)}`;
      });
    } finally {
      await child.end(0);
    }
  }
});
