import { convertV1alpha1 } from "../../../../core/api/convert.ts";
import { crds } from "../../../../core/api/crd/crd.ts";
import type { Dialect } from "../../../../core/api/deviations.ts";
import { POLICY_CHECKS } from "../../../../core/api/policy/policy.ts";
import { celEvaluator } from "../../../../core/kubernetes/cel/evaluate.ts";
import { type JsonObject, withoutNulls } from "../../../../core/kubernetes/json.ts";
import type { StructuralSchema } from "../../../../core/kubernetes/schema/schema.ts";
import { pruned, withDefaults } from "../../../../core/kubernetes/schema/shape.ts";
import { judgeStructure } from "../../../../core/kubernetes/schema/structure.ts";
import { judgeMetadata } from "../../../../core/stages/admit/rules/metadata.ts";
import type { AdmissionCase } from "./cases.ts";

interface Crd {
  spec: { names: { kind: string }; versions: { schema: { openAPIV3Schema: StructuralSchema } }[] };
}

/**
 * Why an API server with the CRDs and policies of this package would refuse a document, evaluated without a server; one
 * line per reason.
 */
export function refusals(one: Submitted, build: Dialect): string[] {
  const found = [...schemaFindings(one, build), ...refusingChecks(one, build)];
  return found.map(({ path, message }) => `${path}: ${message}`);
}

/**
 * What an API server requires of every object's metadata, and what the schema of the CRD finds, including its rules in
 * CEL.
 */
export function schemaFindings({ input }: Submitted, build: Dialect): { path: string; message: string }[] {
  const object = stored(input, build);
  const ofSpec = judgeStructure(object["spec"] ?? {}, specOf(input, build), ["spec"], AS_SERVER);
  return [...judgeMetadata(object["metadata"] as JsonObject), ...ofSpec];
}

type Submitted = Pick<AdmissionCase, "input" | "oldInput">;
const AS_SERVER = { lenient: false, templates: false, wholeItems: false, partialPods: false, skipCovered: false };

/** The checks of the policy that refuse a document. */
export function refusingChecks(
  { input, oldInput }: Submitted,
  build: Dialect,
): { rule: string; path: string; message: string }[] {
  const plural = `${String(input["kind"]).toLowerCase()}s`;
  const object = stored(input, build);
  const variables = { object, oldObject: oldInput === undefined ? null : stored(oldInput, build) };
  const evaluate = celEvaluator();
  return (POLICY_CHECKS[plural] ?? [])
    .filter(({ only }) => only?.includes(build) ?? true)
    .flatMap(({ rule, path, expression, message }) => {
      const result = evaluate(expression, variables);
      // The policies have failurePolicy: Fail.
      if ("error" in result) return [{ rule, path, message: result.error }];
      return result.value === true ? [] : [{ rule, path, message }];
    });
}

function stored(input: JsonObject, build: Dialect): JsonObject {
  const current = String(input["apiVersion"]).endsWith("/v1alpha1") ? convertV1alpha1(input) : input;
  if (current["spec"] === undefined) return current;
  const schema = specOf(input, build);
  // A null where the schema does not allow it is dropped before anything else.
  const set = withoutNulls(pruned(current["spec"], schema).value);
  return { ...current, spec: withDefaults(set, schema) };
}

const SCHEMAS = new Map<string, StructuralSchema>();
for (const build of ["own", "kserve-0.20", "kserve-0.21"] as const) {
  for (const { spec } of crds({ dialect: build }) as unknown as Crd[]) {
    const schema = spec.versions[0]?.schema.openAPIV3Schema.properties?.["spec"];
    if (schema !== undefined) SCHEMAS.set(`${build} ${spec.names.kind}`, schema);
  }
}

function specOf({ kind }: JsonObject, build: Dialect): StructuralSchema {
  const schema = SCHEMAS.get(`${build} ${kind}`);
  if (schema === undefined) throw new Error(`there is no CRD for the kind ${kind}`);
  return schema;
}
