import { hostname } from "node:os";
import { resolve } from "node:path";
import { type ClusterClient, connect } from "../../cluster/client.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { findings } from "../../cluster/recovery.ts";
import { isObject, type Json } from "../../core/kubernetes/json.ts";
import { possiblyLost } from "../../core/views/recovery/lost.ts";
import { type Finding, mend } from "../../core/views/recovery/mend.ts";
import { type ExportedState, isExportedState, type StateResource } from "../../core/views/recovery/state.ts";
import type { Action } from "../../core/views/recovery/verdict.ts";
import { findDamaged, restore } from "../damaged.ts";
import { UnreadableInput } from "../input.ts";
import { pulumi, type StackChoice, succeed } from "../pulumi.ts";
import { table } from "../table.ts";
import type { Result } from "../terminal.ts";
import { shownLines } from "../text.ts";

export interface RecoverOptions extends StackChoice, ClusterChoice {
  yes?: boolean;
  take?: string[];
  unlock?: boolean;
  /** False: the program is not run, so creates whose answer was lost are not found. */
  preview?: boolean;
}

/** Asks a person; without one, nothing is done unless `--yes` was given. */
type Ask = (question: string) => Promise<boolean>;

/**
 * Puts the state of a stack right that an interrupted run left. Exit codes: 0 recovered or nothing to do, 1 not done, or an
 * object of another owner is in the way.
 */
export async function recover(options: RecoverOptions, ask?: Ask): Promise<Result> {
  const { state, restored, refusal: unread } = await exported(options, ask);
  if (unread !== undefined || state === undefined) return unread ?? result("", "", 1);
  const { found, notes: unseen } = await look(state, options);
  const notes = `${restored}${unseen}`;
  if (found.length === 0) return withNotes(await unlock(state, options), notes);
  const shown = describe(found);
  if (!options.yes) {
    const unasked = "Nothing was changed. Run the command again with --yes.\n";
    if (ask === undefined) return result(shown, `${notes}${unasked}`, 1);
    if (!(await ask(`${shown}${notes}\nRecover the stack? [y/N] `))) return result("", "Nothing was changed.\n", 1);
  }
  const refusal = await importState(mend(state, found), options);
  if (refusal !== undefined) return result(shown, refusal, 1);
  const refused = found.filter(({ action }) => action === "refuse");
  const done = "The stack is recovered. Run `pulumi up` or `pulumi destroy` now.\n";
  if (refused.length > 0) return result(shown, `${notes}${refusedText(refused)}`, 1);
  return result(`${shown}\n${done}`, notes, 0);
}

interface Exported {
  state?: ExportedState;
  /** The message about a damaged state file; empty if the file was whole. */
  restored: string;
  refusal?: Result;
}

/** The state of the stack. Where its file is damaged (a disk that was full), the newest copy takes its place first. */
async function exported(options: RecoverOptions, ask?: Ask): Promise<Exported> {
  const { code, stdout, stderr } = await pulumi(["stack", "export"], options);
  if (code === 0) return { state: parse(stdout), restored: "" };
  const why = stderr.trim() || stdout.trim();
  const damaged = await findDamaged(why, options);
  if (damaged === undefined) throw new UnreadableInput(`pulumi stack export failed: ${why}`);
  const { file, copy, written } = damaged;
  if (copy === undefined)
    throw new UnreadableInput(`The state file ${file} is damaged, and no copy of it can be read.`);
  const shown = `The state file ${file} is damaged. The newest copy that can be read was written at ${written?.toISOString()}: ${copy}\n`;
  if (!options.yes && !(await ask?.(`${shown}\nPut the copy in its place? [y/N] `))) {
    const how = ask === undefined ? " Run the command again with --yes." : "";
    return { restored: "", refusal: result(shown, `Nothing was changed.${how}\n`, 1) };
  }
  const kept = restore(file, copy);
  const told = `${shown}The copy took its place; the damaged file was kept as ${kept}.\nChanges that the interrupted run made may be missing in the state: run \`pulumi up --refresh\` next.\n`;
  return { state: parse(await succeed(["stack", "export"], options)), restored: told };
}

