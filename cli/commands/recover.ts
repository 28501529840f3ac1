import { hostname } from "node:os";
import type { ClusterClient } from "../../cluster/client.ts";
import { ClusterError } from "../../cluster/error.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { findings, type Recovery, unrecorded } from "../../cluster/recovery.ts";
import { type Finding, isStaying } from "../../core/views/recovery/mend.ts";
import { type ExportedState, isExportedState, type StateResource } from "../../core/views/recovery/state.ts";
import { UnreadableInput } from "../input/input.ts";
import { clusterOf } from "../state/clusterof.ts";
import { findDamaged, restore } from "../state/damaged.ts";
import { findLost, type Lost, lostText, mendAll, rootsOf } from "../state/lost.ts";
import { failureOf, pulumi, type StackChoice, succeed } from "../state/pulumi.ts";
import { describe, refusedText, unreadText, unsettledText, unsureText } from "../state/recovernotes.ts";
import type { Result } from "../text/terminal.ts";

export interface RecoverOptions extends StackChoice, ClusterChoice {
  yes?: boolean;
  take?: string[];
  unlock?: boolean;
  /** False: the program is not run, so creates whose answer was lost are not found. */
  preview?: boolean;
}

/** Asks the user; without a terminal, nothing is done unless `--yes` was given. */
type Ask = (question: string) => Promise<boolean>;

/**
 * Repairs the state of a stack that an interrupted run left. Exit codes: 0 recovered or nothing to do, 1 not done, or
 * an object of another owner has the name.
 */
export async function recover(options: RecoverOptions, ask?: Ask): Promise<Result> {
  const { state, restored, refusal: unread } = await exported(options, ask);
  if (unread !== undefined || state === undefined) return unread ?? result("", "", 1);
  const { found, lost, notes: unseen } = await look(state, options);
  const notes = `${restored}${unseen}${lostText(lost)}`;
  const all = [...found, ...lost.ours];
  if (all.length === 0) return withNotes(await unlock(state, options), notes);
  const shown = describe(all);
  if (!options.yes) {
    const unasked = "Nothing was changed. Run the command again with --yes.\n";
    if (ask === undefined) return result(shown, `${notes}${unasked}`, 1);
    if (!(await ask(`${shown}${notes}\nRecover the stack? [y/N] `))) return result("", "Nothing was changed.\n", 1);
  }
  const refusal = await write(state, found, lost, options);
  if (refusal !== undefined) return result(shown, refusal, 1);
  const refused = found.filter(({ action }) => action === "refuse");
  const unsettled = found.filter(({ action }) => action === "unread");
  const done = "The stack is recovered. Run `pulumi up` or `pulumi destroy` now.\n";
  const left = `${refusedText(refused)}${unsettledText(unsettled)}`;
  if (left !== "") return result(shown, `${notes}The rest is recovered. ${left}`, 1);
  return result(`${shown}\n${done}`, notes, 0);
}

/**
 * Writes the corrected state. Before that the engine makes the stack and the providers that lost objects need and the
 * state lacks, and nothing else. Returns the reason if it cannot be done.
 */
async function write(
  state: ExportedState,
  found: readonly Finding[],
  lost: Lost,
  options: RecoverOptions,
): Promise<string | undefined> {
  const roots = rootsOf(lost, state);
  if (roots.length === 0) return importState(mendAll(state, found, lost), options);
  const refusal = await importState(mendAll(state, found, { ...lost, ours: [] }), options);
  if (refusal !== undefined) return refusal;
  const targets = roots.flatMap((urn) => ["--target", urn]);
  const ran = await pulumi(["up", "--yes", "--skip-preview", ...targets], options);
  if (ran.code !== 0) return `pulumi up ${targets.join(" ")} failed:\n${failureOf(ran)}\n`;
  const rooted = parse(await succeed(["stack", "export"], options));
  return importState(mendAll(rooted, found.filter(isStaying), lost), options);
}

const NO_STACK = /no stack named|stack '[^']{1,200}' not found/;
/** How to continue with a stack whose state is lost. */
const ANEW =
  " If the state of the stack was lost, run `pulumi stack init` with the name of the stack, and run `kserve-llm recover` again: it adds the objects with the mark of the stack to the new state.";

interface Exported {
  state?: ExportedState;
  /** The message about a damaged state file; empty if the file was whole. */
  restored: string;
  refusal?: Result;
}

/** The state of the stack. If its file is damaged (by a full disk, for example), the newest copy replaces it first. */
async function exported(options: RecoverOptions, ask?: Ask): Promise<Exported> {
  const { code, stdout, stderr } = await pulumi(["stack", "export"], options);
  if (code === 0) return { state: parse(stdout), restored: "" };
  const why = stderr.trim() || stdout.trim();
  const damaged = await findDamaged(why, options);
  if (damaged === undefined)
    throw new UnreadableInput(`pulumi stack export failed: ${why}${NO_STACK.test(why) ? ANEW : ""}`);
  const { file, copy, written } = damaged;
  if (copy === undefined)
    throw new UnreadableInput(
      `The state file ${file} is damaged, and no copy of it can be read. Move the file and its copies away.${ANEW}`,
    );
  const shown = `The state file ${file} is damaged. The newest copy that can be read was written at ${written?.toISOString()}: ${copy}\n`;
  if (!options.yes && !(await ask?.(`${shown}\nReplace the state file with the copy? [y/N] `))) {
    const how = ask === undefined ? " Run the command again with --yes." : "";
    return { restored: "", refusal: result(shown, `Nothing was changed.${how}\n`, 1) };
  }
  const kept = restore(file, copy);
  const note = `${shown}The copy replaced the state file; the damaged file was kept as ${kept}.\nChanges that the interrupted run made may be missing in the state: run \`pulumi up --refresh\` next.\n`;
  return { state: parse(await succeed(["stack", "export"], options)), restored: note };
}

