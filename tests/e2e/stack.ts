import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  LocalWorkspace,
  type OutputMap,
  PulumiCommand,
  type Stack,
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
 * Creates a stack, or opens an existing one. Each call of the command line takes a quarter of a second of processor
 * time, and `up` alone makes three of them for values in the files of the backend: these are read from the files.
 */
export async function openAt({ project, stackName, workDir, backend, envVars }: Place): Promise<Stack> {
  command ??= PulumiCommand.get({ skipVersionCheck: true });
  const options = { envVars, pulumiCommand: await command };
  const isThere = existsSync(join(workDir, `Pulumi.${stackName}.yaml`));
  const place = { stackName, workDir };
  const stack = await (isThere
    ? LocalWorkspace.selectStack(place, options)
    : LocalWorkspace.createStack(place, options));
  const files = join(backend, ".pulumi");
  const { workspace } = stack;
  const ask = workspace.stackOutputs.bind(workspace);
  workspace.stackOutputs = async (name) =>
    outputsIn(join(files, "stacks", project, `${stackName}.json`)) ?? (await ask(name));
  stack.info = async () => lastOf(join(files, "history", project, stackName));
  return stack;
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
