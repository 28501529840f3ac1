import { labelValueProblem, qualifiedNameProblem } from "../../../kubernetes/dns.ts";
import type { Json } from "../../../kubernetes/json.ts";
import { judgeText, mapping, type Refusal } from "./rule.ts";

/** Labels, or a selector by labels. Source: ValidateLabels, apimachinery/pkg/apis/meta/v1/validation v0.35. */
export function judgeLabels(value: Json | undefined, path: string): Refusal[] {
  return Object.entries(mapping(value)).flatMap(([key, text]) => [
    ...judgeText(key, `${path}[${key}]`, qualifiedNameProblem, "choose another key"),
    ...judgeText(text, `${path}[${key}]`, labelValueProblem, "choose another value, or write it as an annotation"),
  ]);
}

/** Annotations: any value, and keys as labels have them, whatever their case. */
export function judgeAnnotations(value: Json | undefined, path: string): Refusal[] {
  return Object.keys(mapping(value)).flatMap((key) =>
    judgeText(key.toLowerCase(), `${path}[${key}]`, qualifiedNameProblem, "choose another key"),
  );
}
