import { inspect } from "node:util";
import { Violation } from "./invariants.ts";
import { KINDS } from "./kinds.ts";
import { Odd } from "./oddvalues.ts";
import type { Kind } from "./planned.ts";
import { Random } from "./random.ts";
import { shrunk } from "./shrink.ts";

/** Something went wrong with an input. */
type Fault = "exception" | "hang" | "slow" | "wrong";

export interface Failure {
  kind: string;
  input: number;
  fault: Fault;
  /** What distinguishes failures: the invariant, or the exception with its place in the code. */
  key: string;
  detail: string;
  minimal: string;
}

export interface Task {
  seed: number;
  kind: string;
  first: number;
  count: number;
  without: readonly string[];
}

/** Processor time that one input may take; a plan takes about 5 ms. */
const SLOW_MILLISECONDS = 1_500;

function kindOf(name: string): Kind {
  const kind = KINDS.find((one) => one.name === name);
  if (kind === undefined)
    throw new Error(`there is no kind ${JSON.stringify(name)}: ${KINDS.map((one) => one.name).join(", ")}`);
  return kind;
}

export function inputOf({ seed, kind, without }: Pick<Task, "seed" | "kind" | "without">, index: number): unknown {
  return kindOf(kind).make(new Random(seed, kind, index), new Odd(without));
}

/** Runs the inputs of a task; `before` gets the next one, so that another thread can see where it hangs. */
export async function runTask(
  task: Task,
  before: (index: number) => void,
  seen = new Set<string>(),
): Promise<Failure[]> {
  const kind = kindOf(task.kind);
  const failures: Failure[] = [];
  for (let index = task.first; index < task.first + task.count; index++) {
    before(index);
    const input = inputOf(task, index);
    const found = await faultOf(kind, input);
    if (found === undefined) continue;
    const isNew = !seen.has(`${kind.name} ${found.key}`);
    seen.add(`${kind.name} ${found.key}`);
    const fails = async (one: unknown): Promise<boolean> => (await faultOf(kind, one))?.key === found.key;
    // Only the first of its sort is made smaller.
    const smaller = isNew && found.fault !== "slow" ? await shrunk(input, fails) : input;
    failures.push({ kind: kind.name, input: index, ...found, minimal: isNew ? shown(smaller) : "" });
  }
  return failures;
}

async function faultOf(kind: Kind, input: unknown): Promise<Pick<Failure, "fault" | "key" | "detail"> | undefined> {
  const before = process.threadCpuUsage();
  try {
    await kind.run(input as never);
  } catch (error) {
    if (error instanceof Violation) return { fault: "wrong", key: error.invariant, detail: error.message };
    return {
      fault: "exception",
      key: placeOf(error),
      detail: String(error instanceof Error ? error.stack : error).slice(0, 600),
    };
  }
  const { user, system } = process.threadCpuUsage(before);
  const milliseconds = (user + system) / 1000;
  if (milliseconds <= SLOW_MILLISECONDS) return undefined;
  return { fault: "slow", key: "slow", detail: `${Math.round(milliseconds)} ms of processor time` };
}

/** The innermost place of this repository in an exception's stack. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frames = (error.stack ?? "")
    .split("\n")
    .filter((line) => /\/(core|cli|components|provider|cluster)\//.test(line));
  const [, file = "", line = ""] =
    /\/((?:core|cli|components|provider|cluster)\/[^:]+):(\d+)/.exec(frames[0] ?? "") ?? [];
  return `${error.name} at ${file}:${line}`;
}

export function shown(value: unknown): string {
  return inspect(value, { depth: 30, breakLength: 140, maxStringLength: 300, maxArrayLength: 20 });
}
