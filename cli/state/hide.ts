import { isObject, type Json, type JsonObject } from "../../core/kubernetes/json.ts";
import { type Field, type TypeInfo, typeNamed } from "../../core/kubernetes/patch/schema.ts";
import { entryOf } from "../../core/kubernetes/table.ts";
import { SECRET } from "./state.ts";

/**
 * Hides in one side of a comparison what the other keeps secret at the same place. Items of lists are matched by their
 * merge key, as in the comparison. In a list of words, those that the other side shows stay; any other list without
 * keys is hidden as a whole.
 */
export class Hiding {
  /** Texts that were at the place of a secret: each may be that secret. */
  readonly texts = new Set<string>();
  /** Whether a secret of the other side may stand at another place now. */
  isLost = false;
  readonly #isShown: (text: string) => boolean;

  /** `isShown` returns whether the other side shows a text anyway. */
  constructor(isShown: (text: string) => boolean) {
    this.#isShown = isShown;
  }

  /** The value without what `other` keeps secret; of the given type, if one is known. */
  value(value: Json, other: Json | undefined, field?: Field): Json {
    if (!holdsSecret(other) && !holdsSecret(value)) return value;
    if (other === SECRET) return this.#hidden(value);
    if (Array.isArray(value) && Array.isArray(other)) return this.#list(value, other, field?.key, field?.type);
    if (isObject(value) && isObject(other)) return this.object(value, other, typeNamed(field?.type));
    if (holdsSecret(other)) this.isLost = true;
    return value;
  }

  object(value: JsonObject, other: JsonObject, fields: TypeInfo | undefined): JsonObject {
    if (Object.keys(other).some((name) => entryOf(value, name) === undefined && holdsSecret(entryOf(other, name))))
      this.isLost = true;
    const entries = Object.entries(value).map(([name, item]): [string, Json] => {
      return [name, this.value(item ?? null, entryOf(other, name), fields?.get(name))];
    });
    return Object.fromEntries(entries);
  }

  /** A secret that is replaced by a value that was shown before may have moved to its place. */
  #hidden(value: Json): Json {
    this.#take([value]);
    if (textsIn(value).some(this.#isShown)) this.isLost = true;
    return SECRET;
  }

  #list(items: readonly Json[], others: readonly Json[], key: string | undefined, type: string | undefined): Json {
    if (key !== undefined && areKeyed(items, key) && areKeyed(others, key))
      return this.#keyed(items, others, key, type);
    if (areTexts(items) && areTexts(others)) return this.#words(items, others);
    if (holdsSecret([...others])) this.#take(items);
    return SECRET;
  }

  #keyed(items: readonly JsonObject[], others: readonly JsonObject[], key: string, type: string | undefined): Json {
    const names = new Set(items.map((item) => entryOf(item, key)));
    if (others.some((other) => !names.has(entryOf(other, key)) && holdsSecret(other))) this.isLost = true;
    return items.map((item) => {
      const twins = others.filter((other) => entryOf(other, key) === entryOf(item, key));
      return twins.reduce((rest, twin) => this.object(rest, twin, typeNamed(type)), item);
    });
  }

  #words(items: readonly string[], others: readonly string[]): Json {
    const shown = new Set(others);
    if (!shown.has(SECRET)) return [...items];
    const hidden = items.filter((word) => !shown.has(word));
    if (hidden.length < others.filter((word) => word === SECRET).length) this.isLost = true;
    this.#take(hidden);
    return items.map((word) => (shown.has(word) ? word : SECRET));
  }

  #take(values: readonly Json[]): void {
    for (const text of values.flatMap(textsIn)) if (text !== SECRET && !this.#isShown(text)) this.texts.add(text);
  }
}

function areKeyed(items: readonly Json[], key: string): items is JsonObject[] {
  return items.every(
    (item) => isObject(item) && ![undefined, SECRET].includes(entryOf(item, key) as string | undefined),
  );
}

function areTexts(items: readonly Json[]): items is string[] {
  return items.every((item) => typeof item === "string");
}

export function holdsSecret(value: Json | undefined): boolean {
  if (value === SECRET) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((item) => holdsSecret(item));
}

/** The texts and numbers of a value. */
export function textsIn(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((item) => textsIn(item));
}
