import type { Issue } from "../../../../contract/issues/issue.ts";
import { SCHEDULER_SINCE } from "../../../../knowledge/scheduler/features.ts";
import { isObject, type Json, type JsonObject } from "../../../../kubernetes/json.ts";
import type { Container, PodSpec } from "../../../../kubernetes/objects.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import { refusal, unused } from "../../issues.ts";
import type { EditInput } from "../epp/eppedit.ts";
import { parametersOf, withParameters } from "../epp/eppplugins.ts";
import { partFlags } from "./metricflags.ts";

/** The first release of llm-d's scheduler without the flags for the address of engines' metrics. */
export const METRICS_SOURCE = SCHEDULER_SINCE.metricsPlugin;
const SOURCE = "metrics-data-source";
const PREFIX = "model-server-metrics-";

interface Parameter {
  /** The plugin's name of it. */
  name: string;
  read(value: string): Json | undefined;
  /** What is wrong with a value that is not read, and the fix. */
  wrong?: { is: string; fix: string };
  /** Whether KServe leaves the flag out. */
  isLeftOut?: true;
}
const asText = (value: string): Json | undefined => value || undefined;

/**
 * The flags without their prefix. The plugin has a port since it replaced the flags, but KServe does not set it. Source:
 * pkg/epp/framework/plugins/datalayer/source/metrics/datasource.go of llm-d-router 0.10.
 */
const FLAGS: Readonly<Record<string, Parameter>> = {
  scheme: { name: "scheme", read: asText },
  path: { name: "path", read: asText },
  port: {
    name: "port",
    read: readPort,
    wrong: { is: "is not a number from 1 to 65535", fix: "write the port on which the engines serve their metrics" },
    isLeftOut: true,
  },
  "https-insecure-skip-verify": {
    name: "insecureSkipVerify",
    read: readBoolean,
    wrong: { is: "is neither true nor false", fix: "write true or false" },
  },
};

function readPort(value: string): Json | undefined {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** What Go's strconv.ParseBool reads; a flag without a value is set. */
function readBoolean(value: string): Json | undefined {
  if (["", "1", "t", "T", "TRUE", "true", "True"].includes(value)) return true;
  return ["0", "f", "F", "FALSE", "false", "False"].includes(value) ? false : undefined;
}

export interface MetricsSource {
  /** The pod without the flags. */
  pod: PodSpec;
  /** The values of the flags, as parameters of the plugin that replaced them. */
  parameters: JsonObject;
  issues: Issue[];
}

/** How the values of the flags may be kept. */
interface Keeping extends Pick<EditInput, "schedulerMigrations"> {
  /** Whether a configuration can take them. */
  isWritable: boolean;
}

/**
 * Removes the flags from every command line of a pod. Source: extractModelServerMetricsFlags and
 * metricsDataSourceParameters in scheduler.go, KServe v0.21.
 */
export function partMetricsSource(pod: PodSpec, { isWritable, schedulerMigrations }: Keeping): MetricsSource {
  const names = Object.keys(FLAGS).map((flag) => PREFIX + flag);
  const found = new Map<string, string>();
  const parted = (words: readonly string[] | undefined): { words?: string[] } => {
    const { kept, flags } = partFlags(words ?? [], names);
    if (Object.keys(flags).length === 0) return {};
    for (const [flag, value] of Object.entries(flags)) found.set(flag, value);
    return { words: kept };
  };
  const containers = (pod.containers ?? []).map((container): Container => {
    const [command, args] = [parted(container.command).words, parted(container.args).words];
    return { ...container, ...(command && { command }), ...(args && { args }) };
  });
  const read = [...found].flatMap(([flag, value]) => {
    const parameter = entryOf(FLAGS, flag.slice(PREFIX.length));
    return parameter === undefined ? [] : [{ flag, value, parameter, taken: parameter.read(value) }];
  });
  const isKept = ({ parameter }: ReadFlag): boolean => schedulerMigrations !== "asKServe" || !parameter.isLeftOut;
  const kept = read.filter(isKept);
  const issues = [
    ...(isWritable ? kept.flatMap(invalid) : kept.map(lost)),
    ...read.filter((one) => !isKept(one)).map(leftOut),
  ];
  const parameters = kept.flatMap(({ parameter, taken }) => (taken === undefined ? [] : [[parameter.name, taken]]));
  return { pod: { ...pod, containers }, parameters: Object.fromEntries(parameters), issues };
}

interface ReadFlag {
  flag: string;
  value: string;
  parameter: Parameter;
  /** What the parameter reads of the value. */
  taken: Json | undefined;
}

const TEMPLATE = "spec.router.scheduler.template";

function invalid({ flag, value, parameter: { wrong }, taken }: ReadFlag): Issue[] {
  if (wrong === undefined || taken !== undefined) return [];
  const message = `the value ${JSON.stringify(value)} of --${flag} ${wrong.is}`;
  return [refusal("InvalidValue", TEMPLATE, message, wrong.fix)];
}

function lost({ flag }: ReadFlag): Issue {
  const message = `--${flag} is a flag that this release of the scheduler no longer has, and the configuration file cannot be changed`;
  return refusal("Conflict", TEMPLATE, message, `configure the plugin ${SOURCE}, and remove the flag`);
}

function leftOut({ flag, value, parameter: { name } }: ReadFlag): Issue {
  const message = `--${flag} has no effect: this release of the scheduler no longer has it, and the plan leaves it out as KServe does`;
  return unused(TEMPLATE, message, `set ${name} of the plugin ${SOURCE} to ${value}, and remove the flag`);
}

/**
 * The plugin that replaced the flags. An existing declaration keeps its parameters; KServe then loses the values of the
 * flags. Source: withMetricsDataSourceParams in scheduler.go, KServe v0.21.
 */
export function withMetricsSource(
  config: JsonObject,
  { source, schedulerMigrations, tell }: Pick<EditInput, "source" | "schedulerMigrations" | "tell">,
): JsonObject {
  if (Object.keys(source).length === 0) return config;
  const plugins = Array.isArray(config["plugins"]) ? config["plugins"] : [];
  const isSource = (plugin: Json): plugin is JsonObject => isObject(plugin) && plugin["type"] === SOURCE;
  if (!plugins.some(isSource)) return { ...config, plugins: [...plugins, { type: SOURCE, parameters: source }] };
  const isAsKServe = schedulerMigrations === "asKServe";
  for (const plugin of plugins.filter(isSource)) tellUnread(plugin, source, isAsKServe, tell);
  if (isAsKServe) return config;
  const completed = (plugin: JsonObject): JsonObject => withParameters(plugin, { ...source, ...parametersOf(plugin) });
  return { ...config, plugins: plugins.map((plugin) => (isSource(plugin) ? completed(plugin) : plugin)) };
}

/** A declared plugin keeps its parameters; KServe also leaves out those that it does not have. */
function tellUnread(plugin: JsonObject, source: JsonObject, isAsKServe: boolean, tell: EditInput["tell"]): void {
  const own = parametersOf(plugin);
  for (const [name, value] of Object.entries(source)) {
    const written = entryOf(own, name);
    if (written === value || (written === undefined && !isAsKServe)) continue;
    const [flag] = Object.entries(FLAGS).find(([, parameter]) => parameter.name === name) ?? [name];
    const message = `declares the plugin ${SOURCE}, so --${PREFIX}${flag} of the scheduler has no effect`;
    tell?.(message, `set ${name} of ${SOURCE} to ${JSON.stringify(value)}, and remove --${PREFIX}${flag}`);
  }
}
