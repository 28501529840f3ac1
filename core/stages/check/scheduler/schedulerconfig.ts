import type { Fix, IssueCode } from "../../../contract/issues/issue.ts";
import { isScheduler } from "../../../contract/names.ts";
import {
  ADDED_PLUGINS,
  CONFIG_FIELDS,
  CONFIG_KIND,
  CONFIG_VERSIONS,
  FEATURE_GATES,
  ITEM_FIELDS,
  nameIn,
  RENAMED_FIELDS,
} from "../../../knowledge/scheduler/configfields.ts";
import { isSchedulerSwitch } from "../../../knowledge/scheduler/flags.ts";
import { goFlagValue, parseGoFlags } from "../../../knowledge/scheduler/goflags.ts";
import { otherNames, pluginType, pluginTypes } from "../../../knowledge/scheduler/plugins.ts";
import { missingData } from "../../../knowledge/scheduler/producers.ts";
import {
  type SchedulerRelease,
  type Spans,
  schedulerRelease,
  standingOf,
  titleOf,
} from "../../../knowledge/scheduler/releases.ts";
import { fromGoYaml } from "../../../kubernetes/go/readgoyaml.ts";
import { asText, isObject, type JsonObject, listOf, objectOf, objectsOf, textsOf } from "../../../kubernetes/json.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import type { Container, KubernetesObject } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";
import { isDeployment, podSpecsOf } from "../../../kubernetes/workloads/workloads.ts";
import type { CheckFinding } from "../check.ts";
import { wrongPickers } from "./pickers.ts";
import { judgeMovedFlags } from "./schedulerflags.ts";

/**
 * The configuration that the scheduler is started with, once the plan has brought it to the form of its release. The
 * scheduler exits on a field, a type of plugin or a gate that it does not know. Judged on the Deployment, because the
 * plan may have written the configuration.
 */
export const SCHEDULER_CONFIG_CODES = ["SchedulerConfig"] as const satisfies readonly IssueCode[];

const PATH = "spec.router.scheduler.config";

export function judgeSchedulerConfig(objects: readonly KubernetesObject[]): CheckFinding[] {
  const main = pickerIn(objects);
  return main === undefined ? [] : [...judgeMovedFlags(main), ...judgeText(main)];
}

/** The same configuration, if its scheduler is started with one that can be read. */
export function schedulerConfigOf(objects: readonly KubernetesObject[]): JsonObject | undefined {
  const main = pickerIn(objects);
  const text = main && configText(main);
  return text === undefined ? undefined : fromGoYaml(text);
}

function pickerIn(objects: readonly KubernetesObject[]): Container | undefined {
  const [pod] = objects.filter((object) => isDeployment(object) && isScheduler(object)).flatMap(podSpecsOf);
  const main = pod?.containers?.find(({ name }) => name === MAIN);
  return /(^|\/)epp$/.test(main?.command?.[0] ?? "epp") ? main : undefined;
}

function configText({ command = [], args = [] }: Container): string | undefined {
  const words = [...command.slice(1), ...args];
  return goFlagValue(parseGoFlags(words, isSchedulerSwitch), "config-text", "configText");
}

function judgeText(main: Container): CheckFinding[] {
  const text = configText(main);
  if (text === undefined) return [];
  const release = schedulerRelease(main.image ?? "");
  const judge = new Judge(release);
  const config = fromGoYaml(text);
  if (config === undefined) return [judge.found("is not a YAML document with fields", "write an EndpointPickerConfig")];
  return [
    ...judgeKind(config, judge),
    ...Object.keys(config).flatMap((name) => judge.known("field", name, CONFIG_FIELDS, entryOf(RENAMED_FIELDS, name))),
    ...judgeGates(config, judge),
    ...judgePlugins(config, judge),
    ...judgeProfiles(config, judge),
    ...judgeHandlers(config, judge),
    ...wrongPickers(config, (type) => TYPES.has(type), release).map(({ message, fix }) => judge.found(message, fix)),
    ...judgeData(config, judge, release),
  ];
}

/**
 * How a release treats names. If the release is unknown, all findings are warnings: another build may know more names.
 */
class Judge {
  readonly #release: SchedulerRelease | undefined;

  constructor(release: SchedulerRelease | undefined) {
    this.#release = release;
  }

  /** Whether the release refuses parameters that a plugin does not have. Source: StrictDecoder of llm-d-router 0.9. */
  get isStrict(): boolean {
    const { family, number } = this.#release ?? {};
    return family === "llm-d" && (number ?? 0) >= 9_000_000;
  }

