import { ANSWER_FLAGS, type AnswerFlag } from "../../../knowledge/engine/start/answerflags.ts";
import { hasPlugin, PLUGIN } from "../../../knowledge/scheduler/config.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { flagsOwner } from "../engine.ts";
import { keyOf } from "./key.ts";
import { modelOf } from "./names.ts";
import { atFlag, atVariable, flagWords, type GroupFinding, isOpen, LATER, type Serving } from "./planned.ts";

/**
 * Settings that must be alike because any pod may get the next request of a client, or because the scheduler knows one
 * value for all.
 */
export function judgeAnswers(groups: readonly Serving[], config: unknown): GroupFinding[] {
  const hasPrefixes = hasPlugin(config, PLUGIN.precise, PLUGIN.prefixes);
  const rows = ANSWER_FLAGS.filter(({ ofPrefixes }) => ofPrefixes !== true || hasPrefixes);
  return [...judgeModels(groups), ...rows.flatMap((row) => judgeRow(row, groups))];
}

/** A group, and its value of a setting; equal keys are equal values. */
interface GroupSetting {
  group: Serving;
  key: string;
  shown: string;
  /** Whether the value is written, and does not follow from something else that differs. */
  isSet: boolean;
  /** The environment variable that sets it. */
  variable?: string;
}

function judgeRow(row: AnswerFlag, groups: readonly Serving[]): GroupFinding[] {
  const says = groups.flatMap((group) => settingOf(row, group) ?? []);
  const disagreeing = differing(says).filter((pair) => pair.some(({ isSet }) => isSet));
  return disagreeing.map(([one, first]) => {
    const name = titleOf(row, one);
    const message = row.isSecret
      ? `${name} of ${one.group.name} differs from that of ${first.group.name}, and requests go to the pods of both: ${row.effect}`
      : `${name} is ${one.shown} in ${one.group.name}, but ${first.shown} in ${first.group.name}, and requests go to the pods of both: ${row.effect}`;
    const text = { severity: "warning", message, fix: `set ${name} to the same value in all groups` } as const;
    return one.variable === undefined
      ? atFlag(one.group, flagOf(row, one.group) ?? "", text)
      : atVariable(one.group, one.variable, text);
  });
}

function flagOf({ flag = {} }: AnswerFlag, { engine }: Serving): string | undefined {
  return flag[flagsOwner(engine)];
}

function titleOf(row: AnswerFlag, { group, variable }: GroupSetting): string {
  const flag = flagOf(row, group);
  return variable ?? (flag === undefined ? (row.variable ?? "") : `--${flag}`);
}

function settingOf(row: AnswerFlag, group: Serving): GroupSetting | undefined {
  const flag = flagOf(row, group);
  const own = flag === undefined ? undefined : flagWords(group.engine, flag);
  if (own === LATER || (flag === undefined && row.variable === undefined)) return undefined;
  if (own === undefined && row.variable !== undefined) {
    const variable = settingOfVariable(row, row.variable, group);
    if (variable !== "unset") return variable;
  }
  const unset = row.isOfModel === true ? modelOf(group.engine) : row.unset;
  const words = own ?? (unset === undefined ? undefined : [unset]);
  const isSet = own !== undefined;
  if (words === undefined) return { group, key: "", shown: "not set", isSet };
  const key = row.isPresence === true ? "set" : keyOf(words.map(meaning(row)));
  return { group, key, shown: words.join(" "), isSet };
}

/**
 * A literal is compared with the flag's value in another group; a value from a Secret or ConfigMap is compared by its
 * source.
 */
function settingOfVariable(row: AnswerFlag, name: string, group: Serving): GroupSetting | "unset" | undefined {
  const variable = group.engine.container.env?.findLast((one) => one.name === name);
  if (variable === undefined) return (group.engine.container.envFrom ?? []).length > 0 ? undefined : "unset";
  const { value, valueFrom } = variable;
  if (value !== undefined && isOpen(value)) return undefined;
  const key = value === undefined ? `from ${JSON.stringify(valueFrom)}` : keyOf([meaning(row)(value)]);
  return { group, key, shown: value ?? "known only when the pods run", isSet: true, variable: name };
}

/** Words of one meaning count as one word. */
function meaning({ synonyms = {} }: AnswerFlag): (word: string) => string {
  return (word) => entryOf(synonyms, word) ?? word;
}

/** The groups that differ from the first, each paired with it. */
function differing(says: readonly GroupSetting[]): (readonly [GroupSetting, GroupSetting])[] {
  const [first, ...others] = says;
  return first === undefined ? [] : others.filter(({ key }) => key !== first.key).map((one) => [one, first] as const);
}

/** Weights of one model in another format have another path, so this is never certain. */
function judgeModels(groups: readonly Serving[]): GroupFinding[] {
  const says = groups.flatMap((group) => {
    const model = modelOf(group.engine);
    return model === undefined ? [] : [{ group, key: model, shown: model, isSet: true }];
  });
  return differing(says).map(([one, first]) => {
    const message = `the pods of ${one.group.name} load the model from ${one.shown}, but those of ${first.group.name} load it from ${first.shown}, and requests go to the pods of both`;
    const fix = "set the same model in all groups, or use a service for each model";
    return atFlag(one.group, "", { severity: "warning", message, fix });
  });
}
