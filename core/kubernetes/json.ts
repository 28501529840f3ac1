/** JSON as the plan carries it: what YAML, the API server and Pulumi agree on. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** True for a plain map; false for null, arrays and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A step of a path into a document: a field name, or an index into a list. */
export type PathStep = string | number;

/** Writes a path as Kubernetes' field errors do: `spec.template.containers[0].image`; odd keys as `labels[a.b/c]`. */
export function formatPath(steps: readonly PathStep[]): string {
  return steps.reduce<string>((out, step) => {
    if (typeof step === "number") return `${out}[${step}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${out}[${step}]`;
    return out === "" ? step : `${out}.${step}`;
  }, "");
}
