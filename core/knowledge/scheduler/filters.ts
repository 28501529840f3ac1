import { LABEL } from "../../contract/names.ts";
import { isObject, type JsonObject, textsOf } from "../../kubernetes/json.ts";
import { entryOf } from "../../kubernetes/table.ts";

/** What a filter requires of the labels of a pod. */
export interface LabelFilter {
  label: string;
  values: readonly string[];
  /** Whether it passes pods without the label. */
  passesOthers: boolean;
}

const COMBINED = ["prefill-decode", "both", "encode-prefill-decode"];

/**
 * The filters of roles: the values of the label that they pass in any release. Source: the filters of roles in
 * pkg/plugins/filter of llm-d-inference-scheduler 0.2 to 0.8, and in bylabel of llm-d-router 0.9 and 0.10.
 */
const ROLES: ReadonlyMap<string, LabelFilter> = new Map([
  ["decode-filter", { label: LABEL.role, values: ["decode", ...COMBINED], passesOthers: true }],
  ["prefill-filter", { label: LABEL.role, values: ["prefill", "encode-prefill", ...COMBINED], passesOthers: false }],
  [
    "encode-filter",
    { label: LABEL.role, values: ["encode", "encode-prefill", "encode-prefill-decode"], passesOthers: false },
  ],
]);

const SELECTORS: readonly string[] = ["by-label-selector", "label-selector-filter"];

/** The labels that a plugin requires of every pod that it passes; an empty list for other plugins. */
export function labelFilters({ type, parameters }: { type: string; parameters: JsonObject }): LabelFilter[] {
  const role = ROLES.get(type);
  if (role !== undefined) return [role];
  const { label, validValues, allowsNoLabel, matchLabels } = parameters;
  if (type === "by-label" && typeof label === "string")
    return [{ label, values: textsOf(validValues), passesOthers: allowsNoLabel === true }];
  if (!SELECTORS.includes(type) || !isObject(matchLabels)) return [];
  return Object.entries(matchLabels).flatMap(([name, value]) =>
    typeof value === "string" ? [{ label: name, values: [value], passesOthers: false }] : [],
  );
}

/** Labels that controllers add to pods, so that a template does not have them. */
const ADDED =
  /^(leaderworkerset\.sigs\.k8s\.io|apps\.kubernetes\.io|topology\.kubernetes\.io|statefulset\.kubernetes\.io)\/|-hash$/;

/** Whether a filter may pass a pod of a template with these labels. */
export function mayPass(
  { label, values, passesOthers }: LabelFilter,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = entryOf(labels, label);
  if (value === undefined) return passesOthers || ADDED.test(label);
  return values.includes(value);
}
