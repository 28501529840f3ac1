import { parseArgs } from "node:util";
import { ClusterError } from "../cluster/error.ts";
import { takeDown } from "./quickstart/destroy.ts";
import { QuickstartError } from "./quickstart/error.ts";
import { bringUp } from "./quickstart/up.ts";
import { ToolchainError } from "./toolchain/ensure.ts";

const USAGE = `npm run quickstart [-- OPTIONS]
Deploys the platform and one model service (examples/quickstart) with pulumi up. The state is in .state/.
  (none)             render YAML into a folder, without a cluster
  --cluster          deploy to the current kubeconfig
  --destroy          delete the deployed objects; the CRDs are kept
  --destroy --crds   also delete the CRDs if no objects of them are left`;

/** Exit codes: 0 fine, 1 failed, 2 wrong usage. */
async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  try {
    if (options.destroy) await takeDown(options);
    else await bringUp(options);
    return 0;
  } catch (error) {
    const isMendable = [QuickstartError, ToolchainError, ClusterError].some((kind) => error instanceof kind);
    if (!(error instanceof Error) || !isMendable) throw error;
    process.stderr.write(`\n${error.message}\n`);
    return 1;
  }
}

function readOptions(): { cluster: boolean; destroy: boolean; crds: boolean; help: boolean } | undefined {
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({ options: { cluster: flag, destroy: flag, crds: flag, help: flag } });
    if (values.crds && !values.destroy) throw new Error("--crds requires --destroy");
    return values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    return undefined;
  }
}

process.exitCode = await main();
