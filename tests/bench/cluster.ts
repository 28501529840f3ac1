import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode, type TestObject } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { ensureToolchain } from "../../tools/toolchain/ensure.ts";
import { ROOT } from "../e2e/engine.ts";
import { spent } from "./measure.ts";
import { type Built, built, nameOf, programOf, project, renamed, type Way } from "./programs.ts";
import type { Row } from "./row.ts";

/** How services are laid out over stacks, and what the engine is told. */
interface Layout {
  title: string;
  count: number;
  stacks: number;
  env?: NodeJS.ProcessEnv;
  /**
   * "hand": the same objects written out in the program, which shows the time of the engine and the cluster alone.
   * "applied": the same objects sent to the API server without Pulumi, which shows the time of the cluster alone.
   */
  way?: Way | "applied";
  /** How many requests each controller of the cluster may send in a second; by default Kubernetes' 20. */
  requestsPerSecond?: number;
  /** Seconds that KServe's own reconcile loop needed for as many, on this kind of machine; half of it is the goal. */
  kserve?: number;
}

const KSERVE_SECONDS = 69;
/** The state is written at the end alone: docs/benchmarks.md tells when that is safe. */
const AT_THE_END = { PULUMI_SKIP_CHECKPOINTS: "true" };
/** More than the workloads, so that those that are waited for do not hold up the other objects. */
const WIDE = { PULUMI_PARALLEL: "256" };
const LAYOUTS: readonly Layout[] = [
  { title: "in one stack", count: 1, stacks: 1 },
  { title: "in one stack", count: 10, stacks: 1 },
  { title: "in ten stacks, two at a time", count: 100, stacks: 10, kserve: KSERVE_SECONDS },
  {
    title: "in ten stacks, two at a time, with PULUMI_PARALLEL=256",
    count: 100,
    stacks: 10,
    env: WIDE,
    kserve: KSERVE_SECONDS,
  },
  {
    title: "in one stack, with PULUMI_SKIP_CHECKPOINTS",
    count: 100,
    stacks: 1,
    env: AT_THE_END,
    kserve: KSERVE_SECONDS,
  },
  {
    title: "in one stack, with PULUMI_SKIP_CHECKPOINTS and PULUMI_PARALLEL=256",
    count: 100,
    stacks: 1,
    env: { ...AT_THE_END, ...WIDE },
    kserve: KSERVE_SECONDS,
  },
  {
    title: "by hand in one stack, with PULUMI_SKIP_CHECKPOINTS and PULUMI_PARALLEL=256",
    count: 100,
    stacks: 1,
    env: { ...AT_THE_END, ...WIDE },
    way: "hand",
  },
  { title: "without Pulumi, eight requests at a time", count: 100, stacks: 1, way: "applied", kserve: KSERVE_SECONDS },
  {
    title: "in one stack, with both variables, with controllers that may send 200 requests a second",
    count: 100,
    stacks: 1,
    env: { ...AT_THE_END, ...WIDE },
    requestsPerSecond: 200,
  },
  {
    title: "without Pulumi, with controllers that may send 200 requests a second",
    count: 100,
    stacks: 1,
    way: "applied",
    requestsPerSecond: 200,
  },
  { title: "in one stack", count: 100, stacks: 1, kserve: KSERVE_SECONDS },
];
/** How many stacks are brought up at a time. */
const AT_A_TIME = 2;
const PRODUCT = "NVIDIA-H100-80GB-HBM3";
const NODES = 30;

/**
 * From `up` until the last object is there, and until all pods are ready, on simulated nodes. Of another checkout, only what depends on
 * its code.
 */
export async function benchCluster(folder: string, checkout: string): Promise<Row[]> {
  await ensureToolchain({ groups: ["engine", "cluster"], log: () => undefined });
  const made = await built(join(folder, "cluster"), checkout);
  const most = Number(process.env["KSERVE_LLM_BENCH_SERVICES"] ?? Number.POSITIVE_INFINITY);
  const rows: Row[] = [];
  for (const [index, layout] of LAYOUTS.entries())
    if (layout.count <= most && (checkout === ROOT || layout.way === undefined))
      rows.push(...(await deployed(join(folder, `cluster-${index}`), made, layout)));
  return rows;
}

