import { subdomainProblem } from "../../../kubernetes/dns.ts";
import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { entryOf, tableOf } from "../../../kubernetes/table.ts";
import { invalid, itemsOf, judgeChoice, judgeText, mapping, missing, type Refusal } from "./rule.ts";

const ACCESS_MODES = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

/** What the API server asks of the specs of kinds that have no pods. Source: pkg/apis/{networking,core}/validation, Kubernetes 1.36. */
export const SPEC_RULES = tableOf<(spec: JsonObject) => Refusal[]>({
  NetworkPolicy: (spec) =>
    ["ingress", "egress"].flatMap((direction) =>
      itemsOf(spec, direction, "spec").flatMap(({ item, at }) =>
        ["from", "to"].flatMap((side) => itemsOf(item, side, at).flatMap((peer) => judgePeer(peer.item, peer.at))),
      ),
    ),
  PersistentVolumeClaim: (spec) => {
    const modes = Array.isArray(spec["accessModes"]) ? spec["accessModes"] : [];
    const storage = mapping(mapping(spec["resources"])["requests"])["storage"];
    const isAmount = typeof storage === "string" || typeof storage === "number";
    return [
      ...judgeText(
        spec["storageClassName"] || undefined,
        "spec.storageClassName",
        subdomainProblem,
        "write the name of a StorageClass",
      ),
      ...modes.flatMap((mode, index) => judgeChoice(mode, `spec.accessModes[${index}]`, ACCESS_MODES)),
      ...(modes.length === 0
        ? [
            missing(
              "spec.accessModes",
              "the PersistentVolumeClaim has no access mode",
              "write ReadWriteOnce or ReadWriteMany",
            ),
          ]
        : []),
      ...(isAmount && quantityNumber(storage) <= 0
        ? [
            invalid(
              "spec.resources.requests.storage",
              `the PersistentVolumeClaim requests ${storage} of storage, but needs more than 0`,
              "write an amount above 0",
            ),
          ]
        : []),
    ];
  },
});

function judgePeer(peer: JsonObject, path: string): Refusal[] {
  const block = mapping(peer["ipBlock"]);
  const set = Object.keys(peer).filter((field) => (entryOf(peer, field) ?? null) !== null);
  if (set.length === 0)
    return [
      missing(
        path,
        "the peer selects nothing",
        "set podSelector, namespaceSelector or ipBlock; namespaceSelector: {} selects every pod",
      ),
    ];
  if ((peer["ipBlock"] ?? null) === null) return [];
  if (set.length > 1)
    return [invalid(path, `${set.join(" and ")} are set, and ipBlock stands alone`, "write two peers")];
  const exceptions: Json[] = Array.isArray(block["except"]) ? block["except"] : [];
  const outside = (text: string): string | undefined =>
    cidrProblem(text) ?? (isInside(text, String(block["cidr"])) ? undefined : `it is not inside ${block["cidr"]}`);
  return [
    ...judgeText(block["cidr"], `${path}.ipBlock.cidr`, cidrProblem, "write a CIDR such as 10.0.0.0/8"),
    ...exceptions.flatMap((one, index) =>
      judgeText(one, `${path}.ipBlock.except[${index}]`, outside, "write a smaller range inside cidr"),
    ),
  ];
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Only what is certain: of IPv6 that it has its characters. */
function cidrProblem(text: string): string | undefined {
  if (text.includes(":") && /^[0-9a-fA-F:.]+\/\d{1,3}$/.test(text)) return undefined;
  return rangeOf(text) === undefined ? "it is not a CIDR" : undefined;
}

function rangeOf(text: string): { first: number; bits: number } | undefined {
  const numbers = (CIDR.exec(text) ?? []).slice(1).map(Number);
  const [bits = 99] = numbers.slice(4);
  if (numbers.length !== 5 || numbers.slice(0, 4).some((part) => part > 255) || bits > 32) return undefined;
  return { first: numbers.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0), bits };
}

/** Blocks of IPv6 are not compared. */
function isInside(part: string, whole: string): boolean {
  const [inner, outer] = [rangeOf(part), rangeOf(whole)];
  if (inner === undefined || outer === undefined) return true;
  const size = 2 ** (32 - outer.bits);
  return inner.bits > outer.bits && Math.floor(inner.first / size) === Math.floor(outer.first / size);
}
