import { field, type JsonObject, objectOf } from "../core/kubernetes/json.ts";
import { asObject, type KubernetesObject } from "../core/kubernetes/objects.ts";

/** A resource of a stack as policies see it: its inputs while it is analyzed alone, its outputs at the end. */
export interface StackResource {
  type: string;
  urn: string;
  props: Readonly<Record<string, unknown>>;
}

/** A violation of a rule. Without `urn` it concerns the whole stack. */
export interface Violation {
  message: string;
  urn?: string;
}

/** One field of a rule's configuration, as JSON Schema describes it. */
export type ConfigField =
  | { type: "boolean"; description: string; default: boolean }
  | { type: "string"; description: string; default: string }
  | { type: "array"; description: string; items: { type: "string" }; default: string[] }
  | {
      type: "object";
      description: string;
      additionalProperties: { type: "number"; minimum: 0 };
      default: Record<string, number>;
    };

/** The values of a configuration: each field that is not set has its default. */
export type ConfigOf<Fields extends Readonly<Record<string, ConfigField>>> = {
  readonly [name in keyof Fields]: Extract<ConfigField, { type: Fields[name]["type"] }>["default"];
};

/** A rule before it is a policy of Pulumi: a pure function from resources and configuration to violations. */
export interface Rule {
  name: string;
  description: string;
  /** The level that applies if the pack's configuration does not set another. */
  level: "mandatory" | "advisory";
  /** `resource`: each resource is judged alone, before it is created. `stack`: all are judged together, at the end. */
  scope: "resource" | "stack";
  fields: Readonly<Record<string, ConfigField>>;
  judge(resources: readonly StackResource[], config: unknown): Violation[];
}

/** A rule whose function gets a configuration with every field set. */
export function rule<const Fields extends Readonly<Record<string, ConfigField>>>(
  given: Omit<Rule, "judge" | "fields"> & {
    fields: Fields;
    judge(resources: readonly StackResource[], config: ConfigOf<Fields>): Violation[];
  },
): Rule {
  const defaults = Object.entries(given.fields).map(([name, { default: value }]) => [name, value]);
  return {
    ...given,
    judge: (resources, config) => {
      const values = Object.fromEntries([...defaults, ...Object.entries(objectOf(config))]);
      return given.judge(resources, values as ConfigOf<Fields>);
    },
  };
}

/** An object of the Kubernetes API in a stack, and its resource. */
export interface StackObject {
  object: KubernetesObject;
  urn: string;
}

/** The objects of the Kubernetes API among the resources of a stack. */
export function objectsIn(resources: readonly StackResource[]): StackObject[] {
  return resources
    .filter(({ type, props }) => type.startsWith("kubernetes:") && typeof field(props, "kind") === "string")
    .map(({ urn, props }) => ({ urn, object: asObject(props) }));
}

/** `Deployment team/chat-kserve`, as messages name an object. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  const { namespace, name } = objectOf(metadata) as JsonObject & { namespace?: string; name?: string };
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name ?? "(without a name)"}`;
}
