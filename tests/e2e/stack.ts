import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  LocalWorkspace,
  type OutputMap,
  PulumiCommand,
  Stack,
  type UpdateSummary,
} from "@pulumi/pulumi/automation/index.js";

interface Place {
  project: string;
  stackName: string;
  /** Holds Pulumi.yaml. */
  workDir: string;
  /** Holds `.pulumi`. */
  backend: string;
  envVars: Record<string, string>;
}

let command: Promise<PulumiCommand> | undefined;

/**
 * For the passphrase `test`, which every stack of the tests has: deriving the key takes the engine a fifth of a second.
 */
const SALT = "v1:4CPIig9uxYA=:v1:0haSDkIJlGUi40xZ:AhVXUdhhDOHL3Z947g38bEYqMLzJnQ==";

/**
 * Creates a stack, or opens an existing one. Each call of the command line takes a quarter of a second of processor
 * time, and `up` alone makes three of them for values in the files of the backend: these are read from the files.
 */
export async function openAt({ project, stackName, workDir, backend, envVars }: Place): Promise<Stack> {
  command ??= PulumiCommand.get({ skipVersionCheck: true });
  const files = join(backend, ".pulumi");
  const state = join(files, "stacks", project, `${stackName}.json`);
  makeStack(join(workDir, `Pulumi.${stackName}.yaml`), files, state, `organization/${project}/${stackName}`);
  const workspace = await LocalWorkspace.create({ workDir, envVars, pulumiCommand: await command });
  // Each command names its stack.
  workspace.selectStack = async () => undefined;
  const stack = await Stack.select(stackName, workspace);
  const ask = workspace.stackOutputs.bind(workspace);
  workspace.stackOutputs = async (name) => outputsIn(state) ?? (await ask(name));
  stack.info = async () => lastOf(join(files, "history", project, stackName));
  return stack;
}

/** The head of a state without resources. */
const VERSION = "v3.0.0";
const MAGIC = createHash("sha256").update(VERSION).digest("hex");
const MANIFEST = { time: "2026-01-01T00:00:00Z", magic: MAGIC, version: VERSION };

/** Writes what `pulumi stack init` writes, if it is missing. */
function makeStack(settings: string, files: string, state: string, stack: string): void {
  const latest = { manifest: MANIFEST, secrets_providers: { type: "passphrase", state: { salt: SALT } } };
  const texts: Record<string, string> = {
    [settings]: `encryptionsalt: ${SALT}\n`,
    [join(files, "meta.yaml")]: "version: 1\n",
    [state]: JSON.stringify({ version: 3, checkpoint: { stack, latest } }),
  };
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) writeFileSync(file, text);
  }
}

/** Sets values of a stack's configuration that are not secrets; with `afresh` they replace all existing ones. */
export async function configure(stack: Stack, config: Record<string, string>, { afresh = false } = {}): Promise<void> {
  const { workspace, name } = stack;
  const { name: project } = await workspace.projectSettings();
  const settings = await workspace.stackSettings(name);
  const set = Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]);
  const former = afresh ? {} : settings.config;
  await workspace.saveStackSettings(name, { ...settings, config: { ...former, ...Object.fromEntries(set) } });
}

/** The key of a secret's representation in a state. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

interface State {
  checkpoint: { latest?: { resources?: { type: string; outputs?: Record<string, unknown> }[] } };
}

/**
 * The outputs of the stack's program; undefined before the first update, or if they contain a secret, which only the
 * engine can decrypt.
 */
function outputsIn(file: string): OutputMap | undefined {
  if (!existsSync(file)) return undefined;
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as State;
  const root = checkpoint.latest?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const outputs = root?.outputs ?? {};
  if (JSON.stringify(outputs).includes(SIGNATURE)) return undefined;
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, { value, secret: false }]));
}

type Update = Omit<UpdateSummary, "startTime" | "endTime"> & Record<"startTime" | "endTime", number>;

/** The summary of the last update; the names of the files are times. */
function lastOf(history: string): UpdateSummary | undefined {
  const files = existsSync(history) ? readdirSync(history).filter((name) => name.endsWith(".history.json")) : [];
  const last = files.sort().at(-1);
  if (last === undefined) return undefined;
  const { startTime, endTime, ...update } = JSON.parse(readFileSync(join(history, last), "utf8")) as Update;
  return { ...update, startTime: new Date(startTime * 1000), endTime: new Date(endTime * 1000) };
}
