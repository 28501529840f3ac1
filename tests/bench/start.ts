import { join } from "node:path";
import { bundle } from "../../tools/build/bundle.ts";
import { buildCommand } from "../../tools/build/command.ts";
import { buildPlugin } from "../../tools/build/plugin.ts";
import { ROOT } from "../e2e/engine.ts";
import { OF_USERS, startPlugin } from "../provider/plugin.ts";
import { interleaved, median, spent } from "./measure.ts";
import type { Row } from "./row.ts";

const RUNS = 10;

/** Times the CPU of a bundle without code of this package. */
const GOAL_RATIO = 1.15;
const GOAL_MEGABYTES = 100;
/** Of `kserve-llm render` of one file, by the wall. */
const GOAL_RENDER_SECONDS = 0.25;

/** The provider from its start to its first GetSchema, compared with a bundle without code of this package. */
export async function benchStart(folder: string): Promise<Row[]> {
  await buildPlugin(join(folder, "plugin"));
  await bundle(join(import.meta.dirname, "../provider/bare.ts"), join(folder, "bare.cjs"));
  const start =
    (file: string, env = process.env) =>
    () =>
      startPlugin(process.execPath, [join(folder, file)], { env });
  const kept = { ...process.env, ...OF_USERS, XDG_CACHE_HOME: join(folder, "cache") };
  const installed = start("plugin/start.cjs", kept);
  await installed();
  const render = await renderOf(folder, kept);
  const [first, bare, again] = await interleaved(RUNS, start("plugin/main.cjs"), start("bare.cjs"), installed);
  const seconds = (runs: typeof first) =>
    ({ value: median(runs.map(({ cpuSeconds }) => cpuSeconds)), unit: "s" }) as const;
  const peak = (runs: typeof first) =>
    ({ value: median(runs.map(({ peakMegabytes }) => peakMegabytes)), unit: "MB" }) as const;
  const beside = { what: "bare bundle", ...seconds(bare) };
  return [
    { what: "first start of the provider to GetSchema", measured: seconds(first), beside },
    {
      what: "each later start of an installed provider",
      remark: "from the code that Node has compiled",
      measured: seconds(again),
      beside,
      goal: { ratio: GOAL_RATIO },
    },
    {
      what: "peak memory of the provider",
      measured: peak(again),
      beside: { what: "bare bundle", ...peak(bare) },
      goal: { value: GOAL_MEGABYTES },
    },
    render,
  ];
}

/** The command line as the package has it, from the code that Node compiled before. */
async function renderOf(folder: string, env: NodeJS.ProcessEnv): Promise<Row> {
  await buildCommand(join(folder, "cli"));
  const command = `"${process.execPath}" cli/kserve-llm.cjs render -f "${join(ROOT, "examples/cli/chat.yaml")}" > rendered.yaml`;
  const render = () => spent(command, { cwd: folder, env });
  await render();
  const [runs] = await interleaved(RUNS, render);
  return {
    what: "`kserve-llm render` of one file, by the wall",
    remark: "from the code that Node has compiled",
    measured: { value: median(runs.map(({ wallSeconds }) => wallSeconds)), unit: "s" },
    goal: { value: GOAL_RENDER_SECONDS },
  };
}
