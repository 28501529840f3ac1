import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startCluster } from "../cluster/cluster.ts";
import { gpuNode } from "../cluster/objects.ts";
import type { Cluster } from "../cluster/types.ts";
import { ensureToolchain, ToolchainError } from "../toolchain/ensure.ts";
import { type Process, page, table } from "./page.ts";
import { type Played, picture } from "./picture.ts";
import { playScene } from "./play.ts";
import { SCENES } from "./scenes.ts";
import { GATEWAY, NAMESPACE, rendered } from "./services.ts";
import { type Serving, servingProblem, startServing } from "./serving.ts";

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const DEFAULT_OUT = join(import.meta.dirname, "../../.state/demo");

/** `npm run demo`: requests to services that run as processes, and a page that shows which pods answered. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { out: { type: "string", default: DEFAULT_OUT } } });
  await ensureToolchain({ groups: ["cluster", "serving"], log: say });
  const problem = servingProblem();
  if (problem !== undefined) {
    say(`The demonstration cannot run: ${problem}`);
    return 1;
  }
  say("Starting a control plane with two simulated GPU nodes …");
  const nodes = ["h100-0", "h100-1"].map((name) => gpuNode(name, { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" }));
  const cluster = await startCluster({ crds: ["gateway", "inference"], nodes });
  let serving: Serving | undefined;
  try {
    await cluster.apply([
      ...GATEWAY,
      { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
      ...rendered(),
    ]);
    say("Starting the pods' processes, and a gateway before them …");
    serving = await startServing(cluster, NAMESPACE);
    await serving.openGateway();
    const processes = processesOf(serving);
    const played = await playAll(serving, cluster);
    write(values.out, played, processes);
    process.stdout.write(`\n${table(played)}\nThe page: ${join(values.out, "index.html")}\n`);
    return played.every(({ sent }) => sent.every(({ answer }) => answer.status === 200)) ? 0 : 1;
  } finally {
    await serving?.stop();
    await cluster.stop();
  }
}

async function playAll(serving: Serving, cluster: Cluster): Promise<Played[]> {
  const played: Played[] = [];
  for (const scene of SCENES) {
    say(`Sending requests: ${scene.name} …`);
    const pods = scene.pods(serving).map(({ name, pod }) => {
      const component = pod.metadata.labels?.["app.kubernetes.io/component"] ?? "";
      return { name, role: component.endsWith("prefill") ? "prefill" : "decode" };
    });
    played.push({ name: scene.name, says: scene.says, pods, sent: await playScene(scene, { serving, cluster }) });
  }
  return played;
}

function processesOf({ kubelet }: Serving): Process[] {
  return kubelet.pods().flatMap(({ name, address, containers }) =>
    containers.map(({ container, program }) => ({
      pod: name,
      address,
      image: container.image ?? "",
      command: [program.binary, ...program.args].join(" "),
      differs: program.differs ?? "",
    })),
  );
}

function write(out: string, played: readonly Played[], processes: readonly Process[]): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "index.html"), page(played, processes));
  for (const one of played) writeFileSync(join(out, `${one.name}.svg`), `${picture(one)}\n`);
}

process.exitCode = await main().catch((error: Error) => {
  if (!(error instanceof ToolchainError)) throw error;
  say(error.message);
  return 1;
});
