import assert from "node:assert/strict";
import { z } from "zod";
import { configSpec, serviceSpec } from "../../core/api/service.ts";
import { serviceShorthands } from "../../core/api/shorthands/shorthands.ts";
import { isObject } from "../../core/kubernetes/json.ts";
import { leavesOf, scenarios } from "./planted.ts";

/** Fields that cannot be set in a scenario that is planned, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  "model.lora.adapters.lora": "an adapter cannot have adapters",
};

/** The paths of a schema's fields, without list positions; a pod, a route and the like are one field. */
function fieldsOf(schema: unknown, path: readonly string[] = []): string[] {
  if (!isObject(schema)) return [];
  const { anyOf, items, properties } = schema;
  if (Array.isArray(anyOf)) return anyOf.flatMap((one) => fieldsOf(one, path));
  if (isObject(items) && (isObject(items["properties"]) || items["anyOf"] !== undefined)) return fieldsOf(items, path);
  if (!isObject(properties)) return [path.join(".")];
  return Object.entries(properties).flatMap(([key, one]) => fieldsOf(one, [...path, key]));
}

/** Paths that are set in some scenario: a field of a role or a replica group counts for the field of the service. */
function planted(): Set<string> {
  const paths = scenarios().flatMap(({ args, configs = [] }) =>
    leavesOf(args).concat(configs.flatMap((one) => leavesOf(one))),
  );
  const named = paths.map((path) => path.filter((step) => typeof step === "string"));
  const own = named.map((path) =>
    path[0] === "groups" ? path.slice(2) : path[0] === "prefill" ? path.slice(1) : path,
  );
  return new Set([...named, ...own].flatMap((path) => path.map((_, index) => path.slice(0, index + 1).join("."))));
}

describe("the services whose leaves are planted", () => {
  it("set every field of a service, so that each is tested with a secret and with another resource's value", () => {
    const set = planted();
    const schemas = [serviceSpec, configSpec, z.strictObject(serviceShorthands)].map((schema) =>
      z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }),
    );
    const fields = new Set(schemas.flatMap((schema) => fieldsOf(schema)).map((path) => path.replace(/^prefill\./, "")));
    const missing = [...fields].filter((path) => !set.has(path) && REFUSED[path] === undefined);
    assert.deepEqual(missing, []);
    assert.ok(fields.size > 100, String(fields.size));
  });
});
