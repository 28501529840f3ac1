import { join } from "node:path";
import { bundle } from "../../tools/build/bundle.ts";
import { buildPlugin } from "../../tools/build/plugin.ts";
import { startPlugin } from "../provider/plugin.ts";
import { interleaved, median } from "./measure.ts";

const RUNS = 10;

/** The provider from its start to its first GetSchema, beside a bundle that holds nothing of ours. */
export async function benchStart(folder: string): Promise<string[]> {
  await buildPlugin(join(folder, "plugin"));
  await bundle(join(import.meta.dirname, "../provider/bare.ts"), join(folder, "bare.cjs"));
  const start = (file: string) => () => startPlugin(process.execPath, [join(folder, file)]);
  const [own, bare] = await interleaved(RUNS, start("plugin/main.cjs"), start("bare.cjs"));
  const cpu = (runs: typeof own): number => median(runs.map(({ cpuSeconds }) => cpuSeconds));
  const peak = (runs: typeof own): string => median(runs.map(({ peakMegabytes }) => peakMegabytes)).toFixed(0);
  return [
    `provider start to GetSchema: ${cpu(own).toFixed(2)} s of CPU, bare bundle ${cpu(bare).toFixed(2)} s: ${(cpu(own) / cpu(bare)).toFixed(2)} ×`,
    `its peak memory: ${peak(own)} MB, bare bundle ${peak(bare)} MB`,
  ];
}
