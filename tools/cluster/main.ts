import { ensureToolchain } from "../toolchain/ensure.ts";
import { startCluster } from "./cluster.ts";
import { gpuNode } from "./objects.ts";

// node tools/bootstrap.mjs tools/cluster/main.ts: a control plane with simulated GPU nodes, until Ctrl-C.
const say = (line: string): void => void process.stderr.write(`${line}\n`);
await ensureToolchain({ groups: ["cluster"], log: say });
const cluster = await startCluster({
  lws: true,
  crds: ["gateway", "inference", "keda", "prometheus"],
  nodes: [
    gpuNode("h100-0", { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" }),
    gpuNode("h100-1", { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" }),
    gpuNode("a100-0", { gpus: 8, product: "NVIDIA-A100-SXM4-80GB" }),
  ],
});
say("A test control plane with three GPU nodes is up; Ctrl-C ends it.");
process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig}\n`);

const alive = setInterval(() => undefined, 2 ** 30);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    clearInterval(alive);
    void cluster.stop();
  });
}