  found(message: string, fix: string, fixes?: readonly Fix[], certain = true): CheckFinding {
    const text = { message: `the configuration of the scheduler ${message}`, fix, ...(fixes && { fixes }) };
    const finding = { code: "SchedulerConfig" as const, path: PATH, layer: "merged", ...text };
    return certain && this.#release !== undefined ? finding : { ...finding, severity: "warning" };
  }

  /** Judges a name by the table of its kind, with a suggestion. */
  known(kind: string, name: string, table: ReadonlyMap<string, Spans>, instead?: string): CheckFinding[] {
    const near = this.corrected(name, table, instead);
    if (near === name) return [];
    const fix = near === undefined ? `remove ${name}` : `write ${near} instead of ${name}`;
    return [this.found(`has the ${kind} ${name}, ${this.#why(table.get(name))}`, fix)];
  }

  /** The name itself if the release has it, otherwise the one that is suggested for it. */
  corrected(name: string, table: ReadonlyMap<string, Spans>, instead?: string): string | undefined {
    const release = this.#release;
    const isThere = (one: string): boolean => {
      const other = table.get(one);
      return other !== undefined && (release === undefined || standingOf(other, release).is === "there");
    };
    if (isThere(name)) return name;
    return [instead, nearest(name, [...table.keys()].filter(isThere))].find((one) => one !== undefined && isThere(one));
  }

  #why(row: Spans | undefined): string {
    const release = this.#release;
    if (release === undefined) return "which no known release has";
    const standing = row && standingOf(row, release);
    const title = titleOf(release);
    if (standing?.is === "gone") return `which ${title} no longer has: it was removed in ${standing.since}`;
    if (standing?.is === "later") return `which ${title} does not have yet: it was added in ${standing.from}`;
    return `which ${title} does not have`;
  }
}

function judgeKind({ apiVersion, kind }: JsonObject, judge: Judge): CheckFinding[] {
  const wrong =
    kind === CONFIG_KIND
      ? []
      : [judge.found(`has the kind ${JSON.stringify(kind ?? "")}`, `write kind: ${CONFIG_KIND}`)];
  return [...wrong, ...judge.known("apiVersion", asText(apiVersion ?? ""), CONFIG_VERSIONS)];
}

function judgeGates({ featureGates }: JsonObject, judge: Judge): CheckFinding[] {
  // Newer releases accept NAME=false.
  return textsOf(featureGates).flatMap((gate) => judge.known("feature gate", gate.split("=")[0] ?? "", FEATURE_GATES));
}

const TYPES: ReadonlyMap<string, Spans> = new Map(
  pluginTypes().flatMap((name) => {
    const row = pluginType(name);
    return row === undefined ? [] : [[name, row] as const];
  }),
);

function judgePlugins({ plugins }: JsonObject, judge: Judge): CheckFinding[] {
  const names = declared(plugins);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  return [
    ...[...new Set(twice)].map((name) =>
      judge.found(`declares the plugin ${name} twice`, "give each plugin a different name"),
    ),
    ...objectsOf(plugins).flatMap((plugin) => {
      const type = nameIn(plugin["type"]);
      if (type === undefined) return [judge.found("has a plugin without a type", "set type")];
      const [instead] = otherNames(type);
      const unknown = judge.known("plugin type", type, TYPES, instead);
      return [
        ...unknown,
        ...judgeFields(plugin, ITEM_FIELDS.plugins, "plugins", judge),
        ...judgeParameters(plugin, type, judge),
      ];
    }),
  ];
}

/** The names by which profiles call plugins. */
function declared(plugins: unknown): string[] {
  return objectsOf(plugins).flatMap(({ name, type }) => nameIn(name) ?? nameIn(type) ?? []);
}

/** The names that plugins without a name have once their types are corrected as the findings say. */
function declaredOnceCorrected(plugins: unknown, judge: Judge): string[] {
  const types = objectsOf(plugins).flatMap(({ name, type }) =>
    nameIn(name) === undefined ? (nameIn(type) ?? []) : [],
  );
  return types.flatMap((type) => judge.corrected(type, TYPES, otherNames(type)[0]) ?? []);
}

function judgeParameters({ parameters }: JsonObject, type: string, judge: Judge): CheckFinding[] {
  const known = pluginType(type)?.parameters;
  if (known === undefined) return [];
  const unknown = Object.keys(objectOf(parameters)).filter((name) => !known.includes(name));
  return unknown.map((name) => {
    const near = nearest(name, known);
    const fix = near === undefined ? `remove ${name}` : `write ${near} instead of ${name}`;
    const effect = judge.isStrict ? "which the plugin refuses" : "which has no effect";
    return judge.found(`gives the plugin ${type} the parameter ${name}, ${effect}`, fix, undefined, judge.isStrict);
  });
}

