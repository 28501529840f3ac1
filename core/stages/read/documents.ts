import { asSpec, type LLMInferenceService, type LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Layer } from "../../contract/layer.ts";
import { groupLayer, type Lowered, type LoweredDocuments, type LoweredGroup } from "../../contract/lowering.ts";
import { objectOf } from "../../kubernetes/json.ts";
import { rememberingItems } from "../../kubernetes/remember.ts";
import { type CacheView, withCacheMarks } from "./localmodel.ts";
import { completeService, readConfig } from "./read.ts";

/** The documents as they are merged, and the lowered form of each config. */
export interface ReadDocuments {
  service?: LLMInferenceService;
  configs: readonly LLMInferenceServiceConfig[];
  /** The fields that the planned replica group sets: a layer over the service's own. */
  group?: Layer;
  /** The lowered form of a layer's document. */
  loweredOf(layer: Layer): Lowered | undefined;
  issues: Issue[];
}

export function readDocuments(
  lowered: LoweredDocuments,
  behaviour: Behaviour,
  cluster: Pick<CacheView, "settings" | "known">,
): ReadDocuments {
  const { value, issues } = completeService(lowered.service.opened, behaviour);
  const marked = value && withCacheMarks(value, { ...cluster, behaviour });
  const { known, configs, issues: ofConfigs } = readConfigsOf(lowered.configs, behaviour);
  const group = lowered.group && layerOf(lowered.group);
  return {
    configs,
    loweredOf: (layer) => {
      if (layer.config !== undefined) return known.get(layer.config);
      return layer === group ? lowered.group?.own : lowered.service;
    },
    issues: [...issues, ...(marked?.issues ?? []), ...ofConfigs],
    ...(marked && { service: marked.service }),
    ...(group && { group }),
  };
}

/** The configs of a plan, with the lowered form of each. Most plans have the same ones, presets. */
const readConfigsOf = rememberingItems((lowered: readonly Lowered[], behaviour: Behaviour) => {
  const read = lowered.map((one) => ({ one, ...readConfig(one.document, behaviour) }));
  return {
    known: new Map(read.map(({ one, value }) => [value, one])),
    configs: read.flatMap(({ value }) => value ?? []),
    issues: read.flatMap((one) => one.issues),
  };
});

/** Admission found the group sound, and it only has fields of a workload. */
function layerOf({ name, own }: LoweredGroup): Layer {
  return { label: groupLayer(name), spec: asSpec(objectOf(own.opened.content?.current["spec"])) };
}
