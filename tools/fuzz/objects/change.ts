import { specSchema } from "../../../core/api/schemas.ts";
import { pathSteps } from "../../../core/kubernetes/path.ts";
import type { StructuralSchema } from "../../../core/kubernetes/schema/schema.ts";
import { resolved } from "../../../core/kubernetes/schema/structural.ts";
import type { Random } from "../random.ts";
import { isOpenMap, keyFor, valueFor } from "./values.ts";

type Holder = Record<string, unknown> | unknown[];
/** A place in a document: what contains it, by which key or index, the name of the container, and the schema there. */
interface Place {
  holder: Holder;
  key: string | number;
  /** Name of the field of the container, and of the place itself; an item has the name of its list. */
  within: string;
  name: string;
  schema: StructuralSchema;
  path: string;
}

const SCHEMA: StructuralSchema = {
  type: "object",
  properties: { spec: specSchema("LLMInferenceService", { dialect: "own" }), metadata: {} },
};

/** The document with one place under one of the roots changed, and a description of the change. */
export function changed<T>(document: T, roots: readonly string[], random: Random): { document: T; change: string } {
  // Parts that several places share are copied for each of them.
  const copy = JSON.parse(JSON.stringify(document)) as T;
  const places = roots.flatMap((root) => placesUnder(copy, root));
  for (let tries = 0; tries < 50; tries++) {
    const place = random.pick(places);
    const done = random.pick(CHANGES)(place, random, places);
    if (done !== undefined) return { document: copy, change: `${place.path}: ${done}` };
  }
  return { document: copy, change: "nothing" };
}

function placesUnder(document: unknown, root: string): Place[] {
  const steps = pathSteps(root);
  let holder = document;
  let schema: StructuralSchema = SCHEMA;
  for (const step of steps.slice(0, -1)) {
    schema = fieldSchema(schema, step);
    holder = (holder as Record<string, unknown>)[step];
  }
  const key = steps.at(-1) ?? "";
  const place: Place = {
    holder: holder as Holder,
    key,
    within: steps.at(-2) ?? "",
    name: key,
    schema: fieldSchema(schema, key),
    path: root,
  };
  return [place, ...below(place)];
}

function fieldSchema(schema: StructuralSchema, name: string): StructuralSchema {
  const node = resolved(schema);
  return node.properties?.[name] ?? node.additionalProperties ?? {};
}

function below({ holder, key, name, schema, path }: Place): Place[] {
  const value = (holder as Record<string | number, unknown>)[key];
  if (typeof value !== "object" || value === null) return [];
  const node = resolved(schema);
  const inner = Object.keys(value).map((one): Place => {
    const isItem = Array.isArray(value);
    return {
      holder: value as Holder,
      key: isItem ? Number(one) : one,
      within: name,
      name: isItem ? name : one,
      schema: isItem ? (node.items ?? {}) : fieldSchema(schema, one),
      path: isItem ? `${path}[${one}]` : `${path}.${one}`,
    };
  });
  return inner.flatMap((place) => [place, ...below(place)]);
}

type Change = (place: Place, random: Random, places: readonly Place[]) => string | undefined;

const get = ({ holder, key }: Place): unknown => (holder as Record<string | number, unknown>)[key];
const set = ({ holder, key }: Pick<Place, "holder" | "key">, value: unknown): void => {
  (holder as Record<string | number, unknown>)[key] = value;
};
const isLeaf = (value: unknown): boolean => typeof value !== "object" || value === null;

const replace: Change = (place, random) => {
  const before = get(place);
  if (!isLeaf(before) && !(Array.isArray(before) && before.every(isLeaf))) return undefined;
  const value = valueFor(place.name, place.within, Array.isArray(place.holder) ? before : before, random);
  if (JSON.stringify(value) === JSON.stringify(before)) return undefined;
  set(place, value);
  return `${JSON.stringify(before)} → ${JSON.stringify(value)}`;
};

const remove: Change = (place) => {
  const before = get(place);
  if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1);
  else delete place.holder[place.key];
  return `removed ${JSON.stringify(before)?.slice(0, 80)}`;
};

const repeat: Change = (place, random) => {
  if (!Array.isArray(place.holder)) return undefined;
  const copy = structuredClone(get(place));
  const fields = typeof copy === "object" && copy !== null ? Object.keys(copy) : [];
  if (fields.length > 1 && random.chance(0.5)) delete (copy as Record<string, unknown>)[random.pick(fields)];
  place.holder.push(copy);
  return `repeated as ${JSON.stringify(copy)?.slice(0, 80)}`;
};

