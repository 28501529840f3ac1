import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { isPlainObject } from "./deferred.ts";

/** A part of a twin; undefined if there is no twin to compare with, `{ value: undefined }` if the twin has no such part. */
export type Part = { readonly value: unknown } | undefined;

/** What a walk does with the differences that it finds. */
export interface Handling {
  /** Seals what depends on a secret. */
  secret(value: unknown): unknown;
  /** A text, and the same place in the twin of the resources' values. */
  text(text: string, source: Part): unknown;
  /** A value that another resource's value has shaped in a way that no text shows. */
  shaped(source: unknown): void;
}

/**
 * A document with its parts sealed that differ from the twin's: a leaf if its values differ; a whole map or list
 * if its fields or its length do, because its shape depends on the secret too. Parts are never found by searching
 * for a text.
 */
export function compared(value: unknown, secrets: Part, sources: Part, handling: Handling): unknown {
  if (secrets !== undefined && !isAlike(value, secrets.value))
    return handling.secret(compared(value, undefined, sources, handling));
  if (sources !== undefined && typeof value !== "string" && !isAlike(value, sources.value)) {
    handling.shaped(sources.value);
    return compared(value, secrets, undefined, handling);
  }
  if (typeof value === "string") return handling.text(value, sources);
  if (Array.isArray(value))
    return value.map((item, index) => compared(item, within(secrets, index), within(sources, index), handling));
  if (!isPlainObject(value)) return value;
  return mapFields(value, (key, item) => compared(item, within(secrets, key), within(sources, key), handling));
}

/**
 * An object with its parts sealed. Its kind, name and namespace stay as planned: a resource cannot be registered
 * without them, so they are always known.
 */
export function comparedObject(
  object: KubernetesObject,
  secrets: Part,
  sources: Part,
  handling: Handling,
): Record<string, unknown> {
  const sealed = (key: string, item: unknown): unknown =>
    compared(item, within(secrets, key), within(sources, key), handling);
  const sealedMetadata = (metadata: object): Record<string, unknown> => {
    const [ofSecrets, ofSources] = [within(secrets, "metadata"), within(sources, "metadata")];
    return mapFields(metadata, (key, item) =>
      NAMES.includes(key) ? item : compared(item, within(ofSecrets, key), within(ofSources, key), handling),
    );
  };
  return mapFields(object, (key, item) => {
    if (IDENTITY.includes(key)) return item;
    return key === "metadata" ? sealedMetadata(object.metadata) : sealed(key, item);
  });
}

const IDENTITY = ["apiVersion", "kind"];
const NAMES = ["name", "namespace"];

function mapFields(fields: object, change: (key: string, item: unknown) => unknown): Record<string, unknown> {
  const entries = Object.entries(fields).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, change(key, item)]));
}

function within(part: Part, step: string | number): Part {
  if (part === undefined) return undefined;
  const { value } = part;
  const isThere = Array.isArray(value) || isPlainObject(value);
  return {
    value: isThere ? entryOf(value as Record<string, unknown>, String(step)) : undefined,
  };
}

/** Whether two values are the same leaf, or maps of the same fields, or lists of the same length. */
function isAlike(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length;
  if (!isPlainObject(one)) return Object.is(one, other);
  if (!isPlainObject(other)) return false;
  const [keys, others] = [fieldNames(one), fieldNames(other)];
  return keys.length === others.length && keys.every((key) => entryOf(other, key) !== undefined);
}

function fieldNames(value: Record<string, unknown>): string[] {
  return Object.keys(value).filter((key) => entryOf(value, key) !== undefined);
}

/** For each object its twin: the one at its place if both lists hold the same kinds, else the one of its name. */
export function twinsOfObjects(
  objects: readonly KubernetesObject[],
  twins: readonly KubernetesObject[],
): (KubernetesObject | undefined)[] {
  const kindOf = ({ apiVersion, kind }: KubernetesObject): string => `${apiVersion}|${kind}`;
  const nameOf = (object: KubernetesObject): string => `${kindOf(object)}|${object.metadata.name}`;
  const isSameList =
    objects.length === twins.length &&
    objects.every((object, index) => kindOf(object) === kindOf(twins[index] ?? object));
  if (isSameList) return [...twins];
  const named = new Map(twins.map((twin) => [nameOf(twin), twin]));
  return objects.map((object) => named.get(nameOf(object)));
}
