import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CommandError, LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { ensureToolchain } from "../toolchain/ensure.ts";
import { describeHolder, type Holder, whileHolding } from "../toolchain/processes/lock.ts";
import { explain, QuickstartError } from "./error.ts";

export const ROOT = join(import.meta.dirname, "../..");
export type Target = "yaml" | "cluster";

/** A stack of the quickstart, in a folder of the clone that git ignores: state, secrets' passphrase and settings. */
export interface Workspace {
  target: Target;
  /** The folder for rendered YAML; only for the target `yaml`. */
  rendered: string;
  stack: Stack;
}

export interface Places {
  /** Default `.state/quickstart` in the clone. */
  state?: string;
  /** Default `rendered` in the clone. */
  rendered?: string;
}

/** Opens the quickstart's stack for some work; another quickstart at the same time waits until this one has ended. */
export async function withWorkspace<T>(
  target: Target,
  places: Places,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const state = places.state ?? process.env["KSERVE_LLM_STATE"] ?? join(ROOT, ".state/quickstart");
  const rendered = places.rendered ?? process.env["KSERVE_LLM_RENDERED"] ?? join(ROOT, "rendered");
  mkdirSync(join(state, "backend"), { recursive: true });
  const options = {
    what: "the quickstart's state",
    waiting: (holder: Holder | undefined) =>
      log(`Another quickstart is running in ${state}: waiting for ${describeHolder(holder)}.`),
  };
  try {
    return await whileHolding(`${state}.lock`, options, async () => work(await open(state, target, rendered)));
  } catch (error) {
    if (error instanceof CommandError) throw new QuickstartError(explain(error.message));
    throw error;
  }
}

async function open(state: string, target: Target, rendered: string): Promise<Workspace> {
  const toolchain = await ensureToolchain({ groups: ["engine"], log });
  process.env["PATH"] = toolchain.env.PATH;
  // Rendered YAML must not depend on a cluster that happens to be configured.
  if (target === "yaml") delete process.env["KUBECONFIG"];
  const pulumiCommand = await PulumiCommand.get({ skipVersionCheck: true });
  const envVars = environment(state, toolchain.env);
  writeProject(state);
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: target, workDir: state },
    { pulumiCommand, envVars, secretsProvider: "passphrase" },
  );
  // `up` asks the engine for the outputs twice, half a second each time; the summary takes them from the state.
  stack.outputs = async () => ({});
  await configure(stack, state, target, rendered);
  return { target, rendered, stack };
}

export function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The user's own Pulumi is not used: neither login, nor home, nor passphrase. */
function environment(state: string, toolchain: Record<string, string>): Record<string, string> {
  return {
    ...toolchain,
    PULUMI_BACKEND_URL: `file://${join(state, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase(join(state, "passphrase")),
    PULUMI_CONFIG_PASSPHRASE_FILE: "",
    PULUMI_ACCESS_TOKEN: "",
    PULUMI_STACK: "",
    // The next run takes over what an interrupted run made, whichever owner the API server reports.
    PULUMI_K8S_ENABLE_PATCH_FORCE: "true",
  };
}

/** The state contains no valuable secret; it is encrypted anyway, with a passphrase that never leaves this folder. */
function passphrase(file: string): string {
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(24).toString("base64url"));
    chmodSync(file, 0o600);
  }
  return readFileSync(file, "utf8").trim();
}

/** A project file whose program is the example itself, so that the clone is not changed. */
function writeProject(state: string): void {
  const example = parse(readFileSync(join(ROOT, "examples/quickstart/Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  const main = relative(state, join(ROOT, "examples/quickstart/index.ts"));
  const text = JSON.stringify({ ...example, main }, null, 2);
  const file = join(state, "Pulumi.yaml");
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

/** Sets the configuration of the program, only if it is not set yet, because each call of the CLI takes time. */
async function configure(stack: Stack, state: string, target: Target, rendered: string): Promise<void> {
  const wanted = { target, ...(target === "yaml" && { renderTo: rendered }) };
  const file = join(state, `Pulumi.${target}.yaml`);
  const settings = existsSync(file) ? (parse(readFileSync(file, "utf8")) as { config?: Record<string, string> }) : {};
  const current = settings.config ?? {};
  const missing = Object.entries(wanted).filter(([key, value]) => current[`kserve-llm-quickstart:${key}`] !== value);
  if (missing.length === 0) return;
  await stack.setAllConfig(Object.fromEntries(missing.map(([key, value]) => [key, { value }])));
}
