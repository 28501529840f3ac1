import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { ensureToolchain } from "../../tools/toolchain/ensure.ts";
import { spent } from "./measure.ts";
import { type Built, built, programOf, project, type Way } from "./programs.ts";
import type { Row } from "./row.ts";

/** How services are laid out over stacks, and what the engine is told. */
interface Layout {
  title: string;
  count: number;
  stacks: number;
  env?: NodeJS.ProcessEnv;
  /** "hand": the same objects written out in the program, which shows the time of the engine and the cluster alone. */
  way?: Way;
  /** Seconds that KServe's own reconcile loop needed for as many, on this kind of machine; half of it is the goal. */
  kserve?: number;
}

const KSERVE_SECONDS = 69;
/** The state is written at the end alone: docs/benchmarks.md tells when that is safe. */
const AT_THE_END = { PULUMI_SKIP_CHECKPOINTS: "true" };
/** Enough that the workloads that are waited for do not hold up the other objects. */
const WIDE = { PULUMI_PARALLEL: "64" };
const LAYOUTS: readonly Layout[] = [
  { title: "in one stack", count: 1, stacks: 1 },
  { title: "in one stack", count: 10, stacks: 1 },
  { title: "in ten stacks, two at a time", count: 100, stacks: 10, kserve: KSERVE_SECONDS },
  {
    title: "in two stacks at once, with PULUMI_SKIP_CHECKPOINTS",
    count: 100,
    stacks: 2,
    env: AT_THE_END,
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
    title: "in one stack, with PULUMI_SKIP_CHECKPOINTS and PULUMI_PARALLEL=64",
    count: 100,
    stacks: 1,
    env: { ...AT_THE_END, ...WIDE },
    kserve: KSERVE_SECONDS,
  },
  {
    title: "by hand in one stack, with PULUMI_SKIP_CHECKPOINTS and PULUMI_PARALLEL=64",
    count: 100,
    stacks: 1,
    env: { ...AT_THE_END, ...WIDE },
    way: "hand",
  },
  { title: "in one stack", count: 100, stacks: 1, kserve: KSERVE_SECONDS },
];
/** How many stacks are brought up at a time. */
const AT_A_TIME = 2;
const PRODUCT = "NVIDIA-H100-80GB-HBM3";
const NODES = 30;

/** From `up` until the last object is there, and until all pods are ready, on simulated nodes. */
export async function benchCluster(folder: string, checkout: string): Promise<Row[]> {
  await ensureToolchain({ groups: ["engine", "cluster"], log: () => undefined });
  const made = await built(join(folder, "cluster"), checkout);
  const most = Number(process.env["KSERVE_LLM_BENCH_SERVICES"] ?? Number.POSITIVE_INFINITY);
  const rows: Row[] = [];
  for (const [index, layout] of LAYOUTS.entries())
    if (layout.count <= most) rows.push(...(await deployed(join(folder, `cluster-${index}`), made, layout)));
  return rows;
}

/** Deploys one layout on a cluster of its own. */
async function deployed(
  folder: string,
  made: Built,
  { title, count, stacks, env, kserve, way = "library" }: Layout,
): Promise<Row[]> {
  const cluster = await startCluster({
    crds: ["gateway", "inference"],
    nodes: Array.from({ length: NODES }, (_, index) => gpuNode(`h100-${index}`, { gpus: 8, product: PRODUCT })),
  });
  try {
    const projects = [];
    for (let stack = 0; stack < stacks; stack++) {
      const below = join(folder, String(stack));
      mkdirSync(below, { recursive: true });
      const own = { first: (stack * count) / stacks, count: count / stacks };
      const text = programOf(way, own.count, made, "cluster", own.first);
      projects.push(await project(below, way, text, made, { env: { KUBECONFIG: cluster.kubeconfig, ...env } }));
    }
    const started = Date.now();
    const left = [...projects];
    const spentOf: number[] = [];
    const worker = async (): Promise<void> => {
      for (let one = left.shift(); one !== undefined; one = left.shift())
        spentOf.push((await spent("pulumi up --yes --skip-preview --non-interactive > up.log 2>&1", one)).cpuSeconds);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    const times = await timesOf(cluster, started, count);
    const what = `up of ${count === 1 ? "1 service" : `${count} services`} ${title}`;
    const beside =
      kserve === undefined ? {} : { beside: { what: "KServe's reconcile loop", value: kserve, unit: "s" as const } };
    return [
      {
        what: `${what}: until the last object is there, by the wall`,
        measured: { value: times.objects, unit: "s" },
        ...beside,
      },
      {
        what: `${what}: until all pods are ready, by the wall`,
        measured: { value: times.ready, unit: "s" },
        ...beside,
        ...(kserve !== undefined && { goal: { ratio: 0.5 } }),
      },
      {
        what: `${what}: of it, processor time of engine, plugins and program`,
        measured: { value: spentOf.reduce((a, b) => a + b, 0), unit: "s" },
      },
    ];
  } finally {
    await cluster.stop();
  }
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
