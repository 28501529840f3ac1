import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import { entryOf, tableOf } from "../../../kubernetes/table.ts";
import { judgeSecurity } from "./podrules.ts";
import { invalid, itemsOf, judgeText, mapping, missing, type Refusal } from "./rule.ts";

/** Fields of a container. Source: validateContainerCommon, pkg/apis/core/validation, Kubernetes 1.36. */
export function judgeContainerFields(container: JsonObject, path: string): Refusal[] {
  return [
    ...judgeSecurity(mapping(container["securityContext"]), `${path}.securityContext`),
    ...judgeHooks(mapping(container["lifecycle"]), `${path}.lifecycle`),
    ...itemsOf(container, "envFrom", path).flatMap(({ item, at }) => judgeSource(item, at)),
    ...itemsOf(container, "env", path).flatMap(({ item, at }) => judgeFieldPath(item, at)),
  ];
}

const HANDLERS = ["exec", "httpGet", "tcpSocket", "sleep"];

function judgeHooks(lifecycle: JsonObject, path: string): Refusal[] {
  return (["postStart", "preStop"] as const).flatMap((name): Refusal[] => {
    const hook = lifecycle[name];
    if ((hook ?? null) === null) return [];
    const given = HANDLERS.filter((handler) => isSet(entryOf(mapping(hook), handler)));
    if (given.length === 1) return [];
    const message = `the hook ${name} has ${given.length === 0 ? "no handler" : given.join(" and ")}`;
    return [invalid(`${path}.${name}`, message, `write exactly one of ${HANDLERS.join(", ")}`)];
  });
}

function isSet(value: Json | undefined): boolean {
  return (value ?? null) !== null;
}

function judgeSource(source: JsonObject, path: string): Refusal[] {
  const given = ["configMapRef", "secretRef"].filter((field) => isSet(entryOf(source, field)));
  if (given.length === 1) return [];
  const message = `the variables come from ${given.length === 0 ? "nothing" : given.join(" and ")}`;
  return [missing(path, message, "write exactly one of configMapRef and secretRef")];
}

/** What the downward API gives to a variable. */
const FIELDS = tableOf<true>({
  "metadata.name": true,
  "metadata.namespace": true,
  "metadata.uid": true,
  "spec.nodeName": true,
  "spec.serviceAccountName": true,
  "status.hostIP": true,
  "status.hostIPs": true,
  "status.podIP": true,
  "status.podIPs": true,
});
const MAPS = ["metadata.labels['", "metadata.annotations['"];

function judgeFieldPath(variable: JsonObject, path: string): Refusal[] {
  const { fieldPath } = mapping(mapping(variable["valueFrom"])["fieldRef"]);
  const isKnown = (text: string): boolean => FIELDS.has(text) || MAPS.some((map) => text.startsWith(map));
  return judgeText(
    fieldPath,
    `${path}.valueFrom.fieldRef.fieldPath`,
    (text) => (isKnown(text) ? undefined : "the downward API gives no such field"),
    "write metadata.name, metadata.labels['KEY'] or another field of the downward API",
  );
}
