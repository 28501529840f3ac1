import { pathSteps } from "../../kubernetes/path.ts";

/** Whether a leaf of the spec is the field that a user names, or below it; the prefix `spec.` is optional. */
export function matchesField(leaf: string, field: string): boolean {
  return isAtOrBelow(leaf, field.replace(/^spec\.(?=.)/, ""));
}

/**
 * Whether a leaf is a field or below it. An item of a list may be named by its whole key or by its value:
 * `containers[main]` is `containers[name=main]`.
 */
export function isAtOrBelow(leaf: string, field: string): boolean {
  const wanted = pathSteps(field);
  const steps = pathSteps(leaf);
  return wanted.length <= steps.length && wanted.every((step, index) => isSame(steps[index] ?? "", step));
}

function isSame(step: string, wanted: string): boolean {
  if (step === wanted) return true;
  const inside = /^\[(?:[^=\]]*=)?(.*)\]$/.exec(step)?.[1];
  return inside !== undefined && (wanted === `[${inside}]` || wanted === inside);
}
