import { subdomainProblem } from "../../../kubernetes/dns.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { each, fields, hasText, isSet, oneOf, optional, type Rule, required, text } from "./fields.ts";
import { invalid, mapping, missing, type Refusal } from "./rule.ts";
import { SELECTOR } from "./selectors.ts";
import { LABEL_NAME } from "./texts.ts";

/** Claims of storage. Source: ValidatePersistentVolumeClaimSpec, pkg/apis/core/validation, Kubernetes 1.36. */
const ACCESS_MODES = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
const CLASS = optional(text(subdomainProblem, "write the name of a StorageClass"));
/**
 * The source of a claim's content; without a group it is another claim. Source: validateDataSource,
 * validateDataSourceRef.
 */
const ORIGIN = fields({
  apiGroup: optional(text(subdomainProblem, "write an API group such as snapshot.storage.k8s.io")),
  kind: required((value, { path, holder }) => {
    if (hasText(holder, "apiGroup") || value === "PersistentVolumeClaim") return [];
    return [
      invalid(
        path,
        "without apiGroup the kind must be PersistentVolumeClaim",
        "set apiGroup, or write PersistentVolumeClaim",
      ),
    ];
  }),
  name: required(),
  namespace: optional(LABEL_NAME),
});

export const CLAIM_SPEC: Rule = fields({
  accessModes: (value, place) => {
    const modes = Array.isArray(value) ? value : [];
    const fix = "write ReadWriteOnce or ReadWriteMany";
    if (modes.length === 0) return [missing(place.path, "the claim has no access mode", fix)];
    const isAlone = modes.includes("ReadWriteOncePod") && modes.some((mode) => mode !== "ReadWriteOncePod");
    return [
      ...each(oneOf(...ACCESS_MODES))(value, place),
      ...(isAlone
        ? [
            invalid(
              place.path,
              "ReadWriteOncePod excludes every other access mode",
              "remove ReadWriteOncePod, or the other access modes",
            ),
          ]
        : []),
    ];
  },
  resources: (value, { path }) =>
    judgeStorage(mapping(mapping(value)["requests"])["storage"], `${path}.requests.storage`),
  selector: SELECTOR,
  storageClassName: CLASS,
  volumeAttributesClassName: CLASS,
  volumeMode: oneOf("Filesystem", "Block"),
  dataSource: ORIGIN,
  dataSourceRef: ORIGIN,
});

function judgeStorage(amount: Parameters<Rule>[0], path: string): Refusal[] {
  if (!isSet(amount)) return [missing(path, "the claim requests no storage", "set resources.requests.storage")];
  if (typeof amount !== "string" && typeof amount !== "number") return [];
  if (quantityNumber(amount) > 0) return [];
  return [invalid(path, `the claim requests ${amount} of storage, but needs more than 0`, "write an amount above 0")];
}
