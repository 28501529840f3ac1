import { parseArgs } from "node:util";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { ensureToolchain } from "../../tools/toolchain/ensure.ts";
import { withFolder } from "../e2e/engine.ts";
import { openBed } from "./bed.ts";
import { allStrikes, describeStrike, type Fault, sample, seeded, survive } from "./strike.ts";

const USAGE = `npm run faults [-- OPTIONS]
Disturbs pulumi up, an update and pulumi destroy on a test control plane, recovers, and checks that state and cluster agree.
  --seed N        what follows which fault, with which plugin's creates, and which faults are sampled (default 1)
  --faults LIST   kill,plugin,lose,restart,state,disk (default: all but disk, which needs the right to mount)
  --stages LIST   up,update,destroy (default: all of them)
  --sample N      so many of each fault, in place of every moment
  --services N    services in the stack (default 1)
  --plain         services alone, without a platform
With PULUMI_SKIP_CHECKPOINTS=true in the environment, Pulumi writes the state at the end of each run alone.`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    faults: { type: "string", default: "kill,plugin,lose,restart,state" },
    stages: { type: "string", default: "up,update,destroy" },
    sample: { type: "string" },
    services: { type: "string", default: "1" },
    plain: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** One line per fault; the last one counts them. The exit code is 1 if a fault was not survived. */
async function main(): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  Object.assign(process.env, (await ensureToolchain({ groups: ["engine", "cluster"], log: say })).env);
  const cluster = await startCluster({ nodes: [{ name: "node-0" }] });
  const failed: string[] = [];
  let tried = 0;
  try {
    await withFolder(async (folder) => {
      const random = seeded(Number(values.seed));
      const options = { name: "faults", services: Number(values.services), platform: !values.plain };
      const bed = await openBed(cluster, folder, options);
      say(`changes of an undisturbed run: ${JSON.stringify(bed.changes)}`);
      for (const fault of values.faults.split(",") as Fault[]) {
        const all = allStrikes(bed, fault, random).filter(({ stage }) => values.stages.split(",").includes(stage));
        for (const strike of values.sample === undefined ? all : sample(all, Number(values.sample), random)) {
          const started = Date.now();
          const outcome = await survive(bed, strike).catch((error: Error) => {
            failed.push(describeStrike(strike));
            return `NOT SURVIVED: ${error.message}`;
          });
          if (outcome !== "did not strike") tried++;
          say(`${describeStrike(strike)}: ${outcome} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
          if (failed.length > 2) return;
        }
      }
      await bed.stop();
    });
  } finally {
    await cluster.stop();
  }
  say(`${tried} faults, ${tried - failed.length} survived${failed.map((one) => `\n  not: ${one}`).join("")}`);
  return failed.length === 0 && tried > 0 ? 0 : 1;
}

if (values.help) process.stdout.write(`${USAGE}\n`);
else process.exit(await main());
