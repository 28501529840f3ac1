import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../cluster/client.ts";
import type { Cluster } from "../cluster/types.ts";
import type { ServingPod } from "./pod.ts";
import type { Answer } from "./requests.ts";
import { ADAPTER, MODEL, NAMESPACE, SERVICES } from "./services.ts";
import type { Serving } from "./serving.ts";

/** One request and the pod that answered it. */
export interface Sent {
  /** What distinguishes it from others of its scene: a prefix, a model, a time. */
  kind: string;
  answer: Answer;
  /** The pod that filled the cache before the answering one. */
  prefill?: string;
}

export interface Stage {
  serving: Serving;
  cluster: Cluster;
}

/** A demonstration of what a service does with requests. */
export interface Scene {
  name: string;
  /** What the viewer sees. */
  says: string;
  /** Pods that requests may reach. */
  pods(serving: Serving): ServingPod[];
  play(stage: Stage): Promise<Sent[]>;
}

const WORKLOAD = "workload";
const PREFILL = "workload-prefill";
/** A block of the prefix cache has about 16 tokens; this prompt has many. */
const PREFIX_WORDS = 400;

const completion = (prompt: string, model = MODEL.name, tokens = 3): object => ({
  model,
  prompt,
  max_tokens: tokens,
  ignore_eos: true,
});
const pathOf = (service: string): string => `/${NAMESPACE}/${service}/v1/completions`;
const words = (topic: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `${topic}${at}`).join(" ");

async function sendAll(count: number, width: number, send: (index: number) => Promise<Sent>): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let first = 0; first < count; first += width) {
    const some = Array.from({ length: Math.min(width, count - first) }, (_, at) => send(first + at));
    sent.push(...(await Promise.all(some)));
  }
  return sent;
}

const copies: Scene = {
  name: "copies",
  says: "Prompts without a common beginning are spread over the three copies of the model (`parallelism.data: 3`).",
  pods: ({ kubelet }) => kubelet.podsOf("copies", WORKLOAD),
  play: ({ serving }) =>
    sendAll(60, 6, async (index) => {
      const body = completion(`${index} ${words(`topic${index}-`, 20)}`);
      return { kind: "any", answer: await serving.ask({ path: pathOf("copies"), body }) };
    }),
};

const prefixes: Scene = {
  name: "prefixes",
  says: "Prompts with the same beginning go to the pod that has this beginning in its prefix cache.",
  pods: copies.pods,
  play: ({ serving }) =>
    sendAll(24, 1, async (index) => {
      const kind = `conversation ${"ABC".at(index % 3)}`;
      const body = completion(`${words(`${kind}-`, PREFIX_WORDS)} question ${index}`);
      const answer = await serving.ask({ path: pathOf("copies"), body });
      // The scheduler records the cache of a pod when the answer is complete.
      await pause(50);
      return { kind, answer };
    }),
};

const adapter: Scene = {
  name: "adapter",
  says: "A request that names a LoRA adapter is answered by the adapter, and a request that names the model is answered by the model.",
  pods: copies.pods,
  play: ({ serving }) =>
    sendAll(12, 2, async (index) => {
      const kind = index % 2 === 0 ? ADAPTER : MODEL.name;
      const body = completion(`adapter ${index} ${words(`row${index}-`, 20)}`, kind);
      return { kind, answer: await serving.ask({ path: pathOf("copies"), body }) };
    }),
};

const handover: Scene = {
  name: "handover",
  says: "The sidecar of a decode pod first sends the prompt to a prefill pod, and then its own engine answers.",
  pods: ({ kubelet }) => [...kubelet.podsOf("split", PREFILL), ...kubelet.podsOf("split", WORKLOAD)],
  play: ({ serving }) =>
    sendAll(16, 2, async (index) => {
      const mark = `handover-${index}-`;
      const body = completion(words(mark, 60));
      const answer = await serving.ask({ path: pathOf("split"), body });
      const prefill = serving.kubelet.podsOf("split", PREFILL).find((pod) => seenAt(pod, `${mark}0 `) !== undefined);
      return { kind: mark, answer, ...(prefill !== undefined && { prefill: prefill.name }) };
    }),
};

const weights: Scene = {
  name: "weights",
  says: "Two services of a group (`router.route.group`) share the requests for one model: a canary with weight 1 gets a quarter, a service with weight 3 the rest.",
  pods: ({ kubelet }) => [...kubelet.podsOf("stable", WORKLOAD), ...kubelet.podsOf("canary", WORKLOAD)],
  play: ({ serving }) =>
    sendAll(80, 4, async (index) => {
      const path = `/publishers/${NAMESPACE}/models/grouped/v1/completions`;
      return { kind: "shared", answer: await serving.ask({ path, body: completion(`weight ${index}`, "grouped") }) };
    }),
};

const LONG_ANSWER_TOKENS = 300;

const leaving: Scene = {
  name: "leaving",
  says: "A pod that is deleted finishes its running requests, and gets no new ones.",
  pods: copies.pods,
  play: async ({ serving, cluster }) => {
    const body = (index: number, tokens: number): object =>
      completion(`leaving ${index} ${words(`leave${index}-`, 20)}`, MODEL.name, tokens);
    const ask = async (kind: string, index: number, tokens: number): Promise<Sent> => ({
      kind,
      answer: await serving.ask({ path: pathOf("copies"), body: body(index, tokens) }),
    });
    const before = copies.pods(serving);
    const underway = Promise.all(Array.from({ length: 9 }, (_, index) => ask("under way", index, LONG_ANSWER_TOKENS)));
    await eventually("a request on each pod", async () =>
      before.every((pod) => seenAt(pod, "leaving ") !== undefined) ? true : undefined,
    );
    const scale = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/copies-kserve/scale?fieldManager=demo`;
    await cluster.request("PATCH", scale, { spec: { replicas: before.length - 1 } }, "application/merge-patch+json");
    await eventually("a pod to go", async () => (copies.pods(serving).length < before.length ? true : undefined));
    // The scheduler watches the API server like the kubelet does: it knows of the deletion by now, or within a second.
    await pause(1000);
    const after = await sendAll(20, 4, (index) => ask("after", 100 + index, 3));
    return [...(await underway), ...after];
  },
};

export const SCENES: readonly Scene[] = [copies, prefixes, adapter, handover, weights, leaving];

/** Whether a request to each service is answered now, and not refused by a gateway that reaches no picker. */
export async function routesAnswer({ serving }: Stage): Promise<boolean> {
  const answers = await Promise.all(
    Object.keys(SERVICES).map((name) => serving.ask({ path: pathOf(name), body: completion("ready", MODEL.name, 1) })),
  );
  return answers.every(({ status }) => status < 500);
}

/**
 * When a pod's engine first got a request with these words, in milliseconds of the day; undefined if it has not. An
 * entry of the log may have several lines; the first has the time.
 */
export function seenAt(pod: ServingPod, mark: string): number | undefined {
  let time: number | undefined;
  for (const line of pod.log("main").split("\n")) {
    const [, hours, minutes, seconds] = /^[IWEF]\d{4} (\d\d):(\d\d):(\d\d\.\d+)/.exec(line) ?? [];
    if (hours !== undefined) time = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    if (line.includes(mark)) return time;
  }
  return undefined;
}
