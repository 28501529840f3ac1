import { isPlainAnnotation, withoutCopies } from "../../core/kubernetes/copies.ts";
import { asJson, isObject, type Json, type JsonObject } from "../../core/kubernetes/json.ts";
import { asObject, type KubernetesObject } from "../../core/kubernetes/objects.ts";
import { typeNamed } from "../../core/kubernetes/patch/schema.ts";
import { objectType } from "../../core/kubernetes/patch/types/object.ts";
import { identityOf } from "../../core/views/diff/diff.ts";
import { Hiding, holdsSecret, textsIn } from "./hide.ts";
import { SECRET } from "./state.ts";

interface Side {
  name: string;
  objects: readonly KubernetesObject[];
}

/**
 * Two sides in which values are only compared if both can be read. Values of Secrets are never shown, nor is a value
 * that one side keeps secret: neither at its place, nor where the same text occurs elsewhere. If a secret has left its
 * place, new texts of that service are hidden too, because one of them may be the secret.
 */
export function hideSecrets<S extends Side>(before: readonly S[], after: readonly S[]): [S[], S[]] {
  const texts = new Set([...before, ...after].flatMap(({ objects }) => objects.flatMap(ownTexts)));
  const [earlier, later] = [before.map(redactedSide), after.map(redactedSide)];
  const hide = (sides: readonly S[], others: readonly S[]): S[] => sides.map((side) => hidden(side, others, texts));
  const both: [S[], S[]] = [hide(earlier, later), hide(later, earlier)];
  return [withoutTexts(both[0], texts), withoutTexts(both[1], texts)];
}

function redactedSide<S extends Side>(side: S): S {
  return { ...side, objects: side.objects.map(redacted) };
}

/** The values of a Secret, as they are written and decoded. */
function ownTexts({ kind, data, stringData }: KubernetesObject): string[] {
  if (kind !== "Secret") return [];
  const encoded = textsIn((data ?? null) as Json).filter((text) => text !== SECRET);
  const decoded = encoded.map((text) => Buffer.from(text, "base64").toString("utf8"));
  const written = textsIn((stringData ?? null) as Json).filter((text) => text !== SECRET);
  return [...encoded, ...decoded, ...written];
}

/**
 * The object without copies of itself, because their content is compared at its own place; of a Secret only the keys.
 */
function redacted(object: KubernetesObject): KubernetesObject {
  const { annotations, managedFields: _, ...metadata } = object.metadata as KubernetesObject["metadata"] & JsonObject;
  const kept = withoutCopies(annotations);
  const isSecret = object.kind === "Secret";
  const shown = kept.map(([name, value]): [string, string] => {
    return [name, isSecret && !isPlainAnnotation(value) ? SECRET : value];
  });
  const own = shown.length > 0 ? { annotations: Object.fromEntries(shown) } : {};
  const plain: KubernetesObject = { ...object, metadata: { ...metadata, ...own } };
  if (!isSecret) return plain;
  const { data, stringData, ...rest } = plain;
  const keys = [data, stringData].flatMap((values) => (isObject(values) ? Object.keys(values) : []));
  return Object.assign(rest, { data: Object.fromEntries([...new Set(keys)].sort().map((key) => [key, SECRET])) });
}

/** A side without the values that the same service of the other keeps secret; possible secrets are added to `texts`. */
function hidden<S extends Side>(side: S, others: readonly S[], texts: Set<string>): S {
  const opposite = others.filter(({ name }) => name === side.name).flatMap(({ objects }) => objects);
  const twins = new Map(opposite.map((object) => [identityOf(object), object]));
  const shown = new Set(opposite.flatMap((object) => textsIn(asJson(object))));
  const hiding = new Hiding((text) => shown.has(text));
  const objects = side.objects.map((object) => {
    const twin = twins.get(identityOf(object));
    if (twin === undefined || object.kind === "Secret") return object;
    return asObject(hiding.object(asJson(object), asJson(twin), typeNamed(objectType(object.kind))));
  });
  for (const text of hiding.texts) texts.add(text);
  const present = new Set(side.objects.map(identityOf));
  const isGone = opposite.some((object) => isKeptSecret(object) && !present.has(identityOf(object)));
  if (!hiding.isLost && !isGone) return { ...side, objects };
  const change = { text: (text: string) => (shown.has(text) ? text : SECRET) };
  return { ...side, objects: objects.map((object) => changed(object, change)) };
}

function isKeptSecret(object: KubernetesObject): boolean {
  return object.kind !== "Secret" && holdsSecret(asJson(object));
}

/** Shorter texts are too common to be searched for inside of others, and the shortest are not searched for at all. */
const PART = 6;
const WHOLE = 3;

/** Sides without some texts, whether alone or inside of another text. */
function withoutTexts<S extends Side>(sides: readonly S[], texts: ReadonlySet<string>): S[] {
  const parts = [...texts].filter((text) => text.length >= PART).sort((one, other) => other.length - one.length);
  const replaced = (text: string): string => {
    if (text.length >= WHOLE && texts.has(text)) return SECRET;
    return parts.reduce((rest, part) => rest.replaceAll(part, SECRET), text);
  };
  const change = { text: replaced, key: replaced };
  return sides.map((side) => ({ ...side, objects: side.objects.map((object) => changed(object, change)) }));
}

interface Change {
  text(text: string): string;
  key?(key: string): string;
}

/** Names of objects, and amounts from which the rollout is computed: they stay as they are. */
const KEPT = ["apiVersion", "kind", "resources"];
const NAMES = ["name", "namespace"];

function changed(object: KubernetesObject, change: Change): KubernetesObject {
  const metadata = asJson(object)["metadata"];
  const names = isObject(metadata) ? Object.entries(metadata).filter(([name]) => NAMES.includes(name)) : [];
  const walked = walk(asJson(object), change);
  const own = isObject(walked["metadata"]) ? walked["metadata"] : {};
  return asObject({ ...walked, metadata: { ...own, ...Object.fromEntries(names) } });
}

function walk(fields: JsonObject, change: Change): JsonObject {
  const entries = Object.entries(fields).map(([key, value = null]): [string, Json] => {
    return [change.key?.(key) ?? key, KEPT.includes(key) ? value : walkedValue(value, change)];
  });
  return Object.fromEntries(entries);
}

function walkedValue(value: Json, change: Change): Json {
  if (Array.isArray(value)) return value.map((item) => walkedValue(item, change));
  if (isObject(value)) return walk(value, change);
  if (typeof value === "number") return change.key?.(String(value)) === SECRET ? SECRET : value;
  return typeof value === "string" && value !== SECRET ? change.text(value) : value;
}
