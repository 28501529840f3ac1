import { readKubeconfig } from "../../cluster/kubeconfig.ts";

/** Prints the credentials of a request to the cluster of a kubeconfig; run as a bundle. */
async function main(): Promise<void> {
  const { server, options } = await readKubeconfig({ kubeconfig: process.argv[2] });
  const { headers } = await options();
  process.stdout.write(JSON.stringify({ server, headers }));
}
void main();
