import { asText, type Json, jsonOf } from "../../../kubernetes/json.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import { remembering } from "../../../kubernetes/remember.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { inWords } from "../../../kubernetes/text.ts";
import { LAST_RELEASE } from "../flags/flagtable.ts";
import type { Release } from "../flags/judge.ts";
import { positionIn, readSpan, releaseNumber, type Span } from "../release.ts";
import { KEY_VALUES } from "./keyvaluetable.ts";
import type { Broken } from "./rule.ts";
import type { LineJudge } from "./triggers.ts";

/** What the values of a key must be in the releases of its span. */
interface ValueType extends Span {
  kind: string;
  /** Limits of a number. */
  limits: readonly Limit[];
  /** The words that it may be. */
  words: readonly ReturnType<typeof readSpan>[];
}

interface Limit {
  text: string;
  isMet(value: number): boolean;
}

/** From here on the classes of every document check the types of their fields: see the source of the table. */
export const TYPED_SINCE = releaseNumber("0.16.0") ?? 0;
/** A release after the last one of the table may have more words. */
const NEXT = (releaseNumber(LAST_RELEASE) ?? 0) + 1_000_000;

/** Values of keys in JSON documents that have another type, or are not among the words of a key. */
export const VALUE_JUDGES: readonly LineJudge[] = Object.keys(KEY_VALUES).map((flag) => ({ text, release }) => {
  const written = jsonOf(text(flag));
  if (written === undefined || release.number < TYPED_SINCE) return [];
  return Object.entries(written).flatMap(([key, value = null]) => wrongValue(flag, key, value, release));
});

function wrongValue(flag: string, key: string, value: Json, release: Release): Broken[] {
  const type = typesOf(flag)
    ?.get(key)
    ?.find((one) => positionIn(one, release.number) === "inside");
  if (type === undefined || value === null || isOfPod(value)) return [];
  const { limits, kind } = type;
  const words = type.words.filter((word) => positionIn(word, release.number) === "inside").map(({ name }) => name);
  const wanted =
    kind === "word" ? inWords(words, "or") : [entryOf(KINDS, kind)?.title, ...limits.map(({ text }) => text)].join(" ");
  if (kind === "word" ? words.includes(asText(value)) : isOfKind(value, kind, limits)) return [];
  const near = kind === "word" && typeof value === "string" ? nearest(value, words) : undefined;
  const message = `--${flag}: ${key} is ${JSON.stringify(value)}, but vLLM ${release.text} accepts only ${wanted}`;
  const fix = `set ${key} in it to ${near ?? wanted}`;
  // A later release, or the engine of a fork, may have more words.
  const isOfRelease = release.number < NEXT;
  return [
    {
      flag,
      message,
      fix,
      ...(kind === "word" && { severity: "warning" as const, ...(isOfRelease && { refusedByRelease: true as const }) }),
    },
  ];
}

/** A value that is only known in the pod. */
function isOfPod(value: Json): boolean {
  return typeof value === "string" && value.includes("$(");
}

/** What pydantic converts is of the kind too: numbers and switches as texts. Source: the conversion table of pydantic 2. */
const WHOLE = /^\s*[+-]?\d[\d_]*(\.0*)?\s*$/;
/** `8k`, which vLLM writes out before pydantic reads it. */
const WITH_UNIT = /^\d+(\.\d+)?[kmgt]i?$/i;
const SWITCH = /^(0|1|on|off|t|f|true|false|y|n|yes|no)$/i;

interface Kind {
  title: string;
  isMet(value: Json): boolean;
}

const isWhole = (value: Json): boolean =>
  Number.isInteger(numberOf(value)) || (typeof value === "string" && (WHOLE.test(value) || WITH_UNIT.test(value)));
const isText = (value: Json): boolean => typeof value === "string";
const listOf = (isItem: (item: Json) => boolean) => (value: Json) => Array.isArray(value) && value.every(isItem);

const KINDS: Readonly<Record<string, Kind>> = {
  switch: { title: "true or false", isMet: (value) => typeof value !== "object" && SWITCH.test(asText(value)) },
  whole: { title: "a whole number", isMet: isWhole },
  number: {
    title: "a number",
    isMet: (value) => numberOf(value) !== undefined || (typeof value === "string" && isNumeric(value)),
  },
  text: { title: "a text", isMet: isText },
  texts: { title: "a list of texts", isMet: listOf(isText) },
  wholes: { title: "a list of whole numbers", isMet: listOf(isWhole) },
  object: { title: "an object", isMet: (value) => typeof value === "object" && !Array.isArray(value) },
};

function isNumeric(text: string): boolean {
  return /^[+-]?(inf|infinity|nan)$/i.test(text.trim()) || (text.trim() !== "" && !Number.isNaN(Number(text)));
}

/** Pydantic reads a switch as 1 or 0. */
function numberOf(value: Json): number | undefined {
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : undefined;
}

function isOfKind(value: Json, kind: string, limits: readonly Limit[]): boolean {
  const number = numberOf(value);
  return (
    entryOf(KINDS, kind)?.isMet(value) !== false && (number === undefined || limits.every((one) => one.isMet(number)))
  );
}

/** The table of a flag, read when one of its documents is judged for the first time. */
const typesOf = remembering((flag: string): ReadonlyMap<string, readonly ValueType[]> => {
  const types = new Map<string, ValueType[]>();
  for (const [written, keys] of Object.entries(entryOf(KEY_VALUES, flag) ?? {})) {
    const [kind = "", ...more] = written.split(" ");
    const isWord = kind === "word";
    const type = { kind, limits: isWord ? [] : more.map(limitOf), words: isWord ? more.map(readSpan) : [] };
    for (const { name, ...span } of keys.trim().split(/\s+/).map(readSpan))
      types.set(name, [...(types.get(name) ?? []), { ...type, ...span }]);
  }
  return types;
}, 16);

function limitOf(written: string): Limit {
  const bound = Number(written.replace(/^[<>=]+/, ""));
  if (written.startsWith(">=")) return { text: `of at least ${bound}`, isMet: (value) => value >= bound };
  if (written.startsWith("<=")) return { text: `and at most ${bound}`, isMet: (value) => value <= bound };
  return { text: `above ${bound}`, isMet: (value) => value > bound };
}
