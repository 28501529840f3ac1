import { join } from "node:path";
import { cpuOf, median } from "./measure.ts";
import type { Planned } from "./planning.ts";
import { referenceWork } from "./reference.ts";

// node tests/bench/planner.ts CHECKOUT COUNT [ROUNDS]: plans services with the code of a checkout, and prints what that cost as JSON.

/** As much of the modules of a checkout as is called here; the same in all commits that are compared. */
interface Checkout {
  plan(input: unknown): { objects: unknown[]; issues: { severity: string; message: string }[] };
  planInput(name: string, args: object): Promise<{ input: unknown }>;
}

const [, , checkout = "", count = "0", rounds = "60"] = process.argv;
const load = async (file: string): Promise<Partial<Checkout>> => await import(join(checkout, file));
const { plan } = (await load("core/plan.ts")) as Checkout;
const { planInput } = (await load("components/request.ts")) as Checkout;

const RUNS = 7;
const EACH = 20;
/** Node compiles a plan's functions anew until it has seen about a thousand plans, which are sixty rounds. */
const WARM_UP = Number(rounds);

const spec = {
  model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "Qwen/Qwen2.5-7B-Instruct" },
  parallelism: { tensor: 2 },
  accelerator: "nvidia-h100-80gb",
};
const routed = { ...spec, router: { route: {}, gateway: {}, scheduler: {} } };
const prefill = { parallelism: { tensor: 2 }, accelerator: "nvidia-h100-80gb" };

const inputOf = async (name: string, own: object): Promise<unknown> => (await planInput(name, own)).input;
const single = await inputOf("single", spec);
const disaggregated = await inputOf("disaggregated", { ...routed, prefill });
const refused = [single, disaggregated].flatMap((input) =>
  plan(input).issues.filter(({ severity }) => severity === "error"),
);
if (refused.length > 0) throw new Error(`the services of the benchmark are refused: ${refused[0]?.message}`);

/** Milliseconds of one of many. */
function each(work: () => unknown): number {
  return (cpuOf(() => Array.from({ length: EACH }, work)) / EACH) * 1000;
}
const works: (() => unknown)[] = [() => plan(single), () => plan(disaggregated), referenceWork];
for (const work of works) for (let turn = 0; turn < WARM_UP; turn++) each(work);
const figures: number[][] = works.map(() => []);
for (let turn = 0; turn < RUNS; turn++) for (const [index, work] of works.entries()) figures[index]?.push(each(work));

/** Different services: each has a name, a model length and an environment of its own. */
const inputs: unknown[] = [];
for (let index = 0; index < Number(count); index++) {
  const template = { containers: [{ name: "main", env: [{ name: "INDEX", value: String(index) }] }] };
  inputs.push(await inputOf(`bench-${index}`, { ...routed, tuning: { maxModelLen: 1024 + index }, template }));
}
let objects = 0;
const many = (from: number, to: number): number =>
  cpuOf(() => {
    for (const input of inputs.slice(from, to)) objects += plan(input).objects.length;
  });
const half = many(0, inputs.length / 2);
const rest = many(inputs.length / 2, inputs.length);
const [one = [], other = [], reference = []] = figures;
const found: Planned = {
  ...{ single: median(one), disaggregated: median(other), reference: median(reference) },
  ...{ many: half + rest, half, count: inputs.length, objects },
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(found));
