import type { LLMInferenceServiceSpec } from "../../../api/service.ts";
import { isScheduler } from "../../../contract/names.ts";
import { configPath } from "../../../knowledge/scheduler/config.ts";
import {
  CONFIG_FIELDS,
  CONFIG_KIND,
  CONFIG_VERSIONS,
  FEATURE_GATES,
  RENAMED_FIELDS,
} from "../../../knowledge/scheduler/configfields.ts";
import { isSchedulerSwitch } from "../../../knowledge/scheduler/flags.ts";
import { goFlagValue, parseGoFlags } from "../../../knowledge/scheduler/goflags.ts";
import { PLUGIN_TYPES } from "../../../knowledge/scheduler/plugins.ts";
import { schedulerRelease } from "../../../knowledge/scheduler/releases.ts";
import { fromGoYaml } from "../../../kubernetes/go/readgoyaml.ts";
import { asText, type JsonObject, textsOf } from "../../../kubernetes/json.ts";
import type { Container, KubernetesObject } from "../../../kubernetes/objects.ts";
import { remembering } from "../../../kubernetes/remember.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";
import { isDeployment, podSpecsOf } from "../../../kubernetes/workloads/workloads.ts";
import type { CheckFinding } from "../check.ts";
import { judgeFilters } from "./configfilters.ts";
import { Judge } from "./configjudge.ts";
import { judgeData, judgePlugins } from "./configplugins.ts";
import { judgeHandlers, judgeProfiles } from "./configprofiles.ts";
import { wrongPickers } from "./pickers.ts";
import { judgeMovedFlags } from "./schedulerflags.ts";

/**
 * The configuration that the scheduler is started with, once the plan has brought it to the form of its release. The
 * scheduler exits on a field, a type of plugin or a gate that it does not know. Judged on the Deployment, because the
 * plan may have written the configuration.
 */
export function judgeSchedulerConfig(
  objects: readonly KubernetesObject[],
  spec: LLMInferenceServiceSpec,
): CheckFinding[] {
  const main = pickerIn(objects);
  return main === undefined ? [] : [...judgeMovedFlags(main), ...judgeText(main, configPath(spec), objects)];
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

function judgeText(main: Container, path: string, objects: readonly KubernetesObject[]): CheckFinding[] {
  const text = configText(main);
  if (text === undefined) return [];
  const { image = "" } = main;
  const config = fromGoYaml(text);
  return [
    ...judgedAlone(JSON.stringify([text, image, path])),
    ...(config === undefined ? [] : judgeFilters(config, judgeOf(image, path), objects)),
  ];
}

function judgeOf(image: string, path: string): Judge {
  return new Judge(schedulerRelease(image), path);
}

/** The findings in a text, for an image and a path: many services have the same scheduler. */
const judgedAlone = remembering((key): readonly CheckFinding[] => {
  const [text = "", image = "", path = ""] = JSON.parse(key) as string[];
  const judge = judgeOf(image, path);
  const config = fromGoYaml(text);
  if (config === undefined) return [judge.found("is not a YAML document with fields", "write an EndpointPickerConfig")];
  return [
    ...judgeKind(config, judge),
    ...Object.keys(config).flatMap((name) => judge.known("field", name, CONFIG_FIELDS, entryOf(RENAMED_FIELDS, name))),
    ...judgeSections(config, judge),
    ...judgeGates(config, judge),
    ...judgePlugins(config, judge),
    ...judgeProfiles(config, judge),
    ...judgeHandlers(config, judge),
    ...wrongPickers(config, (type) => PLUGIN_TYPES.has(type), judge.release).map(({ message, fix }) =>
      judge.found(message, fix),
    ),
    ...judgeData(config, judge),
  ];
}, 16);

const SECTIONS = ["dataLayer", "flowControl", "requestHandler", "saturationDetector", "parser"] as const;

function judgeSections(config: JsonObject, judge: Judge): CheckFinding[] {
  return SECTIONS.flatMap((name) => judge.typed(config[name], name, "mapping"));
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
  return [
    ...judge.typed(featureGates, "featureGates", "list"),
    ...textsOf(featureGates).flatMap((gate) => judge.known("feature gate", gate.split("=")[0] ?? "", FEATURE_GATES)),
  ];
}