/** Deploys one layout on a cluster of its own. */
async function deployed(folder: string, made: Built, layout: Layout): Promise<Row[]> {
  const { title, count, kserve, requestsPerSecond } = layout;
  const cluster = await startCluster({
    crds: ["gateway", "inference"],
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    nodes: Array.from({ length: NODES }, (_, index) => gpuNode(`h100-${index}`, { gpus: 8, product: PRODUCT })),
  });
  try {
    const { started, cpuSeconds } =
      layout.way === "applied" ? await applied(cluster, made, count) : await broughtUp(folder, cluster, made, layout);
    const times = await timesOf(cluster, started, count);
    const what = `up of ${count === 1 ? "1 service" : `${count} services`} ${title}`;
    const beside =
      kserve === undefined ? {} : { beside: { what: "KServe's reconcile loop", value: kserve, unit: "s" as const } };
    const goal = kserve !== undefined && layout.way !== "applied" && { goal: { ratio: 0.5 } };
    return [
      {
        what: `${what}: until the last object is there, by the wall`,
        measured: { value: times.objects, unit: "s" },
        ...beside,
        ...goal,
      },
      {
        what: `${what}: until all pods are ready, by the wall`,
        measured: { value: times.ready, unit: "s" },
        ...beside,
        ...goal,
      },
      ...(cpuSeconds === undefined
        ? []
        : [
            {
              what: `${what}: of it, processor time of engine, plugins and program`,
              measured: { value: cpuSeconds, unit: "s" as const },
            },
          ]),
    ];
  } finally {
    await cluster.stop();
  }
}

/** When the objects of a layout began to be created, and what that cost besides the cluster. */
interface Deployed {
  started: number;
  cpuSeconds?: number;
}

async function broughtUp(
  folder: string,
  { kubeconfig }: Cluster,
  made: Built,
  { count, stacks, env, way }: Layout,
): Promise<Deployed> {
  const written = way === "hand" ? way : "library";
  const projects = [];
  for (let stack = 0; stack < stacks; stack++) {
    const below = join(folder, String(stack));
    mkdirSync(below, { recursive: true });
    const own = { first: (stack * count) / stacks, count: count / stacks };
    const text = programOf(written, own.count, made, "cluster", own.first);
    projects.push(await project(below, written, text, made, { env: { KUBECONFIG: kubeconfig, ...env } }));
  }
  const started = Date.now();
  const costs = await eachOf(projects, AT_A_TIME, (one) =>
    spent("pulumi up --yes --skip-preview --non-interactive > up.log 2>&1", one),
  );
  return { started, cpuSeconds: costs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) };
}

/** How many services are applied at a time; each sends one request after the other. */
const APPLIED_AT_A_TIME = 8;

async function applied(cluster: Cluster, { objects }: Built, count: number): Promise<Deployed> {
  const services = Array.from({ length: count }, (_, index) => renamed(objects, nameOf(index)));
  const started = Date.now();
  await eachOf(services, APPLIED_AT_A_TIME, (all) => cluster.apply(all as unknown as TestObject[]));
  return { started };
}

/** Works on all items, so many at a time. */
async function eachOf<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const left = [...items];
  const results: Result[] = [];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) results.push(await work(one));
  };
  await Promise.all(Array.from({ length: most }, worker));
  return results;
}

const KINDS = [
  "/apis/apps/v1/deployments",
  "/api/v1/services",
  "/apis/gateway.networking.k8s.io/v1/httproutes",
  "/apis/inference.networking.k8s.io/v1/inferencepools",
  "/apis/rbac.authorization.k8s.io/v1/rolebindings",
];

interface Item {
  metadata?: { creationTimestamp?: string };
  status?: { conditions?: { type: string; status: string; lastTransitionTime?: string }[] };
}

/** When the last object was made and the last pod got ready, in seconds after the start, by what the API server noted (to the second). */
async function timesOf(cluster: Cluster, started: number, count: number): Promise<{ objects: number; ready: number }> {
  const items = async (path: string): Promise<Item[]> =>
    ((await cluster.request("GET", path)).body.items ?? []) as Item[];
  const after = (time: string | undefined): number => (Date.parse(time ?? "") - started) / 1000;
  const objects = (await Promise.all(KINDS.map(items))).flat();
  // Two pods a service: an engine and a scheduler.
  const pods = await eventually("all pods to be ready", async () => {
    const found = (await items("/api/v1/namespaces/default/pods")).map(readyAt);
    return found.length >= 2 * count && found.every(Boolean) ? found : undefined;
  });
  const last = (times: readonly (string | undefined)[]): number => Math.max(...times.map(after));
  return { objects: last(objects.map(({ metadata }) => metadata?.creationTimestamp)), ready: last(pods) };
}

function readyAt({ status }: Item): string | undefined {
  return status?.conditions?.find((one) => one.type === "Ready" && one.status === "True")?.lastTransitionTime;
}
