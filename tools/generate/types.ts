import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject, type JsonObject } from "../../core/kubernetes/json.ts";

/**
 * Writes core/kubernetes/schema/generated/types.ts: the embedded types as Kubernetes, Gateway API, the inference extension and KEDA
 * publish them (OpenAPI and CRDs inside their Go modules, which `go mod download` fetches and checks).
 *
 *     node tools/generate/types.ts
 *
 * With `--check` nothing is written; the exit code tells whether the committed file is the generated one.
 */
interface Source {
  module: string;
  version: string;
}
const SOURCES = {
  kubernetes: { module: "k8s.io/kubernetes", version: "v1.36.3" },
  gateway: { module: "sigs.k8s.io/gateway-api", version: "v1.5.1" },
  inference: { module: "sigs.k8s.io/gateway-api-inference-extension", version: "v1.5.0" },
  keda: { module: "github.com/kedacore/keda/v2", version: "v2.18.0" },
} as const satisfies Record<string, Source>;

/** Types of Kubernetes' OpenAPI that the spec embeds; the types that they refer to are included. */
const OPENAPI_ROOTS = [
  { file: "api__v1_openapi.json", types: ["PodSpec", "PersistentVolumeClaimSpec"] },
  { file: "apis__autoscaling__v2_openapi.json", types: ["HorizontalPodAutoscalerBehavior"] },
];
/** Types that are a part of another API's custom resource. */
const CRD_ROOTS = [
  {
    name: "HTTPRouteSpec",
    source: SOURCES.gateway,
    file: "config/crd/experimental/gateway.networking.k8s.io_httproutes.yaml",
    version: "v1",
    path: ["spec"],
  },
  {
    name: "InferencePoolSpec",
    source: SOURCES.inference,
    file: "config/crd/bases/inference.networking.k8s.io_inferencepools.yaml",
    version: "v1",
    path: ["spec"],
  },
  ...["fallback", "advanced"].map((field) => ({
    name: field === "fallback" ? "KedaFallback" : "KedaAdvancedConfig",
    source: SOURCES.keda,
    file: "config/crd/bases/keda.sh_scaledobjects.yaml",
    version: "v1alpha1",
    path: ["spec", field],
  })),
];

const TARGET = new URL("../../core/kubernetes/schema/generated/types.ts", import.meta.url);
/** What the table leaves out: text for readers. */
const DROPPED = new Set(["description", "x-kubernetes-group-version-kind", "x-kubernetes-unions"]);

type Types = Map<string, JsonObject>;

function moduleDir({ module, version }: Source): string {
  const out = execFileSync("go", ["mod", "download", "-json", `${module}@${version}`], { encoding: "utf8" });
  return (JSON.parse(out) as { Dir: string }).Dir;
}

function readOpenApi(types: Types): void {
  const dir = join(moduleDir(SOURCES.kubernetes), "api/openapi-spec/v3");
  for (const { file, types: roots } of OPENAPI_ROOTS) {
    const document = JSON.parse(readFileSync(join(dir, file), "utf8")) as JsonObject;
    const schemas = at(document, ["components", "schemas"]);
    const byName = new Map(Object.keys(schemas).map((full) => [shortName(full), schemas[full] as JsonObject]));
    const add = (name: string): void => {
      const schema = byName.get(name);
      if (schema === undefined || types.has(name) || name in SCALARS) return;
      types.set(name, {});
      types.set(name, compact(schema, add));
    };
    for (const root of roots) add(root);
  }
}

/** Kubernetes' scalars that OpenAPI writes as separate types. */
const SCALARS: Record<string, JsonObject> = {
  Quantity: { type: "string", format: "quantity" },
  IntOrString: { "x-kubernetes-int-or-string": true },
  Time: { type: "string", format: "date-time" },
  FieldsV1: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
};

function shortName(full: string): string {
  return full.slice(full.lastIndexOf(".") + 1);
}

function compact(schema: JsonObject, refer: (name: string) => void): JsonObject {
  const wrapped = Array.isArray(schema["allOf"]) ? (schema["allOf"][0] as JsonObject) : schema;
  if (typeof wrapped["$ref"] === "string") {
    const name = shortName(wrapped["$ref"]);
    if (name in SCALARS) return SCALARS[name] ?? {};
    refer(name);
    return { $ref: name };
  }
  return mapSchema(withoutImplied(schema), (child) => compact(child, refer));
}

/** Without the zero defaults of items and required fields: OpenAPI adds them to every Go field without omitempty. */
function withoutImplied(schema: JsonObject): JsonObject {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const { properties, items } = schema;
  const bare = (field: JsonObject): JsonObject => {
    const { default: initial, ...rest } = field;
    return isZero(initial) ? rest : field;
  };
  const fields = Object.entries(isObject(properties) ? properties : {}).map(([name, field]) => [
    name,
    required.includes(name) || isObject((field as JsonObject)["default"]) ? bare(field as JsonObject) : field,
  ]);
  return {
    ...schema,
    ...(isObject(properties) && { properties: Object.fromEntries(fields) }),
    ...(isObject(items) && { items: bare(items) }),
  };
}

