import type { Json } from "../core/kubernetes/json.ts";
import type { FieldChange, ObjectChange } from "../core/views/diff/diff.ts";
import type { Effect } from "../core/views/diff/effects.ts";
import type { Impact } from "../core/views/diff/impact.ts";
import type { Comparison, ServiceDiff } from "../core/views/diff/services.ts";
import { text } from "../core/views/explain/whynot.ts";
import { type Style, styled, table } from "./table.ts";

/** Differences as text: by service, by object, field by field, and at the end what the rollout takes. */
export function comparisonText({ services, impact }: Comparison): string {
  const changed = services.filter(({ change }) => change !== "same");
  const same = services.length - changed.length;
  return [
    ...(changed.length > 1 ? [overview(changed)] : []),
    ...changed.map(serviceText),
    ...(same > 0
      ? [`${same} ${same === 1 ? "service stays" : "services stay"} as ${same === 1 ? "it is" : "they are"}\n`]
      : []),
    ...(changed.length > 0 ? [impactText(impact)] : []),
  ].join("\n");
}

function overview(changed: readonly ServiceDiff[]): string {
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

function serviceText(changed: ServiceDiff): string {
  const { service, effect, objects } = changed;
  return [
    `${styled(service, "bold")}: ${styled(effectWord(changed), EFFECT_STYLE[effect])}\n`,
    ...objects.map(objectText),
  ].join("");
}

export function objectText({ object, change, effect, fields }: ObjectChange): string {
  const shown = effect === "none" ? "" : `  ${styled(effect, EFFECT_STYLE[effect])}`;
  const head = `${CHANGE_MARK[change]} ${object.kind} ${object.name}${shown}\n`;
  return head + indented(fieldsTable(fields));
}

export function fieldsTable(fields: readonly FieldChange[]): string {
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

function indented(lines: string): string {
  return lines.replace(/^(?=.)/gm, "    ");
}

/** What a rollout takes, in two or three sentences. */
export function impactText({ podsRestarted, gpus, gpusAtMost, cost, workloads }: Impact): string {
  const replaced = workloads.filter(({ effect }) => effect === "replace").length;
  const lines = [
    `pods: ${podsRestarted} restart${replaced > 0 ? `, ${replaced} workload${replaced > 1 ? "s are" : " is"} replaced and ${gpus.lost} GPUs serve nothing meanwhile` : ""}`,
    `GPUs: ${gpus.before} → ${gpus.after} (${signed(gpus.delta)}), ${gpus.peak} at the rollout's peak${scaled(gpus, gpusAtMost)}`,
  ];
  if (cost !== undefined) {
    const unpriced = cost.unpriced.length > 0 ? `; no price for ${cost.unpriced.join(", ")}` : "";
    lines.push(`cost: ${cost.before} → ${cost.after} an hour (${signed(cost.delta)})${unpriced}`);
  }
  return `${lines.join("\n")}\n`;
}

function scaled(floor: Impact["gpus"], most: Impact["gpusAtMost"]): string {
  if (floor.before === most.before && floor.after === most.after) return "";
  return `; autoscalers may take ${most.before} → ${most.after}`;
}

function signed(delta: number): string {
  return delta > 0 ? `+${delta}` : String(delta);
}