/** How the operations ended that the state knows of, and those that it does not; with what could not be found out. */
async function look(state: ExportedState, options: RecoverOptions): Promise<{ found: Finding[]; notes: string }> {
  const connectTo = (provider: StateResource | undefined): Promise<ClusterClient> => clusterOf(provider, options);
  const recovery = { connect: connectTo, ...(options.take && { take: options.take }) };
  const found = await findings(state, recovery);
  if (options.preview === false) return { found, notes: "" };
  const { code, stdout, stderr } = await pulumi(["preview", "--json"], options);
  if (code !== 0) return { found, notes: `${NO_PREVIEW}\n${lastLines(stderr || stdout)}\n\n` };
  const lost = possiblyLost(JSON.parse(stdout), state);
  const deployment = { ...state.deployment, pending_operations: lost };
  const ours = (await findings({ ...state, deployment }, recovery)).filter(({ action }) => action === "adopt");
  return {
    found: [...found, ...ours.map((one) => ({ ...one, why: `${one.why}; Pulumi did not receive the response` }))],
    notes: "",
  };
}

const NO_PREVIEW =
  "pulumi preview failed, so objects that were created while the connection failed are not found (--no-preview skips this step):";

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n");
}

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

const WORDS: Readonly<Record<Action, string>> = {
  adopt: "take over",
  again: "update again",
  forget: "remove from the state",
  drop: "no change was made",
  refuse: "REFUSED",
  keep: "left as it is",
};

function describe(found: readonly Finding[]): string {
  const rows = table(found, [
    { title: "OPERATION", cell: ({ operation }) => operation.type },
    { title: "OBJECT", cell: ({ subject }) => subject },
    { title: "RECOVERY", cell: ({ action }) => WORDS[action] },
    { title: "WHY", cell: ({ why }) => why },
  ]);
  const count = found.length === 1 ? "1 operation" : `${found.length} operations`;
  return `A run was interrupted with ${count} in progress:\n\n${shownLines(rows, false)}`;
}

function refusedText(refused: readonly Finding[]): string {
  const take = refused.map(({ subject }) => `--take ${argumentOf(subject)}`).join(" ");
  return [
    `The rest is recovered. ${refused.length === 1 ? "One object belongs" : `${refused.length} objects belong`} to another owner.`,
    "Rename your resource, or delete the other object and recover again.",
    `If the object belongs to this stack, take it over: kserve-llm recover ${take}\n`,
  ].join("\n");
}

/** `Deployment default/chat` as `--take` names it: `Deployment/chat`. */
function argumentOf(subject: string): string {
  const [kind = ""] = subject.split(" ");
  return `${kind}/${subject.split(/[ /]/).at(-1) ?? ""}`;
}

/** The cluster that the options name, else the provider's own. */
async function clusterOf(provider: StateResource | undefined, options: RecoverOptions): Promise<ClusterClient> {
  const { kubeconfig, context, cwd = "." } = options;
  if (kubeconfig !== undefined || context !== undefined) {
    return connect({ ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) });
  }
  const own = await revealed(provider, options);
  const text = typeof own === "string" && own !== "" ? own : undefined;
  const isDocument = text !== undefined && /\n|^\s*\{/.test(text);
  const chosen = provider?.inputs?.["context"];
  return connect({
    ...(text !== undefined && { kubeconfig: isDocument ? `${text}\n` : resolve(cwd, text) }),
    ...(typeof chosen === "string" && { context: chosen }),
  });
}

/** The provider's kubeconfig; where it is a secret, the stack's passphrase or service decrypts it. */
async function revealed(provider: StateResource | undefined, options: RecoverOptions): Promise<Json | undefined> {
  const kubeconfig = provider?.inputs?.["kubeconfig"];
  if (!isObject(kubeconfig)) return kubeconfig;
  const plain = parse(await succeed(["stack", "export", "--show-secrets"], options));
  const found = plain.deployment.resources?.find(({ urn, id }) => urn === provider?.urn && id === provider?.id);
  const secret = found?.inputs?.["kubeconfig"];
  const text = isObject(secret) ? secret["plaintext"] : undefined;
  if (typeof text !== "string")
    throw new UnreadableInput("The provider's kubeconfig cannot be read. Set --kubeconfig.");
  return JSON.parse(text) as Json;
}

/** Nothing was under way when the run ended; but backends without a service keep the lock of a run that was killed. */
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

/** Writes the state. Returns why it cannot be: the stack is locked. */
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

/** `pulumi cancel` names its stack by an argument. */
async function cancel({ stack, cwd }: RecoverOptions): Promise<void> {
  const chosen = stack === undefined ? [] : [stack];
  await succeed(["cancel", "--yes", ...chosen], cwd === undefined ? {} : { cwd });
}

/** True when all locks are those of processes of this computer that are gone. */
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
