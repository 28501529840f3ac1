import { type Command, InvalidArgumentError, Option } from "commander";
import type { Compat } from "../core/contract/behaviour.ts";
import type { CheckSettings, CheckSeverity } from "../core/contract/plan.ts";

/** What services are planned with, beside their documents; see `PlanInput`. Of a comparison's sides each has its own. */
interface Planning {
  configs?: string[];
  settings?: string;
  /** A bundle or releases by name, as a platform's stack outputs them. */
  platform?: string;
  release?: string;
  digest?: string;
  check?: CheckSettings;
  /** `FILE`, or `MODEL=FILE`. */
  modelInfo?: string[];
  engineVersion?: string;
  loadBytesPerSecond?: number;
  freeDevices?: Record<string, number>;
}

export interface PlanningOptions extends Planning {
  namespace: string;
  compat?: Compat;
}

/** The options of a comparison: what holds for both sides, and what one of them has of its own, such as `configsA`. */
export type SidedOptions<Side extends string> = PlanningOptions & {
  [Key in keyof Planning as `${Key}${Side}`]?: Planning[Key];
};
type SideOf<Options> = keyof { [Key in keyof Options as Key extends `configs${infer Side}` ? Side : never]: true };

interface Described {
  value: string;
  text: string;
  read?: (value: string, before?: never) => unknown;
}

const PLANNING: Readonly<Record<keyof Planning, Described>> = {
  configs: {
    value: "<path>",
    text: "LLMInferenceServiceConfigs that exist beside: file or folder; repeatable",
    read: list,
  },
  settings: { value: "<file>", text: "the cluster's settings: ConfigMap inferenceservice-config, or its data" },
  platform: {
    value: "<file>",
    text: "a platform's bundle or releases, as `pulumi stack output NAME --json` prints them",
  },
  release: { value: "<name>", text: "the release of these that is pinned" },
  digest: { value: "<digest>", text: "the digest that it must have" },
  check: {
    value: "<code=severity>",
    text: "error, warning or off for what a check finds; repeatable",
    read: severities,
  },
  modelInfo: {
    value: "<[model=]file>",
    text: "the model's config.json, where the catalogue does not have it; weightBytes may be added; repeatable",
    read: list,
  },
  engineVersion: { value: "<release>", text: "release of vLLM in the images, where their tags do not tell it" },
  loadBytesPerSecond: {
    value: "<number>",
    text: "how fast weights come into a pod; default: 250 MB/s",
    read: positive,
  },
  freeDevices: {
    value: "<resource=number>",
    text: "accelerators of the cluster that are free, which a rollout is held against; repeatable",
    read: counts,
  },
};
const KEYS = Object.keys(PLANNING) as (keyof Planning)[];

/** Adds the options of what is planned: documents (needed, unless said otherwise), and what they are planned with. */
export function documents(command: Command, isFileNeeded = true): Command {
  const file = new Option("-f, --file <path>", "file or folder of YAML or JSON, or - for standard input; repeatable");
  return planning(command.addOption(file.argParser(list).makeOptionMandatory(isFileNeeded)));
}

function planning(command: Command, of = ""): Command {
  for (const key of KEYS) command.addOption(optionOf(key, "", of));
  return command
    .option("-n, --namespace <name>", "namespace of documents that name none", "default")
    .addOption(new Option("--compat <version>", "behave as this KServe release").choices(["kserve-0.20"]));
}

/** Adds what both sides of a comparison are planned with, and for each side, by its name, what it has of its own. */
export function planningOfSides(command: Command, sides: readonly { suffix: string; name: string }[]): Command {
  planning(command, "of both: ");
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

/** What a side is planned with: its own wins; of lists and mappings both hold. */
export function ofSide<Options extends PlanningOptions>(options: Options, side: SideOf<Options>): PlanningOptions {
  const given = options as Record<string, unknown>;
  const laidOver = KEYS.map((key) => [key, over(given[key], given[`${key}${String(side)}`])]);
  return { ...Object.fromEntries(laidOver), namespace: options.namespace, compat: options.compat };
}

function over(both: unknown, own: unknown): unknown {
  if (both === undefined || own === undefined) return own ?? both;
  if (Array.isArray(both)) return [...both, ...(own as unknown[])];
  return typeof both === "object" ? { ...both, ...(own as object) } : own;
}

/** Adds which cluster is read. */
export function cluster(command: Command): Command {
  return command
    .option("--kubeconfig <path>", "kubeconfig of the cluster; default: $KUBECONFIG, else ~/.kube/config")
    .option("--context <name>", "context of the kubeconfig; default: its current one");
}

export function prices(command: Command): Command {
  return command.option("--prices <file>", "price an hour by accelerator or resource: YAML or JSON mapping");
}

/** The first format is the default. Tables are for people, JSON for programs. */
export function output(command: Command, formats: readonly [string, ...string[]] = ["table", "json"]): Command {
  return command.addOption(new Option("-o, --output <format>", "format").choices(formats).default(formats[0]));
}

export function list(value: string, before: string[] = []): string[] {
  return [...before, value];
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("a number was expected");
  return value;
}

export function positive(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError("a number above 0 was expected");
  return value;
}

function severities(text: string, before: CheckSettings = {}): CheckSettings {
  const [code, severity] = pair(text, "CODE=SEVERITY");
  return { ...before, [code]: severity as CheckSeverity };
}

function counts(text: string, before: Record<string, number> = {}): Record<string, number> {
  const [resource, count] = pair(text, "RESOURCE=NUMBER");
  return { ...before, [resource]: number(count) };
}

function pair(text: string, form: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError(`write it as ${form}`);
  return [name, value];
}
