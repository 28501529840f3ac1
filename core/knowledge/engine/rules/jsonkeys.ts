import { jsonOf, readJson } from "../../../kubernetes/json.ts";
import { isSlip, nearest } from "../../../kubernetes/nearest.ts";
import type { Release } from "../flags/judge.ts";
import { positionIn, readSpan, releaseNumber, type Span } from "../release.ts";
import { KEYS } from "./keytable.ts";
import type { Broken, Line } from "./rule.ts";
import type { LineJudge } from "./triggers.ts";

const TABLE: readonly (readonly [flag: string, keys: ReadonlyMap<string, Span>])[] = Object.entries(KEYS).map(
  ([flag, text]) => [flag, new Map(text.trim().split(/\s+/).map(keyed))],
);

function keyed(token: string): [string, Span] {
  const { name, ...span } = readSpan(token);
  return [name, span];
}

/**
 * From here on a key that a class does not have is refused; before, it is ignored. Source: `extra="forbid"` of
 * `config`, vllm/config/utils.py.
 */
const STRICT = releaseNumber("0.16.0") ?? 0;

/** Flags whose document must be an object, by the release that no longer reads a number as a level. */
const OBJECTS: readonly (readonly [flag: string, from: string])[] = [
  ["compilation-config", "0.9.2"],
  ["hf-overrides", "0.9.2"],
  ...TABLE.filter(([flag]) => flag !== "compilation-config").map(([flag]) => [flag, "0.8.5"] as const),
];

/**
 * Documents that are not objects, and keys that vLLM does not have. A newer release may have added a key: those are
 * warnings.
 */
export const KEY_JUDGES: readonly LineJudge[] = [
  ...OBJECTS.map(
    ([flag, from]) =>
      (line: Line) =>
        notAnObject(flag, from, line),
  ),
  ...TABLE.map(
    ([flag, keys]) =>
      (line: Line) =>
        unknownKeys(flag, keys, line),
  ),
];

function notAnObject(flag: string, from: string, { text, release }: Line): Broken[] {
  const read = readJson(text(flag));
  if (read === undefined || read === null || jsonOf(text(flag)) !== undefined) return [];
  if (release.number < (releaseNumber(from) ?? 0)) return [];
  const message = `--${flag}: ${text(flag)} is not a JSON object`;
  const isLevel = flag === "compilation-config" && typeof read === "number";
  const fix = isLevel ? `write -O${read}, or {"mode": ${read}}` : "write keys and values in braces";
  return [{ flag, message, fix }];
}

/** Keys that releases have only to refuse them (draftrules.ts). */
const REFUSED: ReadonlySet<string> = new Set(["speculative-config.tensor_parallel_size"]);

function unknownKeys(flag: string, keys: ReadonlyMap<string, Span>, { text, release }: Line): Broken[] {
  return Object.keys(jsonOf(text(flag)) ?? {}).flatMap((key): Broken[] => {
    if (key === "") return [emptyKey(flag, release)];
    if (REFUSED.has(`${flag}.${key}`)) return [];
    // A key with a dot is a key of an inner document.
    const span = keys.get(key.split(".")[0] ?? "");
    if (span !== undefined) return otherRelease(flag, key, span, release);
    const near = nearest(key, [...keys.keys()]);
    const fix = near === undefined || !isSlip(key, near) ? `remove ${key}` : `write ${near} instead of ${key}`;
    const message = `--${flag}: no release of vLLM has the key ${key}`;
    return [{ flag, message, fix, severity: "warning", ...(release.number >= STRICT && { refusedByRelease: true }) }];
  });
}

function emptyKey(flag: string, { number }: Release): Broken {
  const fix = `write the name of the key, as in --${flag}.KEY=VALUE, or remove it`;
  const broken = { flag, message: `--${flag}: the name of a key is empty`, fix };
  return number >= STRICT ? broken : { ...broken, severity: "warning" };
}

/** A key that only earlier or later releases have. */
function otherRelease(flag: string, key: string, span: Span, { text, number }: Release): Broken[] {
  const position = positionIn(span, number);
  if (position === "inside") return [];
  const [message, fix] =
    position === "before"
      ? [
          `does not have the key ${key} yet: it was added in ${span.from}`,
          `remove ${key}, or run vLLM ${span.from} or later`,
        ]
      : [`no longer has the key ${key}: it was removed in ${span.until}`, `remove ${key}`];
  const broken = { flag, message: `--${flag}: vLLM ${text} ${message}`, fix };
  return [number >= STRICT ? broken : { ...broken, severity: "warning" }];
}
