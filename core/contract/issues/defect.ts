import { PACKAGE } from "../version.ts";

/** Exceptions that only a mistake in code raises; exceptions of other names are addressed to the user. */
const MISTAKES: ReadonlySet<string> = new Set(["TypeError", "RangeError", "ReferenceError", "SyntaxError", "URIError"]);
/**
 * Messages of these exceptions contain identifiers only; those of the others may quote the input, which may hold
 * secrets.
 */
const WITHOUT_INPUT: ReadonlySet<string> = new Set(["TypeError", "RangeError", "ReferenceError"]);
const MOST_FRAMES = 8;

/** A place in code, as a stack trace names it. */
export interface Frame {
  name: string;
  file: string;
  position: string;
}

export interface Circumstances {
  /** The folder, or the bundled file, that holds this package's code. */
  root: string;
  /** What was running, as part of a sentence: `the plan of chat`. */
  during: string;
  node: string;
}

/**
 * The report of an exception that this package raised by mistake; undefined for every other exception. An exception
 * is a mistake of this package when it has one of JavaScript's own kinds and the innermost code that is not a library's
 * is below `root`: a program's own code may run inside of a component too. Neither the input nor a path of the machine
 * is quoted.
 */
export function describeDefect(error: unknown, { root, during, node }: Circumstances): string | undefined {
  if (!(error instanceof Error) || !MISTAKES.has(error.name)) return undefined;
  const frames = framesOf(error.stack ?? "");
  const innermost = frames.find(({ file }) => file.startsWith(root) || !isLibrary(file));
  if (innermost === undefined || !innermost.file.startsWith(root)) return undefined;
  const own = frames.filter(({ file }) => file.startsWith(root)).slice(0, MOST_FRAMES);
  const lines = own.map(({ name, file, position }) => `    at ${name} (${relativeTo(root, file)}:${position})`);
  return [
    `this is a bug in ${PACKAGE.name} ${PACKAGE.version}, not in your program: ${summaryOf(error)} during ${during}`,
    `Please report it with these lines, the version of Node.js (${node}) and the input without its secrets.`,
    ...lines,
  ].join("\n");
}

function summaryOf({ name, message }: Error): string {
  if (!WITHOUT_INPUT.has(name)) return name;
  return `${name}: ${message.replaceAll(/"[^"]*"|'[^']*'/g, (quoted) => (isIdentifier(quoted.slice(1, -1)) ? quoted : "'…'"))}`;
}

/** A name such as this package's own code has; tokens and passwords have other characters. */
function isIdentifier(text: string): boolean {
  return /^[a-z][A-Za-z]{0,30}$/.test(text);
}

/** The frames of a stack trace as V8 writes it: `at NAME (FILE:LINE:COLUMN)`, or `at FILE:LINE:COLUMN`. Innermost first. */
export function framesOf(stack: string): Frame[] {
  return stack.split("\n").flatMap((line): Frame[] => {
    const text = line.trim();
    if (!text.startsWith("at ")) return [];
    const open = text.endsWith(")") ? text.lastIndexOf(" (") : -1;
    const name = open < 0 ? "" : text.slice("at ".length, open);
    const place = (open < 0 ? text.slice("at ".length) : text.slice(open + 2, -1)).replace(/^file:\/\//, "");
    const [row, column] = place.split(":").slice(-2);
    if (!/^\d+$/.test(row ?? "") || !/^\d+$/.test(column ?? "")) return [];
    const position = `${row}:${column}`;
    return [{ name: name || "(anonymous)", file: place.slice(0, -position.length - 1), position }];
  });
}

function isLibrary(file: string): boolean {
  return file.startsWith("node:") || file.includes("/node_modules/") || file.includes("\\node_modules\\");
}

function relativeTo(root: string, file: string): string {
  return file === root ? (file.split(/[\\/]/).at(-1) ?? "") : file.slice(root.length).replace(/^[\\/]/, "");
}
