import * as pulumi from "@pulumi/pulumi";
import type { PathStep } from "../core/kubernetes/json.ts";

/**
 * Eventual values for a planner that knows none. Every Output in the arguments is awaited: what is known becomes a plain
 * value, what is not becomes an opaque token, a string that the plan carries along like any other. Afterwards
 * {@link restore} puts the Outputs back, inside of longer strings too. So the set of resources is known at preview, and an
 * unknown image tag leaves one unknown leaf.
 *
 * A known value that is a secret, or that comes from a resource, must not lose that on its way through the plan. For
 * these there is a second view of the same arguments, with tokens in their place as well: planning it too shows where
 * each value ended up. Only the first view decides what is planned.
 */
export interface Deferred {
  /** Known values plain, unknown ones as tokens: what is planned. */
  readonly planned: unknown;
  /** Also secrets and other resources' values as tokens; undefined where `planned` holds all there is to trace. */
  readonly traced: unknown;
  readonly leaves: readonly Leaf[];
}

/** One value of the arguments that was an Output. */
export interface Leaf {
  readonly token: string;
  readonly path: readonly PathStep[];
  readonly output: pulumi.Output<unknown>;
  readonly known: boolean;
  readonly secret: boolean;
  /** What must exist before the value does. */
  readonly resources: ReadonlySet<pulumi.Resource>;
  /** The value where it is known. */
  readonly value?: unknown;
}

/** A valid label value and image tag that says what it is, should it ever be seen. */
const TOKEN = /deferred-5f1c7e-(\d+)-x/g;
const tokenOf = (index: number): string => `deferred-5f1c7e-${index}-x`;

/** What an Output tells about itself beyond its public type; stable since @pulumi/pulumi 2. */
interface OutputInside {
  promise(withUnknowns?: boolean): Promise<unknown>;
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
  apply(run: (value: unknown) => unknown, withUnknowns?: boolean): pulumi.Output<unknown>;
}

/**
 * Reads arguments that hold Outputs and promises anywhere; rejects where an Output does. Below the `untraced` keys, known
 * values are plain and no more: for what decides the plan as a whole, such as a platform's bundle.
 */
export async function defer(args: unknown, untraced: readonly string[] = []): Promise<Deferred> {
  const reader = new Reader(untraced);
  const { planned, traced } = await reader.read(args, []);
  const { leaves } = reader;
  const toTrace = leaves.some((leaf) => leaf.known && isTraceable(leaf));
  return { planned, traced: toTrace ? traced : undefined, leaves };
}

interface Views {
  planned: unknown;
  traced: unknown;
}
type Origin = Pick<Leaf, "output" | "secret" | "resources">;

class Reader {
  readonly leaves: Leaf[] = [];
  readonly #untraced: ReadonlySet<PathStep | undefined>;

  constructor(untraced: readonly string[]) {
    this.#untraced = new Set<PathStep | undefined>(untraced);
  }

