import { judge } from "../../core/contract/input/judge.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import { SETTINGS_CONFIGMAP } from "../../core/contract/names.ts";
import { parseSettings, SETTINGS_KEYS } from "../../core/contract/options/parsesettings.ts";
import {
  DEFAULT_SETTINGS,
  type PartialSettings,
  partialSettings,
  type Settings,
} from "../../core/contract/options/settings.ts";
import { asText, isObject, type JsonObject } from "../../core/kubernetes/json.ts";
import { didYouMean, nearest } from "../../core/kubernetes/nearest.ts";
import { settingsOf } from "../../core/platform/bundle.ts";
import type { Terminal } from "../text/terminal.ts";
import { readDocuments, UnreadableInput } from "./input.ts";
import type { PlanningOptions } from "./options.ts";

interface ReadSettings {
  settings: Settings;
  issues: Issue[];
}

/**
 * The settings of `--settings`, or of a ConfigMap among the documents. Without `--compat`, what they leave out keeps the defaults of this
 * package; with it, that of KServe.
 */
export function readSettings(
  { settings: file, compat }: Pick<PlanningOptions, "settings" | "compat">,
  terminal: Terminal,
  documents: readonly JsonObject[],
  otherwise: Settings = DEFAULT_SETTINGS,
): ReadSettings {
  const fromFile = file === undefined ? [] : readDocuments([file], terminal).map((source) => source.document);
  const other = fromFile.find(({ apiVersion, kind }) => apiVersion !== undefined && kind !== "ConfigMap");
  if (other !== undefined) {
    const wanted = `the ConfigMap ${SETTINGS_CONFIGMAP} or its data was expected`;
    throw new UnreadableInput(`${file}: ${wanted}, not an object of kind ${asText(other.kind)}`);
  }
  const found = [...fromFile, ...documents.filter(isSettings)][0];
  if (found === undefined) return { settings: otherwise, issues: [] };
  const isConfigMap = found.kind === "ConfigMap";
  const data = isConfigMap ? (found.data ?? {}) : found;
  if (!isConfigMap && areOptions(found)) return optionSettings(found, otherwise);
  const { settings, issues } = parseSettings(data, { missing: compat === undefined ? "package" : "kserve" });
  const unknown = isObject(data) ? unknownKeys(Object.keys(data), isConfigMap) : [];
  return { settings: settings ?? DEFAULT_SETTINGS, issues: [...issues, ...unknown] };
}

function isSettings({ kind, metadata }: JsonObject): boolean {
  return kind === "ConfigMap" && isObject(metadata) && metadata["name"] === SETTINGS_CONFIGMAP;
}

const OPTIONS: readonly string[] = Object.keys(partialSettings.shape);
const READ: readonly string[] = SETTINGS_KEYS;

/** Whether a file has the settings as a program writes them: every value of a ConfigMap is a text. */
function areOptions(found: JsonObject): boolean {
  return Object.entries(found).some(
    ([key, value]) => typeof value !== "string" || (OPTIONS.includes(key) && !READ.includes(key)),
  );
}

/** What KServe itself has where the ConfigMap sets nothing. */
const PROMETHEUS = { tlsInsecureSkipVerify: false, authModes: "", triggerAuthName: "", triggerAuthKind: "" };

function optionSettings(found: JsonObject, otherwise: Settings): ReadSettings {
  const { autoscaling } = found;
  const given = isObject(autoscaling) && isObject(autoscaling["prometheus"]) ? autoscaling["prometheus"] : undefined;
  const whole = given === undefined ? found : { ...found, autoscaling: { prometheus: { ...PROMETHEUS, ...given } } };
  const wrong = judge(partialSettings, whole, { layer: "settings" });
  const issues = wrong.map((issue): Issue => ({ ...issue, code: "SettingsInvalid" }));
  if (issues.length > 0) return { settings: otherwise, issues };
  return { settings: settingsOf(undefined, otherwise, whole as PartialSettings), issues };
}

/**
 * Keys of the ConfigMap for other components. Source: config/configmap/inferenceservice.yaml, KServe v0.20.0.
 */
const OF_OTHERS: readonly string[] = [
  ...["_example", "explainers", "logger", "batcher", "agent", "router", "deploy", "metricsAggregator", "autoscaler"],
  ...["opentelemetryCollector", "security", "inferenceService", "service", "resource", "multiNode", "oauthProxy"],
];

/** Keys that nothing reads. Distributions of KServe add keys to the ConfigMap: there, only a likely mistake is one. */
function unknownKeys(keys: readonly string[], isConfigMap: boolean): Issue[] {
  const unknown = keys.filter((key) => !READ.includes(key) && !OF_OTHERS.includes(key));
  return unknown
    .filter((key) => !isConfigMap || nearest(key, READ) !== undefined)
    .map((key) => ({
      code: "SettingsInvalid",
      severity: "warning",
      path: key,
      layer: "settings",
      message: `unknown key ${key}: it is ignored`,
      fix: didYouMean(key, READ) ?? `remove it, or write one of: ${READ.join(", ")}`,
    }));
}
