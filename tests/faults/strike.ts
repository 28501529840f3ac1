import assert from "node:assert/strict";
import { join } from "node:path";
import { type Bed, levelled, STAGES, type Stage } from "./bed.ts";
import { type Disk, mountOver } from "./disk.ts";
import { DESTROY, type Ran, type Run, UP } from "./project.ts";
import type { When } from "./saboteur.ts";

/**
 * What happens at a change:
 * - `kill`: the engine, its language host and its plugins end at once, as in a power cut;
 * - `plugin`: the kubernetes plugin ends, and the engine sees it;
 * - `lose`: the connection breaks, and with it the answer;
 * - `restart`: the API server ends, and comes back after two seconds;
 * - `state`: the engine is killed, and the state is lost with all its copies;
 * - `disk`: the disk of the state takes no byte more until the run has ended. An `up` is then the first one of its stack.
 */
export type Fault = "kill" | "plugin" | "lose" | "restart" | "state" | "disk";

/** The moments of each fault. */
const WHENS: Readonly<Record<Fault, readonly When[]>> = {
  kill: ["before", "after", "late"],
  plugin: ["before"],
  lose: ["before", "after"],
  restart: ["before", "after"],
  state: ["before", "after", "late"],
  disk: ["between"],
};

/** One fault at one moment, and the next step of the user. */
export interface Strike {
  fault: Fault;
  stage: Stage;
  at: number;
  when: When;
  /** What follows the recovery: the same program once more, or the reverse (destroy after an up, and so on). */
  next: "same" | "back";
  /** With creates as plugins from 4.29 on make them, or as those before. */
  guarded: boolean;
  /** Whether the disturbed run only writes the state at its end; by default from its environment. */
  stateAtEnd?: boolean;
}

const STATE_AT_END = { PULUMI_SKIP_CHECKPOINTS: "true" };
const RESTART_MS = 2_000;

/** An update makes fewer changes with creates as before 4.29, so its later moments do not exist there. */
type Outcome = "survived" | "did not strike";

/**
 * Brings the stack to the beginning of the stage, makes the fault strike, recovers, continues, and asserts the result.
 */
export async function survive(bed: Bed, strike: Strike): Promise<Outcome> {
  bed.guard(strike.guarded);
  await begin(bed, strike);
  const disk = strike.fault === "disk" ? mountOver(join(bed.project.folder, "backend")) : undefined;
  if (strike.fault === "disk") assert.ok(disk, "this user is not allowed to mount a file system");
  try {
    return await strikeAndRecover(bed, strike, disk);
  } finally {
    disk?.unmount();
  }
}

async function strikeAndRecover(bed: Bed, strike: Strike, disk: Disk | undefined): Promise<Outcome> {
  const { fault, stage } = strike;
  const target = bed.at === "INFO" ? "DEBUG" : "INFO";
  const { run, struck } = disturb(bed, strike, target, disk);
  const ran = await run.ended;
  const changes = bed.saboteur.disarm();
  await struck();
  if (changes < strike.at) {
    assert.equal(ran.code, 0, ran.output);
    await bed.agree(stage === "destroy" ? undefined : target);
    return "did not strike";
  }
  if (fault === "state") await bed.project.loseState();
  if (isKill(fault)) assert.equal(ran.code, null, `the engine was not killed:\n${ran.output}`);
  // The state of a destroy shrinks, so it may fit into the space that the file itself frees.
  if (fault === "disk" && stage === "up") assert.notEqual(ran.code, 0, `the disk was not full:\n${ran.output}`);
  const { code, output } = await recovered(bed);
  assert.equal(code, 0, `recover ended with ${code}:\n${output}\nafter:\n${ran.output}`);
  const up = output.includes("run `pulumi up --refresh`") ? [...UP, "--refresh"] : UP;
  await goOn(bed, strike, target, up).catch((error: Error) => {
    throw new Error(`${error.message}\nafter the recovery:\n${output}\nof the run:\n${ran.output}`);
  });
  return "survived";
}

function isKill(fault: Fault): boolean {
  return fault === "kill" || fault === "state";
}

/** `recover`, and what its message says: a refresh, or a new stack of the same name in between where no copy of the state can be read. */
async function recovered({ project }: Bed): Promise<Ran> {
  const first = await project.recover();
  if (UNSURE.test(first.output)) await project.run(["refresh", "--yes", "--non-interactive"]);
  if (!NO_COPY.test(first.output)) return first;
  await project.loseState();
  const { code, output } = await project.recover();
  return { code, output: `${first.output}${output}` };
}

