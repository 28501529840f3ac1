import { labelValueProblem, subdomainProblem } from "../../../kubernetes/dns.ts";
import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import { asText } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { all, each, entries, fields, isSet, NO_POD, ofSet, type Place, type Rule, required, text } from "./fields.ts";
import { invalid, mapping, missing, NOTHING, type Refusal } from "./rule.ts";
import { LABEL_KEY } from "./texts.ts";

const LABEL_VALUE = text(labelValueProblem, "choose another value, or write it as an annotation");

/** Labels, or a selector by labels. Source: ValidateLabels, apimachinery/pkg/apis/meta/v1/validation v0.36. */
export const LABELS: Rule = entries(LABEL_KEY, LABEL_VALUE);

const MOST_ANNOTATIONS_KIB = 256;
/** So many characters are within the limit, whatever they are: each takes at most three bytes. */
const FEW = (MOST_ANNOTATIONS_KIB * 1024) / 3;

/** Annotations: any value, keys like those of labels in any case, and a total size. */
export const ANNOTATIONS: Rule = all(
  entries(
    (key, place) => LABEL_KEY(typeof key === "string" ? key.toLowerCase() : key, place),
    () => NOTHING,
  ),
  ofSet((value, { path }) => {
    const texts = Object.entries(mapping(value)).flatMap(([key, one]) => [key, asText(one)]);
    if (texts.reduce((sum, { length }) => sum + length, 0) <= FEW) return NOTHING;
    const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const kib = Math.ceil(size / 1024);
    if (size <= MOST_ANNOTATIONS_KIB * 1024) return [];
    return [
      invalid(path, `the annotations have ${kib} KiB, but at most ${MOST_ANNOTATIONS_KIB} are allowed`, "shorten them"),
    ];
  }),
);

type Count = "some" | "one" | "none";
const COUNTS: Readonly<Record<Count, { says: string; fits: (count: number) => boolean }>> = {
  some: { says: "at least one value", fits: (count) => count > 0 },
  one: { says: "exactly one value", fits: (count) => count === 1 },
  none: { says: "no value", fits: (count) => count === 0 },
};

/** A requirement of a selector: its operator, and the number of values that the operator takes. */
function requirement(operators: Readonly<Record<string, Count>>, ...rules: readonly Rule[]): Rule {
  return (value, place) => {
    const item = mapping(value);
    const operator = entryOf(item, "operator");
    const count = entryOf(operators, asText(operator ?? ""));
    if (count === undefined) return judgeOperator(operator, Object.keys(operators), place);
    const values = entryOf(item, "values");
    const { says, fits } = COUNTS[count];
    const found = Array.isArray(values) ? values.length : 0;
    const problem = `the operator ${asText(operator)} takes ${says}`;
    const refusal = invalid(`${place.path}.values`, problem, `write ${says}`);
    const ofValues: Refusal[] = fits(found) ? [] : [{ ...refusal, code: found === 0 ? "MissingField" : "Conflict" }];
    return [...ofValues, ...all(...rules)(value, place)];
  };
}

function judgeOperator(operator: Json | undefined, known: readonly string[], { path }: Place): Refusal[] {
  if (!isSet(operator) || operator === "")
    return [missing(`${path}.operator`, "a required field is not set", `write ${known.join(" or ")}`)];
  if (typeof operator !== "string") return [];
  return text(() => "it is not an allowed operator", `write ${known.join(" or ")}`)(operator, {
    path: `${path}.operator`,
    holder: {},
    pod: NO_POD,
  });
}

const EXPRESSION = fields({
  key: (value, place) => (isSet(value) ? LABEL_KEY(value, place) : required()(value, place)),
  values: each(LABEL_VALUE),
});
const OF_LABELS = { In: "some", NotIn: "some", Exists: "none", DoesNotExist: "none" } as const;

/** A LabelSelector. Source: ValidateLabelSelector, apimachinery/pkg/apis/meta/v1/validation v0.36. */
export const SELECTOR: Rule = fields({
  matchLabels: LABELS,
  matchExpressions: each(requirement(OF_LABELS, EXPRESSION)),
});

/**
 * A term of a node selector; `lax` permits values that no label can have. Source: ValidateNodeSelectorTerm, Kubernetes
 * 1.36.
 */
export function nodeTerm(isLax: boolean): Rule {
  const expression = isLax ? fields({ key: LABEL_KEY }) : EXPRESSION;
  return fields({
    matchExpressions: each(requirement({ ...OF_LABELS, Gt: "one", Lt: "one" }, expression)),
    matchFields: each(
      requirement(
        { In: "one", NotIn: "one" },
        fields({
          key: text(
            (key) => (key === "metadata.name" ? undefined : "matchFields can select nodes only by metadata.name"),
            "write metadata.name",
          ),
          values: each(text(subdomainProblem, "write the name of a node")),
        }),
      ),
    ),
  });
}

/** Keys of labels that a term reads from the pod. Source: ValidateMatchLabelKeysAndMismatchLabelKeys. */
export function matchLabelKeys(value: Json | undefined, place: Place): Refusal[] {
  const term: JsonObject = mapping(value);
  const selector = entryOf(term, "labelSelector");
  return ["matchLabelKeys", "mismatchLabelKeys"].flatMap((field): Refusal[] => {
    const keys = entryOf(term, field);
    if (!Array.isArray(keys) || keys.length === 0) return [];
    const path = `${place.path}.${field}`;
    if (!isSet(selector))
      return [invalid(path, `${field} requires a labelSelector`, "set labelSelector, or remove it")];
    return each(LABEL_KEY, notIn(term, field, selector))(keys, { ...place, path });
  });
}

function notIn(term: JsonObject, field: string, selector: Json | undefined): Rule {
  const others = entryOf(term, "mismatchLabelKeys");
  const labels = Object.keys(mapping(entryOf(mapping(selector), "matchLabels")));
  const expressions = entryOf(mapping(selector), "matchExpressions");
  const keys = Array.isArray(expressions) ? expressions.map((one) => mapping(one)["key"]) : [];
  return (key, { path }) => {
    if (field === "matchLabelKeys" && Array.isArray(others) && others.includes(key ?? null))
      return [
        invalid(
          path,
          `${asText(key)} is in mismatchLabelKeys too`,
          "remove it from matchLabelKeys or mismatchLabelKeys",
        ),
      ];
    const isTwice = typeof key === "string" && (labels.includes(key) || keys.includes(key));
    return isTwice && field === "matchLabelKeys"
      ? [invalid(path, `the labelSelector selects ${key} too`, "remove it from matchLabelKeys or labelSelector")]
      : [];
  };
}
