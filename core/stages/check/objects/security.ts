import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import { invalid, judgeChoice, judgeNumber, mapping, missing, type Refusal } from "./rule.ts";

const LARGEST_ID = 2 ** 31 - 1;
const IDS = ["fsGroup", "runAsUser", "runAsGroup"] as const;

/** The security context of a pod. Source: ValidatePodSecurityContext, pkg/apis/core/validation, Kubernetes 1.36. */
export function judgePodSecurity(pod: JsonObject, path: string): Refusal[] {
  const at = `${path}.securityContext`;
  const context = mapping(pod["securityContext"]);
  const groups = context["supplementalGroups"];
  return [
    ...judgeShared(context, at),
    ...judgeChoice(context["fsGroupChangePolicy"], `${at}.fsGroupChangePolicy`, ["OnRootMismatch", "Always"]),
    ...(Array.isArray(groups)
      ? groups.flatMap((group, index) => judgeNumber(group, `${at}.supplementalGroups[${index}]`, 0, LARGEST_ID))
      : []),
    ...(pod["hostPID"] === true && pod["shareProcessNamespace"] === true
      ? [invalid(`${path}.shareProcessNamespace`, "hostPID is set too", "keep one of them")]
      : []),
  ];
}

/** The security context of a container. Source: ValidateSecurityContext, as above. */
export function judgeContainerSecurity(container: JsonObject, path: string): Refusal[] {
  const at = `${path}.securityContext`;
  const context = mapping(container["securityContext"]);
  const isTorn = context["privileged"] === true && context["allowPrivilegeEscalation"] === false;
  return [
    ...judgeShared(context, at),
    ...judgeChoice(context["procMount"], `${at}.procMount`, ["Default", "Unmasked"]),
    ...(isTorn
      ? [
          invalid(
            `${at}.allowPrivilegeEscalation`,
            "a privileged container may escalate its privileges",
            "remove privileged, or allowPrivilegeEscalation",
          ),
        ]
      : []),
  ];
}

function judgeShared(context: JsonObject, at: string): Refusal[] {
  return [
    ...IDS.flatMap((field) => judgeNumber(context[field], `${at}.${field}`, 0, LARGEST_ID)),
    ...judgeSeccomp(context["seccompProfile"], `${at}.seccompProfile`),
  ];
}

function judgeSeccomp(value: Json | undefined, path: string): Refusal[] {
  const { type, localhostProfile } = mapping(value);
  const isMissing = type === "Localhost" && (localhostProfile ?? "") === "";
  return [
    ...judgeChoice(type, `${path}.type`, ["RuntimeDefault", "Localhost", "Unconfined"]),
    ...(isMissing
      ? [missing(`${path}.localhostProfile`, "the type Localhost needs a profile", "set localhostProfile")]
      : []),
  ];
}