interface Looked {
  /** The outcome of the operations that the state knows. */
  found: Finding[];
  /** Objects that the state does not know. */
  lost: Lost;
  /** What could not be found out. */
  notes: string;
}

async function look(state: ExportedState, options: RecoverOptions): Promise<Looked> {
  const connect: Recovery["connect"] = (provider) => reached(provider, options);
  const recovery: Recovery = { connect, ...(options.take && { take: options.take }) };
  const begun = await findings(state, recovery);
  const { others, note } = await findUnrecorded(state, recovery);
  const found = [...begun, ...others];
  const nothing: Lost = { preview: undefined, ours: [], others: [], unclear: [] };
  if (options.preview === false) return { found, lost: nothing, notes: note };
  const lost = await findLost(
    state,
    recovery,
    options,
    others.some(({ action }) => action === "forget"),
  );
  if (typeof lost === "string") return { found, lost: nothing, notes: `${note}${NO_PREVIEW}\n${lost}\n\n` };
  return { found, lost, notes: note };
}

/**
 * The cluster of a provider. A provider without a known cluster counts as one that does not answer: the other clusters
 * are still read.
 */
async function reached(provider: StateResource | undefined, options: RecoverOptions): Promise<ClusterClient> {
  try {
    return await clusterOf(provider, options);
  } catch (error) {
    throw error instanceof UnreadableInput ? new ClusterError(error.message) : error;
  }
}

/** A cluster that cannot be read does not prevent the rest of the recovery. */
async function findUnrecorded(state: ExportedState, recovery: Recovery): Promise<{ others: Finding[]; note: string }> {
  const { found, unsure, unread } = await unrecorded(state, recovery);
  return { others: found, note: `${unsureText(unsure)}${unreadText(unread)}` };
}

const NO_PREVIEW =
  "pulumi preview failed, so objects that were created while the connection failed are not found (--no-preview skips this step):";

function withNotes(outcome: Result, notes: string): Result {
  return { ...outcome, stderr: `${notes}${outcome.stderr}` };
}

function result(stdout: string, stderr: string, code: number): Result {
  return { stdout, stderr, code };
}

function parse(exported: string): ExportedState {
  const state: unknown = JSON.parse(exported);
  if (!isExportedState(state)) throw new UnreadableInput("pulumi stack export did not print a stack state");
  return state;
}

/**
 * No operation was pending when the run ended; but backends without a service keep the lock of a run that was killed.
 */
async function unlock(state: ExportedState, options: RecoverOptions): Promise<Result> {
  const nothing = "No operation was in progress, so nothing needs to be recovered.\n";
  const { stdout } = await pulumi(["whoami", "--json"], { ...(options.cwd !== undefined && { cwd: options.cwd }) });
  const isSelfManaged = !isService(stdout);
  const refusal = isSelfManaged || options.unlock ? await importState(state, options) : undefined;
  return refusal === undefined ? result(nothing, "", 0) : result(nothing, refusal, 1);
}

/** Whether `pulumi whoami --json` names a service; other backends are folders and buckets. */
function isService(whoami: string): boolean {
  const { url } = JSON.parse(whoami) as { url?: string };
  return url === undefined || url.startsWith("http");
}

const LOCKED = /currently locked|already in progress|currently in progress|conflict: Another update/i;
/** How a backend without a service describes a lock. */
const LOCK = /@([^\s@]{1,255}) \(pid (\d{1,10})\)/g;

/** Writes the state. Returns the reason if it cannot: the stack is locked. */
async function importState(state: ExportedState, options: RecoverOptions): Promise<string | undefined> {
  const text = JSON.stringify(state);
  const first = await pulumi(["stack", "import"], options, text);
  if (first.code === 0) return undefined;
  const why = (first.stderr || first.stdout).trim();
  if (!LOCKED.test(why)) throw new UnreadableInput(`pulumi stack import failed: ${why}`);
  if (!options.unlock && !isAbandoned(why)) {
    return `${why}\n\nThe stack is locked. If no other run is in progress, run the command again with --unlock.\n`;
  }
  await cancel(options);
  await succeed(["stack", "import"], options, text);
  return undefined;
}

/** `pulumi cancel` takes its stack as an argument. */
async function cancel({ stack, cwd }: RecoverOptions): Promise<void> {
  const chosen = stack === undefined ? [] : [stack];
  await succeed(["cancel", "--yes", ...chosen], cwd === undefined ? {} : { cwd });
}

/** True if all locks belong to ended processes of this computer. */
function isAbandoned(why: string): boolean {
  const locks = [...why.matchAll(LOCK)];
  return locks.length > 0 && locks.every(([, host, pid]) => host === hostname() && !isRunning(Number(pid)));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
