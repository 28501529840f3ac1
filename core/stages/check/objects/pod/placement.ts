import { labelProblem, labelValueProblem } from "../../../../kubernetes/dns.ts";
import type { JsonObject } from "../../../../kubernetes/json.ts";
import { asText } from "../../../../kubernetes/json.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import {
  all,
  each,
  fields,
  hasText,
  isSet,
  ofSet,
  oneOf,
  optional,
  type Place,
  type Rule,
  range,
  required,
  text,
} from "../fields.ts";
import { invalid, judgeUnique, mapping, missing, type Refusal } from "../rule.ts";
import { matchLabelKeys, nodeTerm, SELECTOR } from "../selectors.ts";
import { LABEL_KEY } from "../texts.ts";

/** Where a pod may run. Source: validateAffinity, validateTopologySpreadConstraints, ValidateTolerations, Kubernetes 1.36. */
const LARGEST = 2 ** 31 - 1;
const WEIGHT = range(1, 100);
const TOPOLOGY_KEY: Rule = (value, { path }) =>
  (value ?? "") === "" ? [missing(path, "a required field is not set", "set topologyKey to a label of nodes")] : [];

const TERM = all(
  fields({
    labelSelector: SELECTOR,
    namespaceSelector: SELECTOR,
    namespaces: each(text(labelProblem, "write the name of a namespace")),
    topologyKey: all(TOPOLOGY_KEY, optional(LABEL_KEY)),
  }),
  matchLabelKeys,
);
const PODS = fields({
  requiredDuringSchedulingIgnoredDuringExecution: each(TERM),
  preferredDuringSchedulingIgnoredDuringExecution: each(fields({ weight: WEIGHT, podAffinityTerm: TERM })),
});

export const AFFINITY = fields({
  nodeAffinity: fields({
    requiredDuringSchedulingIgnoredDuringExecution: fields({ nodeSelectorTerms: all(hasTerms, each(nodeTerm(false))) }),
    preferredDuringSchedulingIgnoredDuringExecution: each(fields({ weight: WEIGHT, preference: nodeTerm(true) })),
  }),
  podAffinity: PODS,
  podAntiAffinity: PODS,
});

function hasTerms(...[value, { path }]: Parameters<Rule>): Refusal[] {
  const isEmpty = !isSet(value) || (Array.isArray(value) && value.length === 0);
  return isEmpty ? [missing(path, "no term selects a node", "add a term, or remove the affinity")] : [];
}

const POLICY = oneOf("Honor", "Ignore");
export const SPREAD: Rule = all(
  each(
    fields(
      {
        maxSkew: range(1, LARGEST),
        minDomains: all(range(1, LARGEST), onlyWithDoNotSchedule),
        topologyKey: TOPOLOGY_KEY,
        whenUnsatisfiable: oneOf("DoNotSchedule", "ScheduleAnyway"),
        nodeAffinityPolicy: POLICY,
        nodeTaintsPolicy: POLICY,
        labelSelector: SELECTOR,
      },
      matchLabelKeys,
    ),
  ),
  ofSet(isOnce),
);

function onlyWithDoNotSchedule(...[value, { path, holder }]: Parameters<Rule>): Refusal[] {
  if (!isSet(value) || holder["whenUnsatisfiable"] !== "ScheduleAnyway") return [];
  const message = "minDomains is allowed only with whenUnsatisfiable: DoNotSchedule";
  return [invalid(path, message, "remove it, or set whenUnsatisfiable: DoNotSchedule")];
}

function isOnce(...[value, { path }]: Parameters<Rule>): Refusal[] {
  const pairs = (Array.isArray(value) ? value : []).map((item, index) => {
    const { topologyKey, whenUnsatisfiable } = mapping(item);
    return { key: `${asText(topologyKey)}, ${asText(whenUnsatisfiable)}`, at: `${path}[${index}]` };
  });
  const found = judgeUnique(pairs, "pair of topologyKey and whenUnsatisfiable");
  return found.map((refusal) => ({ ...refusal, isTwice: true }));
}

export const TOLERATIONS = each(
  fields(
    {
      key: optional(LABEL_KEY),
      operator: optional(oneOf("Exists", "Equal", "Lt", "Gt")),
      effect: optional(oneOf("NoSchedule", "PreferNoSchedule", "NoExecute")),
    },
    judgeToleration,
  ),
);

const EQUAL: readonly unknown[] = [undefined, null, "", "Equal"];

function judgeToleration(...[value, place]: Parameters<Rule>): Refusal[] {
  const toleration = mapping(value);
  const { path } = place;
  const operator = entryOf(toleration, "operator");
  const problems: Refusal[] = [];
  if (!hasText(toleration, "key") && operator !== "Exists" && isChoice(operator))
    problems.push(
      invalid(
        `${path}.operator`,
        "a toleration without a key requires the operator Exists",
        "set operator: Exists, or set key",
      ),
    );
  if (operator === "Exists" && hasText(toleration, "value"))
    problems.push(invalid(`${path}.value`, "the operator Exists takes no value", "remove the value, or the operator"));
  if (isSet(toleration["tolerationSeconds"]) && toleration["effect"] !== "NoExecute")
    problems.push(
      invalid(
        `${path}.effect`,
        "tolerationSeconds is allowed only with the effect NoExecute",
        "set effect: NoExecute, or remove tolerationSeconds",
      ),
    );
  return [...problems, ...judgeValue(toleration, place)];
}

function isChoice(operator: unknown): boolean {
  return EQUAL.includes(operator) || operator === "Lt" || operator === "Gt";
}

function judgeValue(toleration: JsonObject, place: Place): Refusal[] {
  const { operator, value } = toleration;
  const at = { ...place, path: `${place.path}.value` };
  if (EQUAL.includes(operator)) return text(labelValueProblem, "write the value of a taint")(value, at);
  if (operator !== "Lt" && operator !== "Gt") return [];
  const number = text(
    (one) => (/^(0|-?[1-9]\d{0,18})$/.test(one) ? undefined : "it is not a whole number"),
    "write a whole number",
  );
  return required(number)(value, at);
}
