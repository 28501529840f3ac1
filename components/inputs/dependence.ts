import { type Issue, isFine } from "../../core/contract/issues/issue.ts";
import { isModelScheme } from "../../core/knowledge/uris.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { type Deferred, isPlainObject, type Leaf, viewOf } from "./deferred.ts";

/** The result of planning a component's arguments. */
export interface Planning {
  /** What becomes resources. Only values that are not part of an identity may be eventual in it. */
  objects: readonly KubernetesObject[];
  /** What becomes outputs. */
  values: Readonly<Record<string, unknown>>;
  issues: readonly Issue[];
}

/**
 * A planning and its twins. Only the planning itself decides. A twin is the same function of the same arguments with
 * other values at some leaves. Where the twin differs, the result depends on those leaves, whether they were joined,
 * split, counted or hashed. A twin that cannot be made is empty, so everything differs from it.
 */
export interface Followed<P extends Planning> {
  planning: P;
  /** Other values in the place of every secret; undefined if there is none. */
  secrets: P | undefined;
  /** Tokens in the place of texts that come from a resource; undefined if there are none. */
  sources: P | undefined;
}

/** How a component plans, and the planning of arguments that cannot be planned. */
export interface Planner<P extends Planning> {
  /**
   * `isTwin` is true for a planning that only shows where values go; such a planning compares nothing with a digest.
   */
  plan(args: unknown, isTwin: boolean): P;
  nothing(args: unknown): P;
}

/** Plans the arguments, and their twins if some values have to be followed. */
export function follow<P extends Planning>(deferred: Deferred, { plan, nothing }: Planner<P>): Followed<P> {
  const planning = plan(deferred.planned, false);
  const twin = (leaves: readonly Leaf[], otherFor: (leaf: Leaf) => unknown, otherKeys = false): P | undefined => {
    if (leaves.length === 0) return undefined;
    const args = viewOf(deferred, new Map(leaves.map((leaf) => [leaf, otherFor(leaf)])), otherKeys);
    try {
      return plan(args, true);
    } catch {
      // A plan of the replaced values may fail although a plan of the user's values works. Then no value can be
      // followed.
      return nothing(args);
    }
  };
  const hidden = deferred.leaves.filter((leaf) => leaf.secret && leaf.known);
  const sources = isFine(planning.issues) ? sourcesOf(deferred).filter(isText) : [];
  return { planning, secrets: secretTwin(hidden, twin), sources: twin(sources, ({ token }) => token) };
}

/**
 * The first twin that can be planned, else the first. Several are tried because replaced numbers rarely divide each
 * other as a plan requires; leaves without a number have one twin.
 */
function secretTwin<T extends Planning>(
  hidden: readonly Leaf[],
  twin: (leaves: readonly Leaf[], otherFor: (leaf: Leaf) => unknown, otherKeys: boolean) => T | undefined,
): T | undefined {
  const all = OTHER_NUMBERS.map(
    (other) => new Map(hidden.map((leaf) => [leaf, replacedValue(leaf.value, leaf.token, other)])),
  );
  const differing = all.filter(
    (values, index) => index === 0 || hidden.some((leaf) => values.get(leaf) !== all[0]?.get(leaf)),
  );
  let first: T | undefined;
  for (const values of differing) {
    const made = twin(hidden, (leaf) => values.get(leaf), true);
    first ??= made;
    if (made === undefined || isFine(made.issues)) return made;
  }
  return first;
}

/** The known leaves that come from a resource. */
export function sourcesOf({ leaves }: Deferred): Leaf[] {
  return leaves.filter(({ known, resources }) => known && resources.size > 0);
}

function isText({ value }: Leaf): boolean {
  return typeof value === "string";
}

type OtherNumber = (value: number) => number;
const OTHER_NUMBERS: readonly OtherNumber[] = [(value) => value + 1, (value) => (value === 0 ? 2 : value * 2)];

/**
 * Another value of the same kind. A text becomes its token, but whatever decides structure stays, so that the plan
 * takes the same path: the scheme of a URI and the number of its parts, the name of a flag, the fields of JSON, the
 * unit of a number.
 */
function replacedValue(value: unknown, token: string, other: OtherNumber = OTHER_NUMBERS[0] as OtherNumber): unknown {
  if (typeof value === "number") return other(value) === value || !Number.isFinite(value) ? 0 : other(value);
  if (typeof value === "boolean") return !value;
  return typeof value === "string" ? replacedText(value, token, other) : value;
}

const URI = /^([a-z][a-z0-9+.-]*):\/\/(.+)$/s;
const FLAG = /^(--[A-Za-z][\w-]*=)(.+)$/s;
const NUMBER = /^(-?\d{1,15}(?:\.\d{1,5})?)([A-Za-z%]{0,2})$/;

function replacedText(text: string, token: string, other: OtherNumber): string {
  const [, scheme, rest = ""] = URI.exec(text) ?? [];
  if (scheme !== undefined && /[^/]/.test(rest))
    return `${isScheme(scheme) ? scheme : token}://${rest
      .split("/")
      .map((part) => part && token)
      .join("/")}`;
  const [, flag, value = ""] = FLAG.exec(text) ?? [];
  if (flag !== undefined) return flag + replacedText(value, token, other);
  const [, number, unit = ""] = NUMBER.exec(text) ?? [];
  if (number !== undefined) return `${other(Number(number))}${unit}`;
  return /^\s*[[{]/.test(text) ? replacedJson(text, token, other) : tokenOfOtherLength(token, text);
}

/** Schemes of addresses. */
const OF_ADDRESSES: readonly string[] = ["http", "https", "grpc", "grpcs", "tcp", "unix", "docker"];

/** Whether a plan knows a scheme. An unknown scheme is a part of the secret. */
function isScheme(scheme: string): boolean {
  return isModelScheme(scheme) || OF_ADDRESSES.includes(scheme);
}

/** Of another length than the text, so that a count differs too. */
function tokenOfOtherLength(token: string, text: string): string {
  return token.length === text.length ? `${token}-x` : token;
}

function replacedJson(text: string, token: string, other: OtherNumber): string {
  const leaves = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(leaves);
    if (!isPlainObject(value)) return replacedValue(value, token, other);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, leaves(item)]));
  };
  try {
    const parsed: unknown = JSON.parse(text);
    const [before, after] = [JSON.stringify(parsed), JSON.stringify(leaves(parsed))];
    // The document holds only names of fields, nulls and empty lists, so another text takes its place.
    return after === before ? token : after;
  } catch {
    return token;
  }
}