  /** One after the other, so that the same arguments always get the same tokens. */
  async read(value: unknown, path: PathStep[]): Promise<Views> {
    if (value instanceof Promise) return this.read(await value, path);
    if (pulumi.Output.isInstance(value)) return this.#readOutput(value, path);
    if (Array.isArray(value)) {
      const items: Views[] = [];
      for (const [index, item] of value.entries()) items.push(await this.read(item, [...path, index]));
      return listOf(items);
    }
    if (!isPlainObject(value)) return { planned: value, traced: value };
    const entries: [string, Views][] = [];
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) entries.push([key, await this.read(item, [...path, key])]);
    }
    return mapOf(entries);
  }

  async #readOutput(output: pulumi.Output<unknown>, path: PathStep[]): Promise<Views> {
    const inside = output as unknown as OutputInside;
    const [value, known, secret, resources] = await Promise.all([
      inside.promise(true),
      inside.isKnown,
      pulumi.isSecret(output),
      pulumi.getAllResources(output),
    ]);
    const seen = known || pulumi.containsUnknowns(value) ? value : pulumi.unknown;
    return this.#spread({ output, secret, resources }, seen, path);
  }

  /** Takes the value of an Output apart, so that only those of its leaves that are unknown count as unknown. */
  #spread(origin: Origin, value: unknown, path: PathStep[]): Views {
    const child = (key: PathStep): Origin => ({
      ...origin,
      output: (origin.output as unknown as OutputInside).apply((whole) => part(whole, key), true),
    });
    if (Array.isArray(value)) {
      return listOf(value.map((item, index) => this.#spread(child(index), item, [...path, index])));
    }
    if (!isPlainObject(value) || pulumi.isUnknown(value)) return this.#leaf(origin, value, path);
    return mapOf(Object.entries(value).map(([key, item]) => [key, this.#spread(child(key), item, [...path, key])]));
  }

  #leaf(origin: Origin, value: unknown, path: PathStep[]): Views {
    const known = !pulumi.isUnknown(value);
    if (known && !origin.secret && this.#untraced.has(path[0])) return { planned: value, traced: value };
    const token = tokenOf(this.leaves.length);
    const leaf: Leaf = { ...origin, token, path, known, ...(known && { value }) };
    this.leaves.push(leaf);
    if (!known) return { planned: token, traced: token };
    return { planned: value, traced: isTraceable(leaf) && typeof value === "string" ? token : value };
  }
}

function listOf(items: readonly Views[]): Views {
  return { planned: items.map((item) => item.planned), traced: items.map((item) => item.traced) };
}

function mapOf(entries: readonly (readonly [string, Views])[]): Views {
  return {
    planned: Object.fromEntries(entries.map(([key, item]) => [key, item.planned])),
    traced: Object.fromEntries(entries.map(([key, item]) => [key, item.traced])),
  };
}

function part(whole: unknown, key: PathStep): unknown {
  if (pulumi.isUnknown(whole)) return pulumi.unknown;
  return (whole as Record<PathStep, unknown> | null | undefined)?.[key];
}

function isTraceable(leaf: Leaf): boolean {
  return leaf.secret || leaf.resources.size > 0;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The unknown leaves whose token stands in a text. */
export function tokensIn(text: string, deferred: Deferred): Leaf[] {
  return [...text.matchAll(TOKEN)].flatMap((match) => deferred.leaves[Number(match[1])] ?? []);
}

/** Tells whether the value at a path of one of the arguments is not known yet. By the place, for any text can look like a token. */
export function unknownIn({ leaves }: Deferred, argument: string): (path: readonly PathStep[]) => boolean {
  const unknown = new Set(leaves.filter(({ known }) => !known).map(({ path }) => JSON.stringify(path)));
  return (path) => unknown.has(JSON.stringify([argument, ...path]));
}

export interface Restored<T> {
  /** The same document, with Outputs where values are eventual, secret, or another resource's. */
  value: T;
  /** Resources whose values shaped the document in a way that no single leaf shows: depend on them as a whole. */
  dependsOn: pulumi.Resource[];
}

/**
 * Puts the Outputs back into what was planned. `traced` is what came of planning {@link Deferred.traced}; where it is
 * missing or of another shape, secrets are found by their text and dependencies hold for the whole document.
 */
export function restore<T>(planned: T, traced: unknown, deferred: Deferred): Restored<T> {
  const pending = new Set(deferred.leaves.filter((leaf) => leaf.known && isTraceable(leaf)));
  const exact = pending.size > 0 && sameShape(planned, traced);
  const secrets = [...pending].filter((leaf) => leaf.secret && typeof leaf.value === "string" && leaf.value !== "");
  const carriersOf = (text: string, twin: unknown): Leaf[] => {
    if (!exact) return secrets.filter((leaf) => text.includes(String(leaf.value)));
    const found = typeof twin === "string" ? tokensIn(twin, deferred).filter((leaf) => leaf.known) : [];
    for (const leaf of found) pending.delete(leaf);
    return found;
  };
  const walk = (value: unknown, twin: unknown): unknown => {
    if (typeof value === "string") return restoreText(value, carriersOf(value, twin), deferred);
    if (Array.isArray(value))
      return value.map((item, index) => walk(item, exact ? (twin as unknown[])[index] : undefined));
    if (!isPlainObject(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      walk(item, exact ? (twin as Record<string, unknown>)[key] : undefined),
    ]);
    return Object.fromEntries(entries);
  };
  const value = walk(planned, traced) as T;
  return { value, dependsOn: [...new Set([...pending].flatMap((leaf) => [...leaf.resources]))] };
}

/** A text with its tokens replaced; an Output as soon as one of them, or one of the carriers, is. */
function restoreText(text: string, carriers: readonly Leaf[], deferred: Deferred): unknown {
  const unknowns = tokensIn(text, deferred);
  const [only] = unknowns;
  if (only !== undefined && text === only.token && carriers.length === 0) return only.output;
  if (unknowns.length + carriers.length === 0) return text;
  const outputs = [...unknowns, ...carriers].map((leaf) => leaf.output);
  return pulumi
    .all(outputs)
    .apply((values) => unknowns.reduce((out, leaf, index) => out.replaceAll(leaf.token, String(values[index])), text));
}

function sameShape(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, i) => sameShape(item, other[i]));
  }
  if (isPlainObject(one)) {
    if (!isPlainObject(other)) return false;
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length && keys.every((key) => key in other && sameShape(one[key], other[key]))
    );
  }
  return typeof one === typeof other;
}
