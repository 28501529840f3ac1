import type { z } from "zod";
import { isObject } from "../../kubernetes/json.ts";
import { isSlip, nearest } from "../../kubernetes/nearest.ts";
import { meantSwitch } from "../../kubernetes/schema/switches.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Issue } from "../issues/issue.ts";

type ZodIssue = z.core.$ZodIssue;

/** The text, number or switch that is the only item of a list, where the item itself is expected. */
export function onlyItemOf({ input }: ZodIssue, schemas: readonly z.ZodType[]): string | number | boolean | undefined {
  const [item, ...others]: readonly unknown[] = Array.isArray(input) ? input : [];
  const isScalar = typeof item === "string" || typeof item === "number" || typeof item === "boolean";
  return isScalar && others.length === 0 && schemas.some((one) => one.safeParse(item).success) ? item : undefined;
}

export function spelledBy(issue: ZodIssue): number | boolean | undefined {
  if (issue.code !== "invalid_type") return undefined;
  const { expected, input } = issue;
  if (expected === "boolean") return meantSwitch(input);
  if (typeof input !== "string") return undefined;
  const form = expected === "int" ? WHOLE : expected === "number" ? DECIMAL : undefined;
  return form?.test(input) === true ? Number(input) : undefined;
}
/** A number with a unit: a percentage, thousands as vLLM reads them (4k is 4000 and 4K is 4096), and the unit of the field. */
export function numberMeant(issue: ZodIssue, field: string): number | undefined {
  if (issue.code !== "invalid_type" || typeof issue.input !== "string") return undefined;
  if (issue.expected !== "number" && issue.expected !== "int") return undefined;
  const [, digits, unit = ""] = WITH_UNIT.exec(issue.input) ?? [];
  if (digits === undefined) return undefined;
  if (unit === "%") return Number((Number(digits) / 100).toPrecision(12));
  if (unit.startsWith("Gi")) return field.endsWith("GiB") ? Number(digits) : undefined;
  return Number(digits) * (unit === "k" ? 1000 : 1024);
}
const WITH_UNIT = /^\s*(\d{1,9}(?:\.\d{1,6})?)\s*(%|[kK]|GiB?)\s*$/;

const WHOLE = /^-?\d{1,15}$/;
export const DECIMAL = /^-?\d{1,15}(?:\.\d{1,15})?$/;

/** The fix of a name in other letters, unless the right name is there too. */
export function renamed(
  key: string,
  known: readonly string[],
  input: unknown,
  at: (name: string) => string,
): Pick<Issue, "fixes"> {
  const near = nearest(key, known);
  const isFree = near !== undefined && isObject(input) && entryOf(input, near) === undefined && isSlip(key, near);
  return isFree ? { fixes: [{ path: at(key) }, { path: at(near), value: entryOf(input, key) ?? null }] } : {};
}
