import { releaseNumber } from "../engine/release.ts";

/**
 * Releases of the endpoint picker, which two projects publish: llm-d, and the extension of the Gateway API from which
 * it came.
 */
type Family = "llm-d" | "gie";

export interface SchedulerRelease {
  family: Family;
  /** The usual form, such as 0.9.0. */
  text: string;
  number: number;
}

interface ImageFamily {
  family: Family;
  name: RegExp;
  title: string;
  /** The first and the last release of the tables, as MAJOR.MINOR. */
  known: readonly [string, string];
}

const FAMILIES: readonly ImageFamily[] = [
  {
    family: "llm-d",
    name: /(^|\/)llm-d\/llm-d-(inference-scheduler|router-endpoint-picker)$/,
    title: "llm-d's scheduler",
    known: ["0.2", "0.10"],
  },
  {
    family: "gie",
    name: /(^|\/)gateway-api-inference-extension\/epp$/,
    title: "the endpoint picker of the Gateway API inference extension",
    known: ["0.5", "1.5"],
  },
];

/**
 * The release of a scheduler's image, by its name and tag; undefined if they do not identify it, or if it is not in the
 * tables.
 */
export function schedulerRelease(image: string): SchedulerRelease | undefined {
  const [reference = ""] = image.split("@");
  const colon = reference.lastIndexOf(":");
  const hasTag = colon > reference.lastIndexOf("/");
  const [name, tag] = hasTag ? [reference.slice(0, colon), reference.slice(colon + 1)] : [reference, ""];
  const found = FAMILIES.find((one) => one.name.test(name));
  const [, text] = /^v?(\d+\.\d+(?:\.\d+)?)/.exec(tag) ?? [];
  if (found === undefined || text === undefined) return undefined;
  const number = releaseNumber(text) ?? 0;
  const [first, last] = found.known.map((one) => releaseNumber(one) ?? 0) as [number, number];
  // A patch of the last minor release is known, the next minor release is not.
  const isKnown = number >= first && number < last + 1_000_000;
  return isKnown ? { family: found.family, text, number } : undefined;
}

/** A release of llm-d's scheduler that is known by its number, which may be later than those of the tables. */
export function llmdRelease(text: string): SchedulerRelease | undefined {
  const number = releaseNumber(text);
  return number === undefined ? undefined : { family: "llm-d", text, number };
}

/** The name of a release for people. */
export function titleOf({ family, text }: SchedulerRelease): string {
  return `${FAMILIES.find((one) => one.family === family)?.title} ${text}`;
}

/** The releases of each family that have something, from and until. Undefined: the family never had it. */
export interface Spans {
  spans: Readonly<Partial<Record<Family, { from?: string; until?: string }>>>;
}

/** Reads the words `FAMILY@FROM-UNTIL` among others. */
export function spansOf(words: readonly string[]): Spans {
  const spans = words.flatMap((word) => {
    const [, family, from, until] = /^(llm-d|gie)@([\d.]*)-([\d.]*)$/.exec(word) ?? [];
    return family === undefined ? [] : [[family, { ...(from && { from }), ...(until && { until }) }] as const];
  });
  return { spans: Object.fromEntries(spans) };
}

/** The verdict for a release: it has something, does not have it yet, no longer has it, or its family never had it. */
export type Standing = { is: "there" | "never" } | { is: "gone"; since: string } | { is: "later"; from: string };

export function standingOf({ spans }: Spans, { family, number }: SchedulerRelease): Standing {
  const span = spans[family];
  if (span === undefined) return { is: "never" };
  const { from, until } = span;
  if (from !== undefined && number < (releaseNumber(from) ?? 0)) return { is: "later", from };
  if (until !== undefined && number >= (releaseNumber(until) ?? 0)) return { is: "gone", since: until };
  return { is: "there" };
}