const HANDLER = /(?:^|-)profile-handler$/;
const SINGLE = "single-profile-handler";

/**
 * What chooses between profiles: for a single profile the scheduler adds a handler, and with several it exits without
 * one. Source: buildSchedulerConfig and ensureProfileHandler, pkg/epp/config/loader of llm-d-router and GIE.
 */
function judgeHandlers({ plugins, schedulingProfiles }: JsonObject, judge: Judge): CheckFinding[] {
  const types = objectsOf(plugins).flatMap(({ type }) => nameIn(type) ?? []);
  const handlers = types.filter((type) => HANDLER.test(type));
  const profiles = objectsOf(schedulingProfiles).length;
  if (handlers.length > 1)
    return [judge.found(`has ${handlers.length} profile handlers: ${handlers.join(", ")}`, "keep one of them")];
  // A plugin that is in no table may choose.
  if (profiles < 2 || !types.every((type) => TYPES.has(type))) return [];
  if (handlers[0] !== undefined && handlers[0] !== SINGLE) return [];
  const fix =
    "add a plugin that chooses between them, such as disagg-profile-handler for prefill and decode, or keep one profile";
  const message = `has ${profiles} profiles, but ${handlers[0] === undefined ? "no profile handler" : `${handlers[0]} handles only one`}`;
  return [judge.found(message, fix)];
}

/**
 * Data that plugins require and nothing gives them: the scheduler exits. The name of a plugin that is in no table may
 * give any data.
 */
function judgeData({ plugins }: JsonObject, judge: Judge, release: SchedulerRelease | undefined): CheckFinding[] {
  const declaredPlugins = objectsOf(plugins).flatMap((plugin) => {
    const type = nameIn(plugin["type"]);
    return type === undefined
      ? []
      : [{ type, name: nameIn(plugin["name"]) ?? type, parameters: objectOf(plugin["parameters"]) }];
  });
  if (release === undefined || !declaredPlugins.every(({ type }) => TYPES.has(type))) return [];
  const missing = missingData(declaredPlugins, release);
  // A plugin that requires two kinds of data of one other is reported once.
  const first = missing.filter(
    ({ plugin, from }, i) => i === missing.findIndex((one) => one.plugin === plugin && one.from === from),
  );
  return first.map(({ plugin, data, parameter, from, producer }) => {
    const message = `has the plugin ${plugin.name}, which requires ${data} of a plugin with the name ${from}, but no plugin of that name gives it`;
    const other = declaredPlugins.find(({ type }) => type === producer)?.name;
    const fix =
      other === undefined
        ? `add a plugin of the type ${producer} with the name ${from}`
        : `set the parameter ${parameter} of ${plugin.name} to ${other}`;
    return judge.found(message, fix);
  });
}

function judgeFields(item: JsonObject, known: readonly string[], where: string, judge: Judge): CheckFinding[] {
  return Object.keys(item)
    .filter((name) => !known.includes(name))
    .map((name) =>
      judge.found(`has the unknown field ${name} in ${where}`, `write ${nearest(name, known) ?? known.join(", ")}`),
    );
}

function judgeProfiles({ plugins, schedulingProfiles }: JsonObject, judge: Judge): CheckFinding[] {
  const names = declared(plugins);
  const known = [...names, ...declaredOnceCorrected(plugins, judge)];
  return objectsOf(schedulingProfiles).flatMap((profile) => {
    const entries = listOf(profile["plugins"]).filter(isObject);
    const missing = entries.flatMap(({ pluginRef }) => {
      const ref = nameIn(pluginRef);
      return ref === undefined || known.includes(ref) ? [] : [ref];
    });
    return [
      ...judgeFields(profile, ITEM_FIELDS.schedulingProfiles, "schedulingProfiles", judge),
      ...entries.flatMap((entry) => judgeFields(entry, ITEM_FIELDS.profilePlugins, "the plugins of a profile", judge)),
      ...missing.map((ref) => {
        const near = nearest(ref, names);
        const fix =
          near === undefined ? `add ${ref} to plugins` : `write ${near} instead of ${ref}, or add ${ref} to plugins`;
        return judge.found(
          `has the pluginRef ${ref}, but declares no plugin of that name`,
          fix,
          undefined,
          !ADDED_PLUGINS.has(ref),
        );
      }),
    ];
  });
}
