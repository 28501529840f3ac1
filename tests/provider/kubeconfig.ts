import { readKubeconfig } from "../../cluster/kubeconfig.ts";

/** Prints what a request to the cluster of the kubeconfig that is named would carry; run as a bundle. */
async function main(): Promise<void> {
  const { server, options } = await readKubeconfig({ kubeconfig: process.argv[2] });
  const { headers } = await options();
  process.stdout.write(JSON.stringify({ server, headers }));
}
void main();
