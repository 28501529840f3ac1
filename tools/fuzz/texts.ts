import { stringify } from "yaml";
import type { Random } from "./random.ts";

/** Lines that are inserted into a file: kinds of YAML that programs never write, but people do. */
const LINES: readonly string[] = [
  "# a comment",
  "  # an indented comment",
  "---",
  "...",
  "%YAML 1.2",
  "%YAML 1.1",
  "x: &anchor {a: 1}",
  "y: *anchor",
  "z: *nowhere",
  "<<: {a: 1}",
  "<<: [*anchor, {b: 2}]",
  "loop: &loop [*loop]",
  "? complex",
  "? [a, b]\n: c",
  "bin: !!binary aGVsbG8=",
  "own: !custom {a: 1}",
  "set: !!set {a, b}",
  "octal: 0400",
  "yes: on",
  "big: 99999999999999999999999",
  "huge: 1e999",
  "nan: .nan",
  "date: 2026-01-01",
  "sexagesimal: 12:30:45",
  "text: |\n  a\n   b",
  "folded: >-\n  a\n\n  b",
  "\ttab: 1",
  "open: [a, b",
  "open: {a: b",
  "quote: 'a",
  'escape: "\\x41\\u263A\\q"',
  `deep: ${"[".repeat(600)}`,
  `deep: ${"{a: ".repeat(120)}1${"}".repeat(120)}`,
  `long: ${"x".repeat(2_000)}`,
  "~: null key",
  "8080: number key",
  "true: boolean key",
  "__proto__: {a: 1}",
  "constructor: 1",
  "",
  "  ",
  "- item",
];

/** Characters that a file may contain by accident. */
const PIECES: readonly string[] = [
  "\u0000",
  "\ufeff",
  "\u2028",
  "\u0085",
  "\u001b[2J",
  "\u202e",
  "é",
  "💥",
  "\ud800",
  "\r",
  "\t",
  "&a ",
  "*a",
  "!!str ",
  "!!int ",
  "'",
  '"',
  ": ",
  "#",
  "{",
  "}",
  "|",
  ">",
  "@",
  "`",
];

type Edit = (text: string, random: Random) => string;

const EDITS: readonly Edit[] = [
  (text, random) => atLine(text, random, (line) => [random.pick(LINES), line]),
  (text, random) => atLine(text, random, (line) => [indentOf(line) + random.pick(LINES), line]),
  (text, random) => atLine(text, random, (line) => [line, line]),
  (text, random) => atLine(text, random, () => []),
  (text, random) => atLine(text, random, (line) => [` ${line}`]),
  (text, random) => atLine(text, random, (line) => [`${line}  # ${random.below(100)}`]),
  (text, random) => atLine(text, random, (line) => [line.slice(0, random.below(line.length + 1))]),
  (text, random) => atLine(text, random, (line) => [line.replace(/: (.+)$/, ": &a $1")]),
  (text, random) => atLine(text, random, (line) => [line.replace(/: (.+)$/, ": *a")]),
  (text, random) =>
    atLine(text, random, (line) => [line.replace(/: (.+)$/, `: ${random.pick(["~", "on", "010", "[]", "''"])}`)]),
  (text, random) => atCharacter(text, random, random.pick(PIECES)),
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => `\ufeff${text}`,
  (text) => text.replace(/\n+$/, ""),
  (text) => `${text}---\n${text}`,
  (text, random) => text.slice(0, random.below(text.length)),
];

/** The text of a file with some changes below the level of documents. */
export function editedText(text: string, random: Random, count: number): string {
  let edited = text;
  for (let edit = 0; edit < count; edit++) edited = random.pick(EDITS)(edited, random);
  return edited;
}

/** A document in one of the many layouts in which people write YAML, including comments. */
export function writtenText(document: unknown, random: Random): string {
  const options = {
    aliasDuplicateObjects: random.chance(0.3),
    indent: random.pick([2, 4]),
    indentSeq: random.chance(0.5),
    lineWidth: random.pick([0, 40]),
    collectionStyle: random.chance(0.15) ? ("flow" as const) : ("any" as const),
    defaultStringType: random.pick(["PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE"] as const),
    version: "1.1" as const,
  };
  const lines = stringify(document, options).split("\n");
  // A comment line inside of a text of several lines would be part of it, so only lines with a key get one.
  const noted = lines.flatMap((line, index) => {
    const isKey = /^\s*(- )?[A-Za-z]\w*:( [^|>&*'"#]*)?$/.test(line);
    if (!isKey || !random.chance(0.15)) return [line];
    return random.chance(0.5) ? [`${indentOf(line)}# note ${index}`, line] : [`${line} # note ${index}`];
  });
  return noted.join("\n");
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? "";
}

function atLine(text: string, random: Random, change: (line: string) => string[]): string {
  const lines = text.split("\n");
  const index = random.below(lines.length);
  return lines.flatMap((line, at) => (at === index ? change(line) : [line])).join("\n");
}

function atCharacter(text: string, random: Random, piece: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}
