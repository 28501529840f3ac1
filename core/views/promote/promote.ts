import { type Issue, isFine } from "../../contract/issues/issue.ts";
import type { Plan, PlanInput } from "../../contract/plan.ts";
import { shownValue } from "../../knowledge/masked.ts";
import type { Json } from "../../kubernetes/json.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { plan } from "../../plan.ts";
import { diffObjects, type ObjectChange } from "../diff/diff.ts";
import { strongest } from "../diff/effects.ts";
import { type Impact, impactOf } from "../diff/impact.ts";
import type { PriceList } from "../diff/prices.ts";
import { explained } from "../explain/explain.ts";
import { isAtOrBelow } from "../explain/field.ts";
import { inEnvironment } from "./environment.ts";
import type { Expected } from "./expected.ts";

export interface PromotionInput {
  /** The service in the environment where it was tested, with that environment's configs and settings. */
  from: PlanInput;
  /** The service in the target environment. */
  to: PlanInput;
  expected: Expected;
  /** What runs in the target environment now. Default: what `to` plans. */
  now?: readonly KubernetesObject[];
  prices?: PriceList;
}

/** A field of the merged spec in which the environments differ, with the layers that set it. */
export interface PromotedField {
  path: string;
  from?: Json;
  to?: Json;
  fromLayer?: string;
  toLayer?: string;
}

export interface Promotion {
  /** `fine`: the objects of the environments differ only where it is expected. */
  verdict: "fine" | "refused";
  /** The unexpected differences: `to` is before, the tested service is after. */
  objects: ObjectChange[];
  /** The fields of the merged spec that cause them; some may affect no object. */
  fields: PromotedField[];
  /** The rollout in the target environment that would run what was tested. */
  impact?: Impact;
  /** The issues of both plans; errors refuse the promotion. */
  issues: { side: "from" | "to" | "promoted"; issue: Issue }[];
}

/**
 * Whether an environment runs what was tested in another. The tested service is planned with the target environment's
 * values of the expected fields; any remaining difference was not expected, and refuses the promotion.
 */
export function checkPromotion({ from, to, expected, now, prices }: PromotionInput): Promotion {
  const tested = plan(from);
  const wanted = plan(to);
  const promoted = plan(inEnvironment(from, to, expected));
  const issues = [
    ...tested.issues.map((issue) => ({ side: "from" as const, issue })),
    ...wanted.issues.map((issue) => ({ side: "to" as const, issue })),
    ...(isFine(tested.issues) ? promoted.issues.map((issue) => ({ side: "promoted" as const, issue })) : []),
  ];
  if (!isFine(issues.map(({ issue }) => issue))) return { verdict: "refused", objects: [], fields: [], issues };
  const objects = diffObjects(wanted.objects, promoted.objects).flatMap((change) => unexpected(change, expected));
  return {
    verdict: objects.length === 0 ? "fine" : "refused",
    objects,
    fields: differingFields(promoted, wanted, (layer) => layerAtHome(layer, tested, promoted)),
    impact: impactOf(now ?? wanted.objects, promoted.objects, prices),
    issues,
  };
}

/** The rest of a change without the expected fields. */
function unexpected(change: ObjectChange, { objects }: Expected): ObjectChange[] {
  const rules = objects.filter(({ kind = change.object.kind }) => kind === change.object.kind);
  if (rules.some(({ path }) => path === undefined)) return [];
  if (change.change !== "update") return [change];
  const fields = change.fields.filter(({ path }) => !rules.some((rule) => isAtOrBelow(path, rule.path ?? "")));
  if (fields.length === 0) return [];
  return [{ ...change, fields, effect: strongest(fields.map(({ effect }) => effect)) }];
}

/** A config that moved into the other namespace for the comparison is still the one of its own environment. */
function layerAtHome(layer: string, tested: Plan, promoted: Plan): string {
  const [home, away] = [tested, promoted].map(({ service }) => service?.metadata.namespace);
  return layer.startsWith(`config ${away}/`) ? layer.replace(`${away}/`, `${home}/`) : layer;
}

function differingFields(promoted: Plan, wanted: Plan, atHome: (layer: string) => string): PromotedField[] {
  const rows = (planned: Plan) => new Map(explained(planned).map((row) => [row.path, row]));
  const [tested, other] = [rows(promoted), rows(wanted)];
  return [...new Set([...tested.keys(), ...other.keys()])].flatMap((path): PromotedField[] => {
    const [from, to] = [tested.get(path), other.get(path)];
    if (JSON.stringify(from?.value) === JSON.stringify(to?.value)) return [];
    return [
      {
        path,
        ...(from && { from: shownValue(path, from.value), fromLayer: atHome(from.layer) }),
        ...(to && { to: shownValue(path, to.value), toLayer: to.layer }),
      },
    ];
  });
}
