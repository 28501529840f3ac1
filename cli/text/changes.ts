import type { Json } from "../../core/kubernetes/json.ts";
import type { FieldChange, ObjectChange } from "../../core/views/diff/diff.ts";
import type { Effect } from "../../core/views/diff/effects.ts";
import type { Impact } from "../../core/views/diff/impact.ts";
import type { Comparison, ServiceDiff } from "../../core/views/diff/services.ts";
import { text } from "../../core/views/explain/whynot.ts";
import { table } from "./table.ts";
import { indented, type Line, line, paragraphs, type Style, styled } from "./text.ts";

/** Differences as text: by service, by object, field by field, and at the end what the rollout requires. */
export function comparisonText({ services, impact }: Comparison): Line[] {
  const changed = services.filter(({ change }) => change !== "same");
  const same = services.length - changed.length;
  const stay = same === 1 ? "1 service is unchanged" : `${same} services are unchanged`;
  return paragraphs([
    changed.length > 1 ? overview(changed) : [],
    ...changed.map(serviceText),
    same > 0 ? [stay] : [],
    changed.length > 0 ? impactText(impact) : [],
  ]);
}

function overview(changed: readonly ServiceDiff[]): Line[] {
  return table(changed, [
    { title: "SERVICE", cell: ({ service }) => service },
    { title: "EFFECT", cell: effectWord },
    { title: "OBJECTS", cell: ({ objects }) => String(objects.length) },
    { title: "FIELDS", cell: ({ objects }) => String(objects.reduce((sum, { fields }) => sum + fields.length, 0)) },
  ]);
}

function effectWord({ change, effect }: ServiceDiff): string {
  return change === "create" ? "new" : change === "delete" ? "gone" : effect;
}

const EFFECT_STYLE: Record<Effect, Style> = { none: "dim", resize: "cyan", restart: "yellow", replace: "red" };
const CHANGE_MARK = { create: "+", delete: "-", update: "~" } as const;

function serviceText(changed: ServiceDiff): Line[] {
  const { service, effect, objects } = changed;
  const head = line(styled(service, "bold"), ": ", styled(effectWord(changed), EFFECT_STYLE[effect]));
  return [head, ...objects.flatMap(objectText)];
}

export function objectText({ object, change, effect, fields }: ObjectChange): Line[] {
  const shown = effect === "none" ? [] : ["  ", styled(effect, EFFECT_STYLE[effect])];
  const head = line(`${CHANGE_MARK[change]} ${object.kind} ${object.name}`, ...shown);
  return [head, ...indented(fieldsTable(fields))];
}

function fieldsTable(fields: readonly FieldChange[]): Line[] {
  return table(fields, [
    { title: "FIELD", cell: ({ path }) => path },
    { title: "BEFORE", cell: ({ before }) => side(before), widest: 40 },
    { title: "AFTER", cell: ({ after }) => side(after), widest: 40 },
    { title: "EFFECT", cell: ({ effect }) => effect },
  ]);
}

function side(value: Json | undefined): string {
  return value === undefined ? "-" : text(value);
}

/** What a rollout requires, in two or three sentences. */
export function impactText({ podsRestarted, gpus, gpusAtMost, cost, workloads }: Impact): Line[] {
  const replaced = workloads.filter(({ effect }) => effect === "replace").length;
  const lines = [
    `pods: ${amount(podsRestarted)} restart${replaced > 0 ? `, ${replaced} workload${replaced > 1 ? "s are" : " is"} replaced and ${gpus.lost} GPUs serve no requests in the meantime` : ""}`,
    `GPUs: ${amount(gpus.before)} → ${amount(gpus.after)} (${signed(gpus.delta)}), ${amount(gpus.peak)} at the rollout's peak${scaled(gpus, gpusAtMost)}`,
  ];
  if (cost !== undefined) {
    const unpriced = cost.unpriced.length > 0 ? `; no price for ${cost.unpriced.join(", ")}` : "";
    lines.push(`cost: ${amount(cost.before)} → ${amount(cost.after)} per hour (${signed(cost.delta)})${unpriced}`);
  }
  return lines;
}

function scaled(floor: Impact["gpus"], most: Impact["gpusAtMost"]): string {
  if (Object.is(floor.before, most.before) && Object.is(floor.after, most.after)) return "";
  return `; autoscalers may use ${amount(most.before)} → ${amount(most.after)}`;
}

/** A number of a rollout; it is unknown if it depends on a secret value. */
function amount(value: number): string {
  return Number.isFinite(value) ? String(value) : "unknown";
}

function signed(delta: number): string {
  return delta > 0 ? `+${delta}` : amount(delta);
}
