import type { LLMInferenceServiceSpec } from "../../../api/service.ts";
import type { Provenance } from "../../../contract/layer.ts";
import type { WrittenSettings } from "../../../contract/lowering.ts";
import { rootOf } from "../../../knowledge/engine/flags/flagbook.ts";
import { documentsOf } from "../../../knowledge/engine/flags/keyedflags.ts";
import { ENGINE_FLAGS } from "../../../knowledge/engine/flags/known.ts";
import { type CheckFinding, layerOfFlag } from "../check.ts";
import { type Engine, enginesOf, flagsOwner } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

/** A replica group as it was planned, and the name of its accelerator, if one is named. */
export interface PlannedGroup {
  name: string;
  spec: LLMInferenceServiceSpec;
  provenance: Provenance;
  /** Where the layers write the settings of `tuning`. */
  written?: WrittenSettings;
  accelerator?: string;
  engineVersion?: string;
}

/** A problem of a group compared with the others, as if the group were the whole service. */
export interface GroupFinding {
  group: string;
  finding: CheckFinding;
}

/** A group, and the engine of its pods that answer requests. */
export interface Serving extends PlannedGroup {
  engine: Engine;
}

/** The groups whose engines can be read; the names of the others. */
export function servingOf(groups: readonly PlannedGroup[]): { serving: Serving[]; unread: PlannedGroup[] } {
  const read = groups.map((group) => {
    const engines = enginesOf(group.spec, group.engineVersion, group).filter(({ role }) => role === "main");
    const engine = engines.find(({ pod }) => pod === "template") ?? engines[0];
    return engine?.start?.complete === true ? { ...group, engine } : group;
  });
  return {
    serving: read.filter((one): one is Serving => "engine" in one),
    unread: read.filter((one) => !("engine" in one)),
  };
}

/** Values that are decided in the pods: they are known when the pods run. */
export const LATER = Symbol("known only when the pods run");
export type FlagWords = readonly string[] | typeof LATER | undefined;

/** The words after a flag; keys that are written separately count as one word. Undefined if it is not set. */
export function flagWords(engine: Engine, flag: string): FlagWords {
  const { lines } = ENGINE_FLAGS[flagsOwner(engine)];
  const args = lines.parseArgs(engine.args).filter((arg) => arg.flag !== undefined && rootOf(arg.flag) === flag);
  const last = args.at(-1);
  if (last === undefined) return lines.flagValue(engine.args, "--config") === undefined ? undefined : LATER;
  const whole = last.values.length > 0 ? last.values : [String(!last.negated)];
  const ofKeys = documentsOf(args, () => true).get(flag);
  const words = ofKeys === undefined ? whole : [ofKeys];
  return words.some(isOpen) ? LATER : words;
}

/** Whether the group has a fixed number of 0 replicas, so that no request reaches a pod of it. */
export function hasNoPods({ spec: { replicas, scaling } }: PlannedGroup): boolean {
  return replicas === 0 && scaling === undefined;
}

/** Whether a word contains a variable that the pod fills in. */
export function isOpen(word: string): boolean {
  return word.includes("$(");
}

type Text = Pick<CheckFinding, "message" | "fix" | "severity" | "fixes">;

/** A finding at a flag of the engine that answers requests. */
export function atFlag({ engine, ...group }: Serving, flag: string, text: Text): GroupFinding {
  const layer = layerOfFlag(group, engine, flag);
  return {
    group: group.name,
    finding: { code: "GroupsDisagree", path: flagPathOf(engine, flag), layer, ...text },
  };
}

/** A finding at an environment variable of the engine that answers requests. */
export function atVariable({ engine, provenance, name: group }: Serving, variable: string, text: Text): GroupFinding {
  const { container, path, traced } = engine;
  const index = container.env?.findLastIndex(({ name }) => name === variable) ?? 0;
  const at = `${traced}.env[name=${variable}]`;
  const layer = (provenance.get(`${at}.value`) ?? provenance.get(`${at}.name`))?.layer ?? "merged";
  return { group, finding: { code: "GroupsDisagree", path: `${path}.env[${index}]`, layer, ...text } };
}
