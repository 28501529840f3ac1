import { asText } from "../../core/kubernetes/json.ts";
import { TYPES } from "../../core/kubernetes/schema/generated/types.ts";
import type { StructuralSchema } from "../../core/kubernetes/schema/schema.ts";

import { KUBERNETES_FIELDS, KUBERNETES_TYPES, nameOfForeignType, nameOfType } from "./names.ts";

/** A type of Pulumi's package schema, as far as it is used here. */
export interface TypeSpec {
  type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
  $ref?: string;
  items?: TypeSpec;
  additionalProperties?: TypeSpec;
  oneOf?: TypeSpec[];
}
export interface PropertySpec extends TypeSpec {
  description?: string;
}
export interface ObjectTypeSpec {
  type: "object";
  description?: string;
  properties: Record<string, PropertySpec>;
  required?: string[];
}
interface EnumTypeSpec {
  type: "string";
  description?: string;
  enum: { name: string; value: string }[];
}
export type NamedTypeSpec = ObjectTypeSpec | EnumTypeSpec;

export const PACKAGE = "kserve-llm";
const ANY: TypeSpec = { $ref: "pulumi.json#/Any" };

/** JSON Schema's words that structural schemas of the provider's own arguments also use. */
type Node = StructuralSchema & { anyOf?: Node[] };

interface Place {
  /** The type that has the field; "" for the arguments of a resource or function. */
  owner: string;
  field: string;
  /** Inside a type of another API: a document is one layer of it, so no field is required and enums are left open. */
  foreign: boolean;
}

/**
 * Turns structural schemas into types of a Pulumi package. Every object becomes a named type, once; two types with one
 * name must be alike. No property has a `default`: an SDK would send it, and it would override every config's value.
 */
export class TypeTable {
  readonly types: Record<string, NamedTypeSpec> = {};

  /** The properties of an object, with those that are required. */
  propertiesOf(node: Node, owner: string, foreign = false): Omit<ObjectTypeSpec, "type"> {
    const required = foreign ? [] : (node.required ?? []);
    const properties = Object.entries(node.properties ?? {}).map(([field, value]) => {
      const type = this.#typeOf(value, { owner, field, foreign });
      const description = describe(value);
      return [field, { ...type, ...(description !== "" && { description }) }] as const;
    });
    return {
      properties: Object.fromEntries(properties),
      ...(required.length > 0 && { required: [...required].sort() }),
    };
  }

  #typeOf(node: Node, place: Place): TypeSpec {
    if (node.$ref !== undefined) return this.#embedded(node.$ref, place);
    if (node.anyOf !== undefined) return { oneOf: node.anyOf.map((one) => this.#typeOf(one, place)) };
    if (node["x-kubernetes-int-or-string"]) return { oneOf: [{ type: "integer" }, { type: "string" }] };
    if (node["x-kubernetes-preserve-unknown-fields"] || node.type === undefined) return ANY;
    if (node.type === "array") return { type: "array", items: this.#typeOf(node.items ?? {}, place) };
    if (node.type !== "object") return node.enum && !place.foreign ? this.#enum(node, place) : { type: node.type };
    const kubernetes = KUBERNETES_FIELDS[`${place.owner}.${place.field}`];
    if (kubernetes !== undefined) return { $ref: kubernetes };
    const { properties, additionalProperties } = node;
    if (properties !== undefined && Object.keys(properties).length > 0) {
      return this.#object(nameOfType(place.owner, place.field), node, place);
    }
    return { type: "object", additionalProperties: this.#typeOf(additionalProperties ?? {}, place) };
  }

  /** A type of another API: Kubernetes' own from its package, others from the table of the CRDs. */
  #embedded(name: string, place: Place): TypeSpec {
    const kubernetes = KUBERNETES_TYPES[name];
    if (kubernetes !== undefined) return { $ref: kubernetes };
    const node = TYPES[name];
    if (node === undefined) throw new Error(`no embedded type ${name}`);
    return this.#object(nameOfForeignType(name), node, { ...place, foreign: true });
  }

  #object(name: string, node: Node, { foreign }: Place): TypeSpec {
    const description = describe(node);
    const about = !foreign && description !== "" && { description };
    return this.#named(name, { type: "object", ...about, ...this.propertiesOf(node, name, foreign) });
  }

  #enum(node: Node, { owner, field }: Place): TypeSpec {
    const values = (node.enum ?? []).map((value) => ({ name: enumName(asText(value)), value: asText(value) }));
    return this.#named(nameOfType(owner, field), { type: "string", enum: values });
  }

  #named(name: string, type: NamedTypeSpec): TypeSpec {
    const token = `${PACKAGE}:index:${name}`;
    const before = this.types[token];
    if (before !== undefined && shapeOf(before) !== shapeOf(type)) throw new Error(`two types are named ${name}`);
    this.types[token] = before ?? type;
    return { $ref: `#/types/${token}` };
  }
}

/** A name that every language takes: `kserve-0.20` is Kserve020, the empty text None. */
function enumName(value: string): string {
  const words = value.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("") || "None";
}

function shapeOf({ description: _said, ...shape }: NamedTypeSpec): string {
  return JSON.stringify(shape);
}

/** The description, plus the default and the choices if it does not mention them. */
function describe(node: Node): string {
  const { description = "", default: initial, enum: choices } = node;
  const tellsDefault = /default/i.test(description) || initial === undefined || typeof initial === "object";
  const parts = [
    description,
    ...(choices && !choices.some((choice) => description.includes(asText(choice)))
      ? [`One of ${choices.join(", ")}.`]
      : []),
    ...(tellsDefault ? [] : [`Default: ${JSON.stringify(initial)}.`]),
  ];
  return parts.filter((part) => part !== "").join(" ");
}
