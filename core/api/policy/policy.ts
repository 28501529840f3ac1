import type { KubernetesObject } from "../../kubernetes/objects.ts";
import type { Dialect } from "../deviations.ts";
import { GROUP } from "../service.ts";
import type { PolicyCheck } from "./checks.ts";
import { ROLLOUT_CHECKS } from "./rollout.ts";
import { CONFIG_CHECKS, SERVICE_CHECKS } from "./service.ts";
import { URI_CHECKS } from "./uri.ts";
import { WORKLOAD_CHECKS } from "./workload.ts";

export interface PolicyOptions {
  /** KServe's own verdict, for comparisons. It is never installed. */
  dialect?: Dialect;
}

/** The checks of each resource. */
export const POLICY_CHECKS: Readonly<Record<string, readonly PolicyCheck[]>> = {
  llminferenceservices: [...SERVICE_CHECKS, ...WORKLOAD_CHECKS, ...ROLLOUT_CHECKS, ...URI_CHECKS],
  llminferenceserviceconfigs: CONFIG_CHECKS,
};

/**
 * ValidatingAdmissionPolicies with their bindings: the rules of the plan that a CRD cannot express, so that the API
 * server applies them to every client. They judge a service as one layer, as the plan does: what a config may still
 * provide is not missing.
 */
export function admissionPolicies({ dialect = "own" }: PolicyOptions = {}): KubernetesObject[] {
  return Object.entries(POLICY_CHECKS).flatMap(([plural, checks]) => {
    const name = `${plural}.${GROUP}`;
    const validations = checks
      .filter(({ only }) => only?.includes(dialect) ?? true)
      .map(({ expression, path, message }) => ({ expression, message: `${path}: ${message}`, reason: "Invalid" }));
    return [policy(name, plural, validations), binding(name)];
  });
}

function policy(name: string, plural: string, validations: readonly object[]): KubernetesObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          { apiGroups: [GROUP], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources: [plural] },
        ],
      },
      validations,
    },
  };
}

function binding(policyName: string): KubernetesObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: policyName },
    spec: { policyName, validationActions: ["Deny"] },
  };
}
