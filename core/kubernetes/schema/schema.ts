import type { Json } from "../json.ts";

/**
 * A structural schema as CustomResourceDefinitions know it, with three additions: `$ref` names an embedded type of
 * the generated table, format `quantity` is a Kubernetes quantity, format `go-url` a URI that Go's net/url takes. All
 * code that judges, defaults or publishes the input uses this form, so KServe's types and the embedded ones are treated
 * alike.
 */
export interface StructuralSchema {
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  format?: string;
  description?: string;
  $ref?: string;
  properties?: Readonly<Record<string, StructuralSchema>>;
  additionalProperties?: StructuralSchema;
  items?: StructuralSchema;
  required?: readonly string[];
  enum?: readonly Json[];
  default?: Json;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  pattern?: string;
  "x-kubernetes-validations"?: readonly CelRule[];
  "x-kubernetes-list-type"?: string;
  "x-kubernetes-list-map-keys"?: readonly string[];
  "x-kubernetes-map-type"?: string;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-patch-merge-key"?: string;
  "x-kubernetes-patch-strategy"?: string;
}

/** A rule of a CRD: an expression of the Common Expression Language over `self`, and its message. */
export interface CelRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
  /**
   * An addition: the rule of the rule table that covers this one with a better message; the plan applies that rule
   * instead.
   */
  coveredBy?: string;
  /** An addition: KServe's CRD does not have this rule (its webhook may). */
  added?: boolean;
}