/** A field that the schema has there and the value does not: one that excludes another, or that must not be set. */
const add: Change = (place, random) => {
  const value = get(place);
  if (isLeaf(value) || Array.isArray(value)) return undefined;
  const holder = value as Record<string, unknown>;
  if (isOpenMap(place.name)) {
    const key = keyFor(place.name, random);
    holder[key] = valueFor(key, place.name, undefined, random);
    return `added ${JSON.stringify(key)}: ${JSON.stringify(holder[key])}`;
  }
  const { properties = {} } = resolved(place.schema);
  const missing = Object.keys(properties).filter((name) => !Object.hasOwn(holder, name));
  if (missing.length === 0) return undefined;
  const name = random.pick(missing);
  holder[name] = made(name, place.name, properties[name] ?? {}, random, 0);
  return `added ${name}: ${JSON.stringify(holder[name])?.slice(0, 120)}`;
};

const rename: Change = (place, random) => {
  if (Array.isArray(place.holder) || !isOpenMap(place.within)) return undefined;
  const value = get(place);
  delete place.holder[place.key];
  const key = keyFor(place.within, random);
  place.holder[key] = value;
  return `renamed to ${JSON.stringify(key)}`;
};

/** A value of another type. */
const retype: Change = (place, random) => {
  const before = get(place);
  const others = ["1", "-1", 1, 1.5, -1, true, null, [], {}, ["a"], [null], [{}], { a: "b" }, { a: null }];
  const value = random.pick(
    others.filter((one) => typeof one !== typeof before || Array.isArray(one) !== Array.isArray(before)),
  );
  set(place, value);
  return `${JSON.stringify(before)?.slice(0, 80)} → ${JSON.stringify(value)}`;
};

/** The value of another place of that name: two items with one name, port or key, and a value that two fields share. */
const copy: Change = (place, random, places) => {
  const before = JSON.stringify(get(place));
  const others = places.filter((one) => one.name === place.name && JSON.stringify(get(one)) !== before);
  if (others.length === 0) return undefined;
  const other = random.pick(others);
  set(place, JSON.parse(JSON.stringify(get(other))));
  return `${before?.slice(0, 80)} → that of ${other.path}`;
};

/** Items in another order, and more of them than a list may have. */
const multiply: Change = (place, random) => {
  const value = get(place);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const count = random.pick([9, 17, 33, 65, 129]);
  const items = Array.from({ length: count }, (_, index) => numbered(value[index % value.length], index));
  set(place, random.chance(0.3) ? [...value].reverse() : items);
  return `${value.length} items → ${(get(place) as unknown[]).length} in another order or number`;
};

/** The same item with another name. */
function numbered(item: unknown, index: number): unknown {
  if (typeof item === "string") return `${item}${index}`;
  if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
  const { name } = item as { name?: unknown };
  return typeof name === "string" ? { ...item, name: `${name}${index}` } : structuredClone(item);
}

/** A map with many entries, or a long one. */
const widen: Change = (place, random) => {
  if (!isOpenMap(place.name)) return undefined;
  const value = get(place);
  if (isLeaf(value) || Array.isArray(value)) return undefined;
  const holder = value as Record<string, unknown>;
  const length = random.pick([64, 1000, 262_144]);
  holder[`example.com/${place.name}`] = "a".repeat(length);
  return `added a value of ${length} letters`;
};

const CHANGES: readonly Change[] = [
  retype,
  replace,
  replace,
  replace,
  replace,
  replace,
  remove,
  repeat,
  add,
  add,
  rename,
  copy,
  copy,
  multiply,
  widen,
];

/** A value that the schema accepts, with the required fields and some of the others. */
function made(name: string, within: string, schema: StructuralSchema, random: Random, depth: number): unknown {
  const node = resolved(schema);
  if (node.enum !== undefined) return random.pick(node.enum);
  if (node["x-kubernetes-int-or-string"]) return valueFor(name, within, random.pick([1, "1"]), random);
  switch (node.type) {
    case "boolean":
      return random.chance(0.7);
    case "integer":
    case "number":
      return valueFor(name, within, 1, random);
    case "array":
      return random.times(random.below(3), () => made(name, within, node.items ?? {}, random, depth + 1));
    case "object": {
      const { properties, required = [] } = node;
      if (properties === undefined) return { [keyFor(name, random)]: valueFor(name, name, undefined, random) };
      const chosen = Object.entries(properties).filter(
        ([field]) => required.includes(field) || (depth < 3 && random.chance(0.3)),
      );
      return Object.fromEntries(chosen.map(([field, one]) => [field, made(field, name, one, random, depth + 1)]));
    }
    default:
      return node.format === "quantity" ? random.pick(["1", "1Gi", "-1"]) : valueFor(name, within, "a", random);
  }
}
