import type {
  LLMInferenceService,
  LLMInferenceServiceConfig,
  LLMInferenceServiceConfigSpec,
} from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Layer, MergeRules } from "../../contract/layer.ts";
import type { Settings } from "../../contract/options/settings.ts";
import type { AppliedConfig } from "../../contract/plan.ts";
import { ConfigLookup, type WantedConfig } from "./lookup.ts";

import { type PresetBehaviour, type PresetName, presetNames } from "./presetrules.ts";

export interface Layers {
  /** The service, with what the choice of layers decides (KServe: model.name from baseRefs). */
  service: LLMInferenceService;
  /** Lowest precedence first; the service's own spec last. */
  layers: Layer[];
  appliedConfigs: AppliedConfig[];
  issues: Issue[];
}

interface ChooseInput {
  service: LLMInferenceService;
  configs: readonly LLMInferenceServiceConfig[];
  /** What is merged over the service's own layer. */
  group?: Layer;
  settings: Pick<Settings, "systemNamespace">;
  behaviour: MergeRules & PresetBehaviour & Pick<Behaviour, "topologyFrom" | "shorthands">;
  /** Merges layers, lowest precedence first; the topology is taken from the result. */
  merge(layers: readonly Layer[], rules: MergeRules): { spec: LLMInferenceServiceConfigSpec; issues: Issue[] };
}

/**
 * Which configs take part in a service: the presets for its topology, then its baseRefs, in order. The topology is
 * taken from the service merged with its baseRefs. Source: combineBaseRefsConfig in config_merge.go, KServe v0.20.0.
 */
export function chooseLayers({ service, configs, group, settings, behaviour, merge }: ChooseInput): Layers {
  const above = group === undefined ? [] : [group];
  const places = [service.metadata.namespace, settings.systemNamespace];
  const lookup = new ConfigLookup(configs, places, { hasStacks: behaviour.shorthands });
  const named = findAll(lookup, baseRefsOf(service));
  if (named.issues.length > 0) return { service, layers: [], appliedConfigs: [], issues: named.issues };

  const configLayers = named.found.map(asLayer("config"));
  const view = merge([...topologyLayers(service, configLayers, behaviour), ...above], behaviour);
  if (view.issues.length > 0) return { service, layers: [], appliedConfigs: [], issues: view.issues };

  const wanted = presetNames(view.spec, service.status?.annotations, behaviour);
  const there = wanted.filter(({ name, isOptional }) => !isOptional || lookup.find(name) !== undefined);
  const presets = findAll(lookup, there.map(wantedPreset));
  const renamed = withModelName(service, view.spec.model?.name || service.metadata.name);
  return {
    service: renamed,
    layers: [
      ...presets.found.map(asLayer("preset")),
      ...configLayers,
      { label: "service", spec: renamed.spec },
      ...above,
    ],
    appliedConfigs: [...presets.found.map(appliedAs("Preset")), ...named.found.map(appliedAs("UserRef"))],
    issues: presets.issues,
  };
}

function baseRefsOf(service: LLMInferenceService): WantedConfig[] {
  return (service.spec.baseRefs ?? []).map(({ name }, index) => ({
    name: name ?? "",
    path: `spec.baseRefs[${index}].name`,
  }));
}

function wantedPreset({ name, pinnedBy }: PresetName): WantedConfig {
  return pinnedBy === undefined
    ? { name, path: "spec" }
    : { name, path: `status.annotations[${pinnedBy}]`, isPinned: true };
}

function findAll(
  lookup: ConfigLookup,
  wanted: readonly WantedConfig[],
): { found: LLMInferenceServiceConfig[]; issues: Issue[] } {
  const configs = wanted.map(({ name }) => lookup.find(name));
  return {
    found: configs.filter((config) => config !== undefined),
    issues: wanted.flatMap((one, i) => (configs[i] === undefined ? [lookup.missing(one)] : [])),
  };
}

function appliedAs(source: AppliedConfig["source"]): (config: LLMInferenceServiceConfig) => AppliedConfig {
  return ({ metadata }) => ({ name: metadata.name, namespace: metadata.namespace, source });
}

function asLayer(kind: "preset" | "config"): (config: LLMInferenceServiceConfig) => Layer {
  return (config) => {
    const { namespace, name } = config.metadata;
    return { label: kind === "preset" ? `preset ${name}` : `config ${namespace}/${name}`, spec: config.spec, config };
  };
}

/** The service and its baseRefs; the behaviour decides which override the other. */
function topologyLayers(
  service: LLMInferenceService,
  configs: readonly Layer[],
  { topologyFrom }: Pick<Behaviour, "topologyFrom">,
): Layer[] {
  if (topologyFrom === "baseRefsOverService") return [{ label: "service", spec: service.spec }, ...configs];
  return [...configs, { label: "service", spec: service.spec }];
}

/** The service with the name of its model; if no layer writes one, it is the name of the service. */
function withModelName(service: LLMInferenceService, name: string): LLMInferenceService {
  if (name === service.spec.model.name) return service;
  return { ...service, spec: { ...service.spec, model: { ...service.spec.model, name } } };
}
