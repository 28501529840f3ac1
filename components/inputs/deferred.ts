import * as pulumi from "@pulumi/pulumi";
import type { PathStep } from "../../core/kubernetes/json.ts";
import { insideOf } from "./outputs.ts";

/**
 * Reads arguments with eventual values for a planner that takes plain values only. Every Output in the arguments is
 * awaited: a known value is planned as a plain value, an unknown one as an opaque token, a text that the plan carries
 * along like any other. So the set of resources is known at preview, and an unknown image tag leaves one unknown leaf.
 *
 * A known value that is a secret, or that comes from a resource, must stay so in the plan's result: dependence.ts makes the
 * views of the same arguments that show where it went, and restore.ts puts the Outputs back.
 */
export interface Deferred {
  /** Known values as plain values, unknown ones as tokens. This is what is planned. */
  readonly planned: unknown;
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
  /** The value, if it is known. */
  readonly value?: unknown;
  /** The step of the path that is a key of a secret map, and so a secret itself: that of a label in `labels`, for example. */
  readonly secretKey?: number;
}

/** Fields whose keys are the user's data, as their values are. The keys of all other maps are names of fields. */
const MAPS: ReadonlySet<PathStep | undefined> = new Set(["labels", "annotations", "nodeSelector", "matchLabels"]);

/** A valid label value and image tag that says what it is, should it ever be seen. */
const TOKEN = /deferred-5f1c7e-(\d+)-x/g;
const tokenOf = (index: number): string => `deferred-5f1c7e-${index}-x`;

/**
 * Reads arguments that hold Outputs and promises anywhere; rejects where an Output does. Below the `unfollowed` keys, known
 * values that are not secret are plain values: for what decides the plan as a whole, such as a platform's bundle.
 */
export async function defer(args: unknown, unfollowed: readonly string[] = []): Promise<Deferred> {
  const reader = new Reader(unfollowed);
  const planned = await reader.read(args, []);
  return { planned, leaves: reader.leaves };
}

type Origin = Pick<Leaf, "output" | "secret" | "resources" | "secretKey">;

/** Maximum depth. The plan refuses documents that are a third as deep. */
const DEEPEST = 300;

class Reader {
  readonly leaves: Leaf[] = [];
  /** The maps and lists that contain the current value. */
  readonly #holders = new Set<unknown>();
  readonly #unfollowed: ReadonlySet<PathStep | undefined>;

  constructor(unfollowed: readonly string[]) {
    this.#unfollowed = new Set<PathStep | undefined>(unfollowed);
  }

  /** One after the other, so that the same arguments always get the same tokens in the same order. */
  async read(value: unknown, path: PathStep[]): Promise<unknown> {
    if (value instanceof Promise) return this.read(await value, path);
    if (pulumi.Output.isInstance(value)) return this.#readOutput(value, path);
    // A value that contains itself is left as it is: the plan reports it.
    if (this.#holders.has(value) || path.length > DEEPEST) return value;
    const isList = Array.isArray(value);
    if (!isList && !isPlainObject(value)) return value;
    this.#holders.add(value);
    const entries: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) {
      const isSet = isList || item !== undefined;
      if (isSet) entries.push([key, await this.read(item, [...path, isList ? Number(key) : key])]);
    }
    this.#holders.delete(value);
    return isList ? entries.map(([, item]) => item) : Object.fromEntries(entries);
  }

  async #readOutput(output: pulumi.Output<unknown>, path: PathStep[]): Promise<unknown> {
    const inside = insideOf(output);
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
  #spread(origin: Origin, value: unknown, path: PathStep[]): unknown {
    const isData = origin.secret && MAPS.has(path.at(-1));
    const child = (key: PathStep): Origin => ({
      ...origin,
      ...(isData && { secretKey: path.length }),
      output: insideOf(origin.output).apply((whole) => part(whole, key), true),
    });
    if (Array.isArray(value)) return value.map((item, index) => this.#spread(child(index), item, [...path, index]));
    if (!isPlainObject(value) || pulumi.isUnknown(value)) return this.#leaf(origin, value, path);
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, this.#spread(child(key), item, [...path, key])]));
  }

  #leaf(origin: Origin, value: unknown, path: PathStep[]): unknown {
    const known = !pulumi.isUnknown(value);
    if (known && !origin.secret && this.#unfollowed.has(path[0])) return value;
    const token = tokenOf(this.leaves.length);
    this.leaves.push({ ...origin, token, path, known, ...(known && { value }) });
    return known ? value : token;
  }
}

function part(whole: unknown, key: PathStep): unknown {
  if (pulumi.isUnknown(whole)) return pulumi.unknown;
  return (whole as Record<PathStep, unknown> | null | undefined)?.[key];
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The leaves whose token stands in a text. */
export function tokensIn(text: string, { leaves }: Deferred): Leaf[] {
  return [...text.matchAll(TOKEN)].flatMap((match) => leaves[Number(match[1])] ?? []);
}

/**
 * Whether the value at a path of one of the arguments is not known yet. The path decides, because any text can look
 * like a token.
 */
export function unknownIn({ leaves }: Deferred, argument: string): (path: readonly PathStep[]) => boolean {
  const unknown = new Set(leaves.filter(({ known }) => !known).map(({ path }) => JSON.stringify(path)));
  return (path) => unknown.has(JSON.stringify([argument, ...path]));
}

/**
 * The planned arguments with other values at some of their leaves and, on request, other keys where keys are secrets
 * too. Parts without such a leaf are shared, not copied.
 */
export function viewOf({ planned }: Deferred, values: ReadonlyMap<Leaf, unknown>, otherKeys = false): unknown {
  return withValues(planned, [...values.entries()], 0, otherKeys);
}

function withValues(
  value: unknown,
  replaced: readonly (readonly [Leaf, unknown])[],
  depth: number,
  otherKeys: boolean,
): unknown {
  const [here] = replaced.filter(([{ path }]) => path.length === depth);
  if (here !== undefined) return here[1];
  const within = (step: PathStep, item: unknown): unknown => {
    const below = replaced.filter(([{ path }]) => path[depth] === step);
    return below.length === 0 ? item : withValues(item, below, depth + 1, otherKeys);
  };
  const keyFor = (key: string): string =>
    replaced.find(([{ path, secretKey }]) => otherKeys && secretKey === depth && path[depth] === key)?.[0].token ?? key;
  if (Array.isArray(value)) return value.map((item, index) => within(index, item));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [keyFor(key), within(key, item)]));
}
