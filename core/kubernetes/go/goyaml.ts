import { isObject, type Json } from "../json.ts";
import { remembering } from "../remember.ts";
import { entryOf } from "../table.ts";
import { isDigit, withoutEnd } from "../text.ts";

/**
 * YAML as Go's sigs.k8s.io/yaml writes it, to the byte: keys in natural order, lists not indented, quotes only where a plain
 * scalar would be read as something else, lines folded at the first space behind column 80. A scheduler's configuration is
 * an argument, so another layout of the same document would restart the scheduler.
 * Source: sigs.k8s.io/yaml v1.6.0 over go.yaml.in/yaml/v2 v2.4.2 (emitterc.go, encode.go, resolve.go, sorter.go).
 */
export function toGoYaml(value: Json): string {
  const json = JSON.stringify(value);
  // JSON has null for the numbers that only YAML has.
  return json.includes("null") ? document(value) : documentOf(json);
}

/** Services repeat the same few configurations, so the last results are kept. */
const documentOf = remembering((json: string) => document(JSON.parse(json) as Json), 32);

function document(value: Json): string {
  return block(value, 0).replace(/^\n/, "");
}

const STEP = 2;
const WIDTH = 80;

/** A node after what it belongs to: on the same line, or below it. */
function block(value: Json | undefined, indent: number): string {
  if (Array.isArray(value)) return value.length === 0 ? " []\n" : `\n${items(value, indent)}`;
  if (isObject(value)) return Object.keys(value).length === 0 ? " {}\n" : `\n${fields(value, indent)}`;
  return ` ${scalar(value, indent + STEP, indent + STEP)}\n`;
}

function items(list: readonly Json[], indent: number): string {
  const pad = " ".repeat(indent);
  // A collection begins on the line of its dash, where its own indentation would be.
  return list.map((item) => `${pad}-${inline(item, indent)}`).join("");
}

function inline(item: Json, indent: number): string {
  const text = block(item, isScalar(item) ? indent : indent + STEP);
  return text.startsWith("\n") ? ` ${text.slice(1 + indent + STEP)}` : text;
}

function isScalar(value: Json): boolean {
  return typeof value !== "object" || value === null;
}

function fields(map: { [key: string]: Json | undefined }, indent: number): string {
  const pad = " ".repeat(indent);
  const keys = Object.keys(map).filter((key) => entryOf(map, key) !== undefined);
  return keys
    .sort(naturally)
    .map((key) => {
      const name = scalar(key, Number.POSITIVE_INFINITY, 0);
      const value = entryOf(map, key);
      if (typeof value === "string")
        return `${pad}${name}: ${scalar(value, indent + name.length + STEP, indent + STEP)}\n`;
      // Lists of a mapping have the indentation of the mapping.
      return `${pad}${name}:${block(value, Array.isArray(value) ? indent : indent + STEP)}`;
    })
    .join("");
}

/** `column`: where the text begins (infinite: it may not be folded); `indent`: where its further lines begin. */
function scalar(value: Json | undefined, column: number, indent: number): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return formatNumber(value);
  const text = String(value);
  if (text.includes("\n") && !isSpecial(text) && !/ (\n|$)/.test(text)) return literal(text, indent);
  if (isSpecial(text) || text.includes("\n") || resolves(text)) return fold(`"${escaped(text)}"`, column, indent);
  if (isPlain(text)) return fold(text, column, indent);
  return fold(`'${text.replaceAll("'", "''")}'`, column, indent);
}

/** Go's %g with the shortest digits, for what is not an integer. */
function formatNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/**
 * Folds at single spaces, but not at the ends or their quotes. Between double quotes a run of spaces can be folded
 * after its first one, because an escape keeps the rest.
 */
function fold(text: string, column: number, indent: number): string {
  if (column === Number.POSITIVE_INFINITY || column + text.length <= WIDTH) return text;
  const characters = [...text];
  const isDouble = text.startsWith('"');
  const edge = /^["']/.test(text) ? 1 : 0;
  let at = column;
  let out = "";
  characters.forEach((character, index) => {
    const isFirst = character === " " && characters[index - 1] !== " ";
    const runs = characters[index + 1] === " ";
    const isInside = index > edge && index < characters.length - 1 - edge;
    if (isFirst && isInside && at > WIDTH && (isDouble || !runs)) {
      out += `\n${" ".repeat(indent)}${runs ? "\\" : ""}`;
      at = indent + (runs ? 1 : 0);
    } else {
      out += character;
      at += 1;
    }
  });
  return out;
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? String(STEP) : "";
  const chomp = text.endsWith("\n") ? (/(^|\n)\n$/.test(text) ? "+" : "") : "-";
  const pad = " ".repeat(indent);
  const lines = text.replace(/\n$/, "").split("\n");
  return `|${hint}${chomp}\n${lines.map((line) => (line === "" ? "" : pad + line)).join("\n")}`;
}

/** Characters that YAML 1.1 cannot print. */
function isSpecial(text: string): boolean {
  return /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u.test(text);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\x85": "\\N",
};

function escaped(text: string): string {
  return [...text]
    .map((character) => {
      if (Object.hasOwn(ESCAPES, character)) return entryOf(ESCAPES, character);
      if (!isSpecial(character)) return character;
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
      if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
      return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
    })
    .join("");
}

const WORDS = /^(y|yes|true|on|n|no|false|off|null|\.nan)$/;
const INTEGER = /^[-+]?(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)$/;
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const BASE_60 = /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[-+]\d{2}:\d{2})?)?$/;

/** Whether a plain scalar would be read as anything other than this text. */
function resolves(text: string): boolean {
  if (text === "" || text === "~" || /^[-+]?\.(inf|Inf|INF)$/.test(text)) return true;
  const isWord = WORDS.test(text.toLowerCase()) && /^(.[a-z]*|[A-Z]+|\.NaN|\.NAN)$/.test(text);
  if (isWord || BASE_60.test(text) || DATE.test(text)) return true;
  const digits = /^[-+\d]/.test(text) ? text.replaceAll("_", "") : text;
  return INTEGER.test(digits) || (FLOAT.test(digits) && Number.isFinite(Number(digits)));
}

function isPlain(text: string): boolean {
  if (/^(---|\.\.\.)/.test(text) || /^ | $/.test(text)) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[-?:]( |$)/.test(text)) return false;
  return !/:( |$)/.test(text) && !/ #/.test(text);
}

const LETTER = /\p{L}/u;

/** Go's order of keys: runs of digits by their value, letters after other characters. */
function naturally(some: string, other: string): number {
  const [a, b] = [[...some], [...other]];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x = "", y = ""] = [a[i], b[i]];
    if (x === y) continue;
    const [xIsLetter, yIsLetter] = [LETTER.test(x), LETTER.test(y)];
    if (xIsLetter && yIsLetter) return x < y ? -1 : 1;
    if (xIsLetter || yIsLetter) return yIsLetter ? -1 : 1;
    return byDigits(a, b, i) || (x < y ? -1 : 1);
  }
  return a.length - b.length;
}

function byDigits(a: readonly string[], b: readonly string[], from: number): number {
  const run = (text: readonly string[]): string => /^\d*/.exec(text.slice(from).join(""))?.[0] ?? "";
  const shared = a.slice(0, from).join("");
  const before = shared.slice(withoutEnd(shared, isDigit).length);
  const isPadded = (a[from] === "0" || b[from] === "0") && /[1-9]/.test(before);
  const value = (digits: string): number => Number(`${isPadded ? "1" : ""}${digits || (isPadded ? "" : "0")}`);
  return value(run(a)) - value(run(b)) || run(a).length - run(b).length;
}
