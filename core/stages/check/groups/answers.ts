import { ANSWER_FLAGS, type AnswerFlag } from "../../../knowledge/engine/answerflags.ts";
import { hasPlugin, PLUGIN } from "../../../knowledge/scheduler/config.ts";
import { revisionOf } from "../../../kubernetes/revision.ts";
import { modelOf } from "./names.ts";
import { atFlag, type GroupFinding, LATER, type Serving, saidBy } from "./planned.ts";

/** What must be alike because any pod may get the next request of a client, or because the scheduler knows it once for all. */
export function judgeAnswers(groups: readonly Serving[], config: unknown): GroupFinding[] {
  const hasPrefixes = hasPlugin(config, PLUGIN.precise, PLUGIN.prefixes);
  const rows = ANSWER_FLAGS.filter(({ ofPrefixes }) => ofPrefixes !== true || hasPrefixes);
  return [...judgeModels(groups), ...rows.flatMap((row) => judgeRow(row, groups))];
}

/** A group, and what it says of something; equal keys are equal values. */
interface Saying {
  group: Serving;
  key: string;
  shown: string;
}

function judgeRow(row: AnswerFlag, groups: readonly Serving[]): GroupFinding[] {
  const says = groups.flatMap((group) => sayingOf(row, group) ?? []);
  return differing(says).map(([one, first]) => {
    const name = titleOf(row, one.group);
    const message = row.isSecret
      ? `${name} of ${one.group.name} differs from that of ${first.group.name}, and requests go to the pods of both: ${row.effect}`
      : `${name} is ${one.shown} in ${one.group.name}, but ${first.shown} in ${first.group.name}, and requests go to the pods of both: ${row.effect}`;
    const at = flagOf(row, one.group) ?? "";
    return atFlag(one.group, at, { severity: "warning", message, fix: `set ${name} alike in all groups` });
  });
}

function flagOf({ flag = {} }: AnswerFlag, { engine }: Serving): string | undefined {
  return flag[engine.isSglang ? "sglang" : "vllm"];
}

function titleOf(row: AnswerFlag, group: Serving): string {
  const flag = flagOf(row, group);
  return flag === undefined ? (row.variable ?? "") : `--${flag}`;
}

function sayingOf(row: AnswerFlag, group: Serving): Saying | undefined {
  const { engine } = group;
  const flag = flagOf(row, group);
  const variable = engine.container.env?.find(({ name }) => name === row.variable);
  const said = flag === undefined ? undefined : saidBy(engine, flag);
  if (said === LATER || (flag === undefined && row.variable === undefined)) return undefined;
  if (said === undefined && variable !== undefined)
    return { group, key: `variable ${JSON.stringify(variable)}`, shown: variable.value ?? "known when the pods run" };
  const text = said?.join(" ") ?? row.unset;
  if (text === undefined) return { group, key: "", shown: "not set" };
  return { group, key: row.isPresence === true ? "set" : `value ${keyOf(text)}`, shown: text };
}

/** The order of the keys of JSON does not count. */
function keyOf(text: string): string {
  if (!text.startsWith("{")) return text;
  try {
    return revisionOf(JSON.parse(text), LENGTH);
  } catch {
    return text;
  }
}
const LENGTH = 16;

/** Those that differ from the first, each with it. */
function differing(says: readonly Saying[]): (readonly [Saying, Saying])[] {
  const [first, ...others] = says;
  return first === undefined ? [] : others.filter(({ key }) => key !== first.key).map((one) => [one, first] as const);
}

/** Weights of one model in other formats are another folder too, so this is never certain. */
function judgeModels(groups: readonly Serving[]): GroupFinding[] {
  const says = groups.flatMap((group) => {
    const model = modelOf(group.engine);
    return model === undefined ? [] : [{ group, key: model, shown: model }];
  });
  return differing(says).map(([one, first]) => {
    const message = `the pods of ${one.group.name} load the model from ${one.shown}, but those of ${first.group.name} load it from ${first.shown}, and requests go to the pods of both`;
    const fix = "set the same model in all groups, or use a service for each model";
    return atFlag(one.group, "", { severity: "warning", message, fix });
  });
}