/** The same schema with every child replaced, and without what the table leaves out. */
function mapSchema(schema: JsonObject, child: (schema: JsonObject) => JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (DROPPED.has(key)) continue;
    if (key === "properties" && isObject(value)) {
      out[key] = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, child(field as JsonObject)]));
    } else if ((key === "items" || key === "additionalProperties") && isObject(value)) out[key] = child(value);
    else out[key] = value;
  }
  return out;
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false || (isObject(value) && Object.keys(value).length === 0);
}

/** Splits a part of a custom resource into one type per object; equal objects become one type. */
function readCrds(types: Types): void {
  for (const { name, source, file, version, path } of CRD_ROOTS) {
    const crd = parse(readFileSync(join(moduleDir(source), file), "utf8")) as JsonObject;
    const versions = at(crd, ["spec"])["versions"] as JsonObject[];
    const root = versions.find((one) => one["name"] === version);
    if (root === undefined) throw new Error(`${file} has no version ${version}`);
    const schema = path.reduce(
      (from, field) => at(from, ["properties", field]),
      at(root, ["schema", "openAPIV3Schema"]),
    );
    hoist(schema, name, types, new Map());
  }
}

/**
 * The schema with every object that has fields moved into `types`; the behaviour of autoscalers is Kubernetes' own
 * type.
 */
function hoist(schema: JsonObject, name: string, types: Types, known: Map<string, string>): JsonObject {
  if (schema["x-kubernetes-int-or-string"] === true) {
    return schema["pattern"] === undefined ? { "x-kubernetes-int-or-string": true } : (SCALARS["Quantity"] ?? {});
  }
  if (name.endsWith("HorizontalPodAutoscalerConfig.Behavior")) return { $ref: "HorizontalPodAutoscalerBehavior" };
  const isStruct = isObject(schema["properties"]);
  if (isStruct) types.set(name, {});
  const fields = isStruct ? (schema["properties"] as JsonObject) : {};
  const nameOf = (child: JsonObject): string => {
    const field = Object.keys(fields).find((one) => fields[one] === child);
    return field === undefined ? name : `${name}.${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  };
  const mapped = mapSchema(schema, (child) => hoist(child, nameOf(child), types, known));
  if (!isStruct) return mapped;
  const { default: initial, ...type } = mapped;
  const key = JSON.stringify(type);
  const shared = known.get(key) ?? name;
  known.set(key, shared);
  if (shared === name) types.set(name, type);
  else types.delete(name);
  return { $ref: shared, ...(initial !== undefined && { default: initial }) };
}

function at(from: JsonObject, path: readonly string[]): JsonObject {
  return path.reduce<JsonObject>((value, step) => {
    const next = value[step];
    if (!isObject(next)) throw new Error(`no ${path.join(".")} in ${Object.keys(from).join(", ")}`);
    return next;
  }, from);
}

/** The most common scalars as one letter, so that a type fits on a line. */
const LETTERS: Record<string, JsonObject> = {
  S: { type: "string" },
  B: { type: "boolean" },
  I: { type: "integer", format: "int32" },
  L: { type: "integer", format: "int64" },
  Q: SCALARS["Quantity"] ?? {},
  P: SCALARS["IntOrString"] ?? {},
};

function write(types: Types): string {
  const letters = new Map(Object.entries(LETTERS).map(([letter, schema]) => [JSON.stringify(sorted(schema)), letter]));
  const literal = (value: unknown): string => {
    const text = JSON.stringify(value);
    const letter = letters.get(text);
    if (letter !== undefined) return letter;
    if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
    if (!isObject(value)) return text;
    const fields = Object.entries(value).map(
      ([key, item]) => `${/^\$?[A-Za-z]\w*$/.test(key) ? key : JSON.stringify(key)}: ${literal(item)}`,
    );
    return `{ ${fields.join(", ")} }`;
  };
  const names = [...types.keys()].sort();
  const sources = Object.values(SOURCES).map(({ module, version }) => `${module} ${version}`);
  return [
    "// Generated by tools/generate/types.ts; do not edit.",
    `// From ${sources.join(", ")}.`,
    'import type { StructuralSchema } from "../schema.ts";',
    "",
    ...Object.entries(LETTERS).map(
      ([letter, schema]) => `const ${letter}: StructuralSchema = ${JSON.stringify(schema)};`,
    ),
    "",
    "/** The embedded types of other APIs, a type a line: structural schemas, with `$ref` for one type in another. */",
    "export const TYPES: Readonly<Record<string, StructuralSchema>> = {",
    ...names.map((name) => `  ${JSON.stringify(name)}: ${literal(sorted(types.get(name) ?? {}))},`),
    "};",
    "",
  ].join("\n");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

const types: Types = new Map();
readOpenApi(types);
readCrds(types);
const text = write(types);
if (process.argv.includes("--check")) {
  const same = readFileSync(TARGET, "utf8") === text;
  process.stdout.write(
    same
      ? "core/kubernetes/schema/generated/types.ts is up to date\n"
      : "core/kubernetes/schema/generated/types.ts is stale\n",
  );
  process.exitCode = same ? 0 : 1;
} else {
  writeFileSync(TARGET, text);
  process.stdout.write(`wrote ${types.size} types\n`);
}
