import { join } from "node:path";
import { DEVIATIONS } from "../../core/api/deviations.ts";
import type { DocumentKind } from "../../core/api/schemas.ts";
import { TYPES } from "../../core/kubernetes/schema/generated/types.ts";
import { overlaid } from "../../core/kubernetes/schema/overlay.ts";
import type { StructuralSchema } from "../../core/kubernetes/schema/schema.ts";
import { structuralOf } from "../../core/kubernetes/schema/structural.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { writtenConfig, writtenService } from "../../provider/schema/arguments.ts";

/**
 * The JSON Schema of the YAML files, for editors and for CI: documents of the two kinds with everything that the command line reads in
 * them. Documents of other kinds pass. A file names it in its first line:
 *
 *     # yaml-language-server: $schema=node_modules/pulumi-kserve-llm/schemas/kserve-llm.json
 */
export const DOCUMENT_SCHEMA = join(import.meta.dirname, "../../schemas/kserve-llm.json");

export type JsonSchema = { [keyword: string]: unknown };

const API_VERSION = "serving.kserve.io/v1alpha2";
const SPECS: Readonly<Record<DocumentKind, () => StructuralSchema>> = {
  LLMInferenceService: () => structuralOf(writtenService),
  LLMInferenceServiceConfig: () => overlaid(structuralOf(writtenConfig), DEVIATIONS.own.config),
};
/** Any other keyword of a structural schema is not one of JSON Schema, or is handled below. */
const KEPT = [
  ...["description", "minimum", "maximum", "minLength", "maxLength"],
  ...["minItems", "maxItems", "minProperties", "maxProperties", "pattern"],
] as const;

export function documentSchemaFile(): string {
  return `${JSON.stringify(documentSchema(), null, 1)}\n`;
}

/** The same as a value. */
export function documentSchema(): JsonSchema {
  const types = new TypeSchemas();
  const kinds = Object.entries(SPECS).map(([kind, spec]) => ({
    if: { properties: { kind: { const: kind }, apiVersion: { const: API_VERSION } }, required: ["kind", "apiVersion"] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: documentOf(types.schemaOf(spec(), false)),
  }));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "LLMInferenceService and LLMInferenceServiceConfig, with the shorthands of kserve-llm",
    type: ["object", "null"],
    allOf: kinds,
    $defs: types.definitions(),
  };
}

function documentOf(spec: JsonSchema): JsonSchema {
  const text = { type: "string" };
  const metadata = { type: "object", properties: { name: text, namespace: text } };
  const any = {};
  return {
    properties: { apiVersion: text, kind: text, metadata, spec, status: any },
    required: ["spec"],
    additionalProperties: false,
  };
}

/**
 * Schemas of nodes, and definitions of the embedded types that they refer to. Null is allowed for every field, as in KServe's own
 * documents, where it stands for a field that is not set or removes what a lower layer sets.
 */
class TypeSchemas {
  readonly #definitions = new Map<string, JsonSchema>();

  definitions(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#definitions].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /**
   * A document is one layer of several, so only what is in lists must be complete; `whole` says whether the node is.
   */
  schemaOf(node: StructuralSchema, whole: boolean): JsonSchema {
    const { $ref, ...beside } = node;
    const described = beside.description === undefined ? {} : { description: beside.description };
    if ($ref !== undefined) return { ...described, $ref: `#/$defs/${this.#define($ref, whole)}` };
    const kept = KEPT.filter((keyword) => keyword in node).map((keyword) => [keyword, (node as JsonSchema)[keyword]]);
    const union = this.#unionOf(node, whole);
    const values = node.enum === undefined ? {} : { enum: [...node.enum, null] };
    return withTemplates({ ...this.#typeOf(node, whole), ...Object.fromEntries(kept), ...values, ...union });
  }

  #typeOf(node: StructuralSchema, whole: boolean): JsonSchema {
    if (node["x-kubernetes-int-or-string"]) return { type: ["integer", "string", "null"] };
    if (node.format === "quantity") return { type: ["number", "string", "null"] };
    if (node.type === "array") return { type: ["array", "null"], items: this.schemaOf(node.items ?? {}, true) };
    if (node.type !== "object" && node.properties === undefined) return node.type ? { type: [node.type, "null"] } : {};
    const properties = Object.entries(node.properties ?? {}).map(([name, field]) => [
      name,
      this.schemaOf(field, whole),
    ]);
    const { additionalProperties: values, "x-kubernetes-preserve-unknown-fields": open } = node;
    return {
      type: ["object", "null"],
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
      ...(values !== undefined && { additionalProperties: this.schemaOf(values, whole) }),
      ...(values === undefined && !open && node.properties && { additionalProperties: false }),
      ...(whole && node.required && node.required.length > 0 && { required: node.required }),
    };
  }

  #unionOf(node: StructuralSchema, whole: boolean): JsonSchema {
    const union = (node as { anyOf?: readonly StructuralSchema[] }).anyOf;
    return union === undefined ? {} : { anyOf: union.map((member) => this.schemaOf(member, whole)) };
  }

  #define(name: string, whole: boolean): string {
    const key = whole ? name : `${name}.layer`;
    const type = entryOf(TYPES, name);
    if (type === undefined) throw new Error(`no embedded type ${name}`);
    if (this.#definitions.has(key)) return key;
    this.#definitions.set(key, {});
    // Types of other APIs also have required fields below the first level.
    const { required: _, ...layer } = type;
    this.#definitions.set(key, this.schemaOf(whole ? type : layer, true));
    return key;
  }
}

/**
 * Configs contain templates: a text with `{{` is accepted in place of another scalar, or of a text of a certain form.
 */
function withTemplates(schema: JsonSchema): JsonSchema {
  const { description, ...judged } = schema;
  const [type = "object"] = (judged["type"] ?? []) as string[];
  const isScalar = !["object", "array"].includes(type);
  const isJudged = type !== "string" || Object.keys(judged).length > 1;
  if (!isScalar || !isJudged) return schema;
  const described = description === undefined ? {} : { description };
  return { ...described, anyOf: [judged, { type: "string", pattern: "\\{\\{" }] };
}
