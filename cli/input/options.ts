import { type Command, InvalidArgumentError, Option } from "commander";
import type { z } from "zod";
import { judge } from "../../core/contract/input/judge.ts";
import { factsOf } from "../../core/contract/options/option.ts";
import { compats, type PlanOptions, planOptions, serviceOptions } from "../../core/contract/options/options.ts";
import type { CheckSettings, CheckSeverity } from "../../core/contract/plan.ts";
import { entryOf } from "../../core/kubernetes/table.ts";

/** Options of a plan that a command line takes unchanged; the others are documents there, or have another name. */
type Simple = Omit<PlanOptions, "known" | "checks" | "modelInfo" | "adopt" | "compat">;

/** What services are planned with, besides their documents; see `PlanInput`. In a comparison each side has its own. */
interface Planning extends Simple {
  configs?: string[];
  settings?: string;
  /** A bundle or releases by name, as in the outputs of a platform's stack. */
  platform?: string;
  release?: string;
  digest?: string;
  check?: CheckSettings;
  /** `FILE`, or `MODEL=FILE`. */
  modelInfo?: string[];
}

export interface PlanningOptions extends Planning {
  namespace: string;
  compat?: PlanOptions["compat"];
}

/** The options of a comparison: those of both sides, and those of one side, such as `configsA`. */
export type SidedOptions<Side extends string> = PlanningOptions & {
  [Key in keyof Planning as `${Key}${Side}`]?: Planning[Key];
};
type SideOf<Options> = keyof { [Key in keyof Options as Key extends `configs${infer Side}` ? Side : never]: true };

type Read = (value: string, before?: never) => unknown;
interface Described {
  value: string;
  text: string;
  read?: Read;
}

const sentence = (name: keyof typeof serviceOptions): string => factsOf(serviceOptions[name]).description ?? "";
const READS = "Reads what `pulumi stack output NAME --json` prints.";

/** The command line's form of options that are documents in a program or have another name there. */
const DOCUMENTS: Readonly<Record<Exclude<keyof Planning, keyof Simple>, Described>> = {
  configs: {
    value: "<path>",
    text: "Additional LLMInferenceServiceConfigs: a file or a folder. Repeatable.",
    read: list,
  },
  settings: {
    value: "<file>",
    text: "Cluster-wide settings: the ConfigMap inferenceservice-config of KServe, or its data.",
  },
  platform: { value: "<file>", text: `The platform's bundle or its releases. ${READS}` },
  release: { value: "<name>", text: sentence("release") },
  digest: { value: "<digest>", text: sentence("digest") },
  check: { value: "<code=severity>", text: `${sentence("checks")} Repeatable.`, read: severities },
  modelInfo: {
    value: "<[model=]file>",
    text: `${sentence("modelInfo")} MODEL= limits the file to the services of this model. Repeatable.`,
    read: list,
  },
};

const ELSEWHERE: readonly string[] = ["known", "checks", "modelInfo", "adopt", "compat"] satisfies Exclude<
  keyof PlanOptions,
  keyof Simple
>[];
const SIMPLE = (Object.keys(planOptions) as (keyof PlanOptions)[]).filter(
  (name): name is keyof Simple => !ELSEWHERE.includes(name),
);
const PLANNING = {
  ...DOCUMENTS,
  ...Object.fromEntries(SIMPLE.map((name) => [name, describedBy(planOptions[name], name)])),
} as Readonly<Record<keyof Planning, Described>>;
const KEYS = Object.keys(PLANNING) as (keyof Planning)[];

/** The options that a plan takes as the command line gives them. */
export function simpleOptions(options: PlanningOptions): Simple & Pick<PlanOptions, "compat"> {
  const entries = [...SIMPLE, "compat" as const].map((name) => [name, options[name]]);
  return Object.fromEntries(entries);
}

