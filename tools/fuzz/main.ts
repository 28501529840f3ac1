import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { API_SERVER, apiServerInput, judgeByApiServer, judgeInput, type Verdict } from "./apiserver.ts";
import { KINDS } from "./kinds.ts";
import { compareVerdicts, confusionTable, examplesOf, WRONG } from "./objects/run.ts";
import { ODD_GROUPS, Odd } from "./oddvalues.ts";
import { runTasks } from "./pool.ts";
import { type Failure, inputOf, runTask, shown, type Task } from "./run.ts";
import { tasksOf } from "./tasks.ts";

const USAGE = `usage: npm run fuzz -- [--seed N] [--inputs N] [--kind KIND ...] [--without GROUP ...] [--input N]

  --seed N       seed of the random inputs; the same seed gives the same inputs (default: from the clock)
  --inputs N     number of inputs over all kinds (default 100000)
  --kind KIND    only this kind of input; repeatable: ${[...KINDS.map(({ name }) => name), API_SERVER].join(", ")}
  --input N      only this input of the kind, to see a failure again
  --without G    without a group of odd values; repeatable: ${ODD_GROUPS.join(", ")}
  --api-server   (also --kind "api server") send the objects of N plans without an error to a real API server, and list what it refuses
  --objects N    with --api-server: compare the plan's verdicts on N services with one or two faults with the API server's verdicts
  --skip KIND    without this kind of input; repeatable
`;
/** Number of failures of one sort that are printed in full. */
const MOST_SHOWN = 40;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      inputs: { type: "string", default: "100000" },
      input: { type: "string" },
      kind: { type: "string", multiple: true, default: [] },
      skip: { type: "string", multiple: true, default: [] },
      without: { type: "string", multiple: true, default: [] },
      "api-server": { type: "boolean", default: false },
      objects: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return print(USAGE, 0);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  const { without } = values;
  const input = values.input === undefined ? undefined : Number(values.input);
  if (values["api-server"] && values.objects !== undefined) return printComparison(seed, Number(values.objects), input);
  if (values["api-server"] || values.kind.includes(API_SERVER))
    return input === undefined
      ? printVerdict(await judgeByApiServer({ seed, inputs: Number(values.inputs), without }, log), seed, without)
      : replayAtApiServer(seed, input, without);
  const kinds = KINDS.filter(
    ({ name }) => (values.kind.length === 0 || values.kind.includes(name)) && !values.skip.includes(name),
  );
  const [{ name: kind } = { name: undefined }] = kinds;
  if (kind === undefined) return print(USAGE, 2);
  if (input !== undefined) return replay({ seed, kind, first: input, count: 1, without });
  const tasks = tasksOf(kinds, Number(values.inputs), seed, without);
  const failures: Failure[] = [];
  const start = performance.now();
  await runTasks(tasks, availableParallelism(), (found) => void failures.push(...found));
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`${tableOf(tasks, failures)}\nseed ${seed}, ${Math.round(seconds)} s\n`);
  return printFailures(failures, seed, without);
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The confusion table of the two verdicts, and examples of every cell in which they may differ. */
async function printComparison(seed: number, objects: number, input?: number): Promise<number> {
  const range = input === undefined ? { objects } : { objects: 1, first: input };
  const all = await compareVerdicts({ seed, ...range }, log);
  process.stdout.write(`${confusionTable(all)}\nseed ${seed}\n`);
  for (const cell of [...WRONG, "refused before, and the server takes it"] as const) {
    const examples = examplesOf(all, cell, MOST_SHOWN);
    if (examples.length > 0) process.stdout.write(`\n${cell}:\n${examples.join("\n")}\n`);
  }
  return all.some(({ cell }) => WRONG.includes(cell)) ? 1 : 0;
}

async function replayAtApiServer(seed: number, input: number, without: readonly string[]): Promise<number> {
  process.stdout.write(`${shown(apiServerInput(seed, input, new Odd(without)))}\n`);
  return printVerdict(await judgeInput({ seed, input, without }, log), seed, without);
}

function printVerdict(
  { plans, objects, failures, notJudged }: Verdict,
  seed: number,
  without: readonly string[],
): number {
  const refused = new Set(failures.map(({ input }) => input)).size;
  process.stdout.write(
    `${refused} of ${plans} plans have an object that the API server refuses (${objects} objects); seed ${seed}\n`,
  );
  for (const [kind, count] of notJudged)
    process.stdout.write(`not judged, for the API server does not serve the kind: ${count} objects of ${kind}\n`);
  return printFailures(failures, seed, without);
}

function printFailures(failures: readonly Failure[], seed: number, without: readonly string[]): number {
  for (const [failure, count] of distinct(failures).slice(0, MOST_SHOWN))
    process.stdout.write(describe(failure, count, seed, without));
  return failures.length === 0 ? 0 : 1;
}

function print(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

async function replay(task: Task): Promise<number> {
  process.stdout.write(`${shown(inputOf(task, task.first))}\n`);
  const failures = await runTask(task, () => {});
  for (const { fault, detail, minimal } of failures) process.stdout.write(`${fault}: ${detail}\nminimal: ${minimal}\n`);
  process.stdout.write(failures.length === 0 ? "the input shows no failure\n" : "");
  return failures.length === 0 ? 0 : 1;
}

const FAULTS = ["exception", "hang", "slow", "wrong"] as const;
const HEADS = ["kind", "inputs", "exceptions", "hangs", "slow", "wrong"];

function tableOf(tasks: readonly Task[], failures: readonly Failure[]): string {
  const rows = [...new Set(tasks.map(({ kind }) => kind))].map((kind) => {
    const inputs = tasks.filter((task) => task.kind === kind).reduce((sum, { count }) => sum + count, 0);
    const of = FAULTS.map((fault) => failures.filter((one) => one.kind === kind && one.fault === fault).length);
    return [kind, inputs, ...of].map(String);
  });
  const all = [HEADS, ...rows];
  const widths = HEADS.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  "),
    )
    .join("\n");
}

/** The failures of different sorts, each with its number; the one with the smallest input represents them. */
function distinct(failures: readonly Failure[]): [Failure, number][] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = `${failure.kind} ${failure.fault} ${failure.key}`;
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  const sorted = [...groups.values()].sort((one, other) => other.length - one.length);
  return sorted.map((group) => [group.find(({ minimal }) => minimal !== "") ?? (group[0] as Failure), group.length]);
}

function describe(
  { kind, input, fault, key, detail, minimal }: Failure,
  count: number,
  seed: number,
  without: readonly string[],
): string {
  const left = without.map((group) => ` --without ${group}`).join("");
  const command = `npm run fuzz -- --seed ${seed} --kind ${JSON.stringify(kind)} --input ${input}${left}`;
  return `\n${fault} × ${count} (${kind}): ${key}\n  ${detail.replaceAll("\n", "\n  ")}\n  minimal: ${minimal}\n  again: ${command}\n`;
}

process.exitCode = await main();
