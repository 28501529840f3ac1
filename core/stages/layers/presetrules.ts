import { GROUP, type LLMInferenceServiceConfigSpec } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import { PRESET_PREFIX } from "../../contract/names.ts";
import { type EngineKind, engineOf } from "../../knowledge/engine/engines.ts";
import {
  callsTokenizer,
  hasPlugin,
  PLUGIN,
  type TokenizerBehaviour,
  writtenConfig,
} from "../../knowledge/scheduler/config.ts";
import { entryOf } from "../../kubernetes/table.ts";

/**
 * Which presets apply, lowest precedence first, by what a service requests. Names are KServe's; those of pipeline
 * parallelism are known to KServe but not part of its release. Source: combineBaseRefsConfig in config_merge.go, KServe
 * v0.21.
 */
interface PresetRule {
  preset: string;
  /** The engine that the preset starts, if it starts one. */
  engine?: EngineKind;
  /** Whether a service works without the preset: releases of a platform may be older than the preset. */
  isOptional?(spec: LLMInferenceServiceConfigSpec, behaviour: PresetBehaviour): boolean;
  when(spec: LLMInferenceServiceConfigSpec, behaviour: PresetBehaviour): boolean;
}
export type PresetBehaviour = TokenizerBehaviour & Pick<Behaviour, "tensorOverPods">;

const ROUTE = "config-llm-router-route";
const PINNED = `${GROUP}/`;

const RULES: readonly PresetRule[] = [
  {
    preset: "config-llm-scheduler",
    when: ({ router }) => isSet(router?.scheduler) && !router?.scheduler?.pool?.ref?.name,
  },
  {
    preset: "config-llm-tokenizer",
    isOptional: ({ router }, { tokenizer }) => tokenizer === "asPresets" && !router?.scheduler?.tokenizer,
    when: (spec, behaviour) => behaviour.tokenizer !== "beside" && callsTokenizer(spec, writtenConfig(spec, behaviour)),
  },
  {
    preset: "config-llm-scheduler-latency-predictor",
    when: (spec, behaviour) => hasPlugin(writtenConfig(spec, behaviour), PLUGIN.latency),
  },
  {
    preset: "config-llm-router-route",
    when: ({ router }) => isSet(router?.route) && !router?.route?.http?.refs?.length,
  },
  { preset: "config-llm-tracing", when: ({ tracing }) => isSet(tracing) },
  ...workloadPresets("prefill-", ({ prefill }) => (isSet(prefill) ? prefill : undefined)),
  ...workloadPresets("decode-", (spec) => (isSet(spec.prefill) ? spec : undefined)),
  ...workloadPresets("", (spec) => (isSet(spec.prefill) ? undefined : spec)),
];

type Workload = Pick<LLMInferenceServiceConfigSpec, "worker" | "parallelism">;

/**
 * A role's pod template: of one pod, or of a group by the kind of parallelism; data parallelism comes first.
 * Tensor-parallel groups use the preset of pipeline stages, because their pods join with the same flags.
 */
function workloadPresets(
  role: string,
  of: (spec: LLMInferenceServiceConfigSpec) => Workload | undefined,
): PresetRule[] {
  return [...enginePresets("vllm", `config-llm-${role}`, of), ...enginePresets("sglang", `config-sglang-${role}`, of)];
}

function enginePresets(
  engine: EngineKind,
  prefix: string,
  of: (spec: LLMInferenceServiceConfigSpec) => Workload | undefined,
): PresetRule[] {
  const rule = (suffix: string, when: (workload: Workload, behaviour: PresetBehaviour) => boolean): PresetRule => ({
    preset: `${prefix}${suffix}`,
    engine,
    when: (spec, behaviour) => {
      const workload = of(spec);
      return workload !== undefined && when(workload, behaviour);
    },
  });
  return [
    rule("template", ({ worker }) => !isSet(worker)),
    rule("worker-data-parallel", (workload) => isSet(workload.worker) && isDataParallel(workload)),
    rule(
      "worker-pipeline-parallel",
      (workload, { tensorOverPods }) =>
        isSet(workload.worker) &&
        !isDataParallel(workload) &&
        (tensorOverPods || (workload.parallelism?.pipeline ?? 0) > 0),
    ),
  ];
}

function isDataParallel({ parallelism }: Workload): boolean {
  return (parallelism?.data ?? 0) > 0 || (parallelism?.dataLocal ?? 0) > 0;
}

function isSet<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

export interface PresetName {
  name: string;
  isOptional: boolean;
  /** The annotation of the status that pins it. */
  pinnedBy?: string;
}

/**
 * The names of the presets that a spec requires. A service keeps those that were pinned in its status when it was first
 * reconciled; the route's is not pinned, because it depends on the version of the gateway's provider.
 */
export function presetNames(
  spec: LLMInferenceServiceConfigSpec,
  pinned: Readonly<Record<string, string>> | undefined,
  behaviour: PresetBehaviour,
): PresetName[] {
  const started = engineOf(spec);
  const isOf = ({ engine }: PresetRule): boolean => engine === undefined || engine === started;
  return RULES.filter((rule) => isOf(rule) && rule.when(spec, behaviour)).map(({ preset, isOptional }) => {
    const pin = preset === ROUTE ? undefined : entryOf(pinned, PINNED + preset);
    const given = { isOptional: isOptional?.(spec, behaviour) ?? false };
    return pin ? { name: pin, pinnedBy: PINNED + preset, ...given } : { name: PRESET_PREFIX + preset, ...given };
  });
}