/** An option by its schema: a number is judged at once, a map is given entry by entry. */
function describedBy(schema: z.ZodOptional<z.ZodType>, name: string): Described {
  const text = factsOf(schema).description ?? "";
  const inner = schema.unwrap();
  if (inner.def.type === "number")
    return { value: "<number>", text, read: (value) => sound(schema, number(value), name) };
  if (inner.def.type !== "record") return { value: "<text>", text };
  return { value: "<name=number>", text: `${text} Repeatable.`, read: counts };
}

function sound<Value>(schema: z.ZodType, value: Value, name: string): Value {
  const [issue] = judge(schema, value, { path: name, layer: "service" });
  if (issue === undefined) return value;
  throw new InvalidArgumentError([issue.message, issue.fix].filter(Boolean).join("; "));
}

/** Adds the options of what is planned: documents (required by default), and what they are planned with. */
export function documents(command: Command, isFileNeeded = true): Command {
  const file = new Option("-f, --file <path>", "File or folder of YAML or JSON, or - for standard input. Repeatable.");
  return planning(command.addOption(file.argParser(list).makeOptionMandatory(isFileNeeded)));
}

function planning(command: Command, of = ""): Command {
  for (const key of KEYS) command.addOption(optionOf(key, "", of));
  return command
    .option("-n, --namespace <name>", "Namespace of documents without a namespace.", "default")
    .addOption(new Option("--compat <version>", sentence("compat")).choices(compats));
}

/** Adds the options of both sides of a comparison and, with the side's name, those of each side. */
export function planningOfSides(command: Command, sides: readonly { suffix: string; name: string }[]): Command {
  planning(command, "For both sides: ");
  for (const { suffix, name } of sides) {
    for (const key of KEYS) command.addOption(optionOf(key, `-${suffix}`).helpGroup(`Options of ${name} alone:`));
  }
  return command;
}

function optionOf(key: keyof Planning, suffix: string, of = ""): Option {
  const { value, text, read } = PLANNING[key];
  const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const option = new Option(`--${flag}${suffix} ${value}`, `${of}${text}`);
  return read === undefined ? option : option.argParser(read as (value: string, before?: unknown) => unknown);
}

/** The options of a side: its own override the common ones; lists and mappings of both are joined. */
export function ofSide<Options extends PlanningOptions>(options: Options, side: SideOf<Options>): PlanningOptions {
  const given = options as Record<string, unknown>;
  const combined = KEYS.map((key) => [key, over(given[key], entryOf(given, `${key}${String(side)}`))]);
  return { ...Object.fromEntries(combined), namespace: options.namespace, compat: options.compat };
}

function over(both: unknown, own: unknown): unknown {
  if (both === undefined || own === undefined) return own ?? both;
  if (Array.isArray(both)) return [...both, ...(own as unknown[])];
  return typeof both === "object" ? { ...both, ...(own as object) } : own;
}

/** Adds the options that choose the cluster. */
export function cluster(command: Command): Command {
  return command
    .option("--kubeconfig <path>", "Path of the kubeconfig. Default: $KUBECONFIG, else ~/.kube/config.")
    .option("--context <name>", "Context of the kubeconfig. Default: its current context.");
}

export function prices(command: Command): Command {
  return command.option("--prices <file>", "Prices per hour by accelerator or resource: a YAML or JSON mapping.");
}

/** The first format is the default. Tables are for people, JSON for programs. */
export function output(command: Command, formats: readonly [string, ...string[]] = ["table", "json"]): Command {
  return command.addOption(new Option("-o, --output <format>", "Output format.").choices(formats).default(formats[0]));
}

export function list(value: string, before: string[] = []): string[] {
  return [...before, value];
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("A number was expected.");
  return value;
}

export function positive(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError("A number above 0 was expected.");
  return value;
}

function severities(text: string, before: CheckSettings = {}): CheckSettings {
  const [code, severity] = pair(text, "CODE=SEVERITY");
  return { ...before, [code]: severity as CheckSeverity };
}

function counts(text: string, before: Record<string, number> = {}): Record<string, number> {
  const [resource, count] = pair(text, "NAME=NUMBER");
  return { ...before, [resource]: number(count) };
}

function pair(text: string, form: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError(`Write it as ${form}.`);
  return [name, value];
}
