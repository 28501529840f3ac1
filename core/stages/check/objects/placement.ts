import type { JsonObject } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { itemsOf, judgeChoice, judgeNumber, mapping, missing, type Refusal } from "./rule.ts";

const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const LARGEST_WEIGHT = 100;
const LARGEST = 2 ** 31 - 1;

/** Where a pod may run. Source: validateAffinity, validateTopologySpreadConstraints, pkg/apis/core/validation, Kubernetes 1.36. */
export function judgePlacement(pod: JsonObject, path: string): Refusal[] {
  const affinity = mapping(pod["affinity"]);
  const at = `${path}.affinity`;
  return [
    ...judgeNodes(mapping(affinity["nodeAffinity"]), `${at}.nodeAffinity`),
    ...["podAffinity", "podAntiAffinity"].flatMap((field) =>
      judgePods(mapping(entryOf(affinity, field)), `${at}.${field}`),
    ),
    ...itemsOf(pod, "topologySpreadConstraints", path).flatMap((one) => [
      ...judgeNumber(one.item["maxSkew"], `${one.at}.maxSkew`, 1, LARGEST),
      ...judgeNumber(one.item["minDomains"], `${one.at}.minDomains`, 1, LARGEST),
      ...judgeTopologyKey(one.item, one.at),
      ...judgeChoice(one.item["whenUnsatisfiable"], `${one.at}.whenUnsatisfiable`, ["DoNotSchedule", "ScheduleAnyway"]),
    ]),
  ];
}

function judgeNodes(affinity: JsonObject, path: string): Refusal[] {
  const required = affinity[REQUIRED];
  const at = `${path}.${REQUIRED}`;
  const terms = itemsOf(mapping(required), "nodeSelectorTerms", at);
  const isEmpty = required !== undefined && required !== null && terms.length === 0;
  const preferred = itemsOf(affinity, PREFERRED, path);
  return [
    ...(isEmpty ? [missing(`${at}.nodeSelectorTerms`, "the list has no term", "add a term, or remove it")] : []),
    ...terms.flatMap((term) => judgeExpressions(term.item, term.at)),
    ...preferred.flatMap((one) => [
      ...judgeNumber(one.item["weight"], `${one.at}.weight`, 1, LARGEST_WEIGHT),
      ...judgeExpressions(mapping(one.item["preference"]), `${one.at}.preference`),
    ]),
  ];
}

function judgeExpressions(term: JsonObject, path: string): Refusal[] {
  return ["matchExpressions", "matchFields"].flatMap((field) =>
    itemsOf(term, field, path).flatMap(({ item, at }) => judgeChoice(item["operator"], `${at}.operator`, OPERATORS)),
  );
}

function judgePods(affinity: JsonObject, path: string): Refusal[] {
  return [
    ...itemsOf(affinity, REQUIRED, path).flatMap(({ item, at }) => judgeTopologyKey(item, at)),
    ...itemsOf(affinity, PREFERRED, path).flatMap(({ item, at }) => [
      ...judgeNumber(item["weight"], `${at}.weight`, 1, LARGEST_WEIGHT),
      ...judgeTopologyKey(mapping(item["podAffinityTerm"]), `${at}.podAffinityTerm`),
    ]),
  ];
}

function judgeTopologyKey(term: JsonObject, path: string): Refusal[] {
  if ((term["topologyKey"] ?? "") !== "") return [];
  return [missing(`${path}.topologyKey`, "the label of the nodes is missing", "set topologyKey")];
}
