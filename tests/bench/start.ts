import { join } from "node:path";
import { bundle } from "../../tools/build/bundle.ts";
import { buildPlugin } from "../../tools/build/plugin.ts";
import { OF_USERS, startPlugin } from "../provider/plugin.ts";
import { interleaved, median } from "./measure.ts";

const RUNS = 10;

/** The provider from its start to its first GetSchema, beside a bundle that holds nothing of ours. */
export async function benchStart(folder: string): Promise<string[]> {
  await buildPlugin(join(folder, "plugin"));
  await bundle(join(import.meta.dirname, "../provider/bare.ts"), join(folder, "bare.cjs"));
  const start =
    (file: string, env = process.env) =>
    () =>
      startPlugin(process.execPath, [join(folder, file)], { env });
  const kept = { ...process.env, ...OF_USERS, XDG_CACHE_HOME: join(folder, "cache") };
  const installed = start("plugin/start.cjs", kept);
  await installed();
  const [own, bare, again] = await interleaved(RUNS, start("plugin/main.cjs"), start("bare.cjs"), installed);
  const cpu = (runs: typeof own): number => median(runs.map(({ cpuSeconds }) => cpuSeconds));
  const peak = (runs: typeof own): string => median(runs.map(({ peakMegabytes }) => peakMegabytes)).toFixed(0);
  return [
    `provider start to GetSchema: ${cpu(own).toFixed(2)} s of CPU, bare bundle ${cpu(bare).toFixed(2)} s: ${(cpu(own) / cpu(bare)).toFixed(2)} ×`,
    `the same as it is installed, from its second start on: ${cpu(again).toFixed(2)} s, ${(cpu(again) / cpu(bare)).toFixed(2)} ×`,
    `its peak memory: ${peak(own)} MB, bare bundle ${peak(bare)} MB`,
  ];
}