const UNSURE = /no other object shows that it is the cluster of the stack/;
const NO_COPY = /no copy of it can be read[\s\S]*pulumi stack init/;

async function begin(bed: Bed, { stage, fault }: Strike): Promise<void> {
  const isUp = bed.at !== undefined;
  if (stage === "up" && isUp) {
    await runPatiently(bed, DESTROY);
    await bed.agree(undefined);
  }
  if (stage === "up" && fault === "disk") await bed.project.loseState();
  if (stage !== "up" && !isUp) {
    await runPatiently(bed, UP, levelled("INFO"));
    bed.at = "INFO";
  }
}

function disturb(
  bed: Bed,
  { fault, stage, at, when, stateAtEnd }: Strike,
  target: "INFO" | "DEBUG",
  disk: Disk | undefined,
): { run: Run; struck: () => Promise<void> } {
  let restarted: Promise<void> | undefined;
  const strikes: Readonly<Record<Fault, (run: Run) => void>> = {
    kill: (run) => run.kill(),
    plugin: (run) => run.killPlugin(),
    lose: () => undefined,
    state: (run) => run.kill(),
    restart: () => {
      restarted = bed.cluster.restartApiServer(RESTART_MS);
    },
    disk: () => disk?.fill(),
  };
  const args = stage === "destroy" ? DESTROY : UP;
  const run = bed.project.start(args, { ...levelled(target), ...(stateAtEnd && STATE_AT_END) });
  bed.saboteur.arm(at, when, () => strikes[fault](run));
  const struck = async (): Promise<void> => {
    disk?.free();
    await restarted;
  };
  return { run, struck };
}

async function goOn(bed: Bed, { stage, next }: Strike, target: "INFO" | "DEBUG", up: readonly string[]): Promise<void> {
  const isDestroyed = (stage === "up" && next === "back") || (stage === "destroy" && next === "same");
  if (isDestroyed) {
    await runPatiently(bed, DESTROY);
    await bed.agree(undefined);
    return;
  }
  const former = bed.at ?? target;
  const level = stage === "update" ? (next === "same" ? target : former) : stage === "up" ? target : former;
  await runPatiently(bed, up, levelled(level));
  await bed.agree(level);
}

/** How requests fail on an overloaded machine, which is not a fault of the run or of what came before it. */
const BUSY = /TLS handshake timeout|i\/o timeout|Client\.Timeout exceeded/;
const ATTEMPTS = 3;

/**
 * Runs to the end. If a request timed out on a busy machine, the stack is recovered as a user would do it, and the run
 * repeated.
 */
async function runPatiently(
  { project }: Bed,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  for (let left = ATTEMPTS; left > 0; left--) {
    const { code, output } = await project.start(args, env).ended;
    if (code === 0) return;
    if (left === 1 || !BUSY.test(output)) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
    const recovered = await project.recover();
    assert.equal(recovered.code, 0, recovered.output);
  }
}

/** Every moment of every stage, in an order that needs few runs in between. */
export function allStrikes(bed: Bed, fault: Fault, random: () => number): Strike[] {
  return STAGES.flatMap((stage) =>
    Array.from({ length: bed.changes[stage] }, (_, index) => index + 1).flatMap((at) =>
      WHENS[fault].map(
        (when): Strike => ({
          fault,
          stage,
          at,
          when,
          next: random() < 0.5 ? "same" : "back",
          guarded: random() < 0.75,
        }),
      ),
    ),
  );
}

/** Some of them, spread over the stages and moments. */
export function sample(strikes: readonly Strike[], count: number, random: () => number): Strike[] {
  const left = [...strikes];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(Math.floor(random() * left.length), 1)[0],
  )
    .filter((one): one is Strike => one !== undefined)
    .sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || a.at - b.at);
}

export function describeStrike({ fault, stage, at, when, next, guarded, stateAtEnd }: Strike): string {
  const plugin = guarded ? "creates of 4.29" : "creates before 4.29";
  const state = stateAtEnd ? ", the state written at the end" : "";
  return `${fault} ${when} change ${at} of ${stage} (${plugin}${state}), then ${next === "same" ? "the same again" : "back"}`;
}

/** mulberry32: the same seed gives the same numbers everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
