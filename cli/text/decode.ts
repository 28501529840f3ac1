import { isUtf8 } from "node:buffer";

/** A problem on a line of a text; lines are counted from 1. */
export interface Problem {
  line: number;
  text: string;
}

/** The text of a file, which must be UTF-8 with characters that YAML or JSON permits. A byte order mark is left out. */
export function decodedText(bytes: Uint8Array): { text: string; problems: Problem[] } {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { text: "", problems: [{ line: 1, text: "the file is UTF-16 — save it as UTF-8" }] };
  }
  // A TextDecoder would do the same, but creating it takes longer than a plan.
  if (!isUtf8(bytes)) {
    const problem = "the line contains bytes that are not UTF-8 — save the file as UTF-8";
    return { text: "", problems: [{ line: brokenLine(bytes), text: problem }] };
  }
  const text = Buffer.from(bytes)
    .toString("utf8")
    .replace(/^\ufeff/, "");
  return { text, problems: forbidden(text) };
}

/** The first line with bytes that are not UTF-8: in UTF-8 only the line break itself contains its byte. */
function brokenLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (!isUtf8(bytes.subarray(start, end < 0 ? bytes.length : end))) return line;
    if (end < 0) break;
    start = end + 1;
  }
  return line;
}

/** Control characters, which neither YAML nor JSON permits in a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the rule is about
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f]/g;
/** Those, and characters that JSON permits in texts but YAML does not, and the line breaks of YAML 1.1. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the rule is about
const CONTROLS_AND_OTHERS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\u2028\u2029]/g;
/** Line breaks in YAML 1.1, and so in kubectl; plain characters in YAML 1.2 and JSON. */
const BREAKS = ["\x85", "\u2028", "\u2029"];

function forbidden(text: string): Problem[] {
  const isJson = /^\s*\{/.test(text);
  const pattern = isJson ? CONTROLS : CONTROLS_AND_OTHERS;
  let [line, from] = [1, 0];
  return [...text.matchAll(pattern)].map(({ 0: character, index }) => {
    line += text.slice(from, index).split("\n").length - 1;
    from = index;
    const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    const fix = `write it as an escape sequence in a double-quoted string: "\\u${code.slice(2).toLowerCase()}"`;
    if (!BREAKS.includes(character)) return { line, text: `the control character ${code} is not allowed — ${fix}` };
    return { line, text: `${code} ends the line for kubectl, but not for YAML 1.2 parsers — ${fix}` };
  });
}
