import { whileRunning } from "./control-plane.ts";
import type { Processes } from "./processes.ts";
import { binary, missing } from "./tools.ts";
import type { Cluster } from "./types.ts";

const CONTROLLERS = "cert-manager";

/** Why cert-manager's controllers cannot be run, with the fix; undefined if they can. */
export const certManagerProblem = (): string | undefined => missing(CONTROLLERS);

/** The controllers of cert-manager that issue certificates by CA and SelfSigned issuers. Its webhook does not run: the API server judges by the CRDs. */
export async function startCertManager(cluster: Cluster, processes: Processes): Promise<void> {
  processes.start(CONTROLLERS, binary(CONTROLLERS), [cluster.kubeconfig]);
  await whileRunning(processes, "cert-manager", async () =>
    /^started$/m.test(processes.tail(CONTROLLERS, 1000)) ? true : undefined,
  );
}
