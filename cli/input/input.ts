import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json, type JsonObject, jsonProblem, typeName } from "../../core/kubernetes/json.ts";
import { decodedText, type Problem } from "../text/decode.ts";
import type { Terminal } from "../text/terminal.ts";
import { readYaml } from "../text/yaml.ts";

/** One document of the input, with its source: `chat.yaml#2`. */
export interface SourceDocument {
  source: string;
  /** Its first line in the file; absent for a document that is not in a file. */
  line?: number;
  /** The index of its item, if it is part of a list of objects. */
  item?: number;
  document: JsonObject;
}

export const NO_SERVICE = "the input contains no LLMInferenceService: pass a file that has one with -f";

/** Input that cannot be read at all: exit code 2, while input that is read and refused has 1. */
export class UnreadableInput extends Error {
  /** One line each. */
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[]) {
    const all = typeof problems === "string" ? [problems] : problems;
    super(all.join("\n"));
    this.problems = all;
  }
}

const EXTENSIONS = [".yaml", ".yml", ".json"];
/** Maximum number of problems or warnings per file. */
const MOST = 20;

/** Reads files, folders (their YAML and JSON files, by name) or `-` for standard input; every document must be a mapping. */
export function readDocuments(paths: readonly string[], terminal: Terminal): SourceDocument[] {
  return paths.flatMap((path) => {
    if (path === "-") return documentsIn("stdin", readText(path, terminal), terminal);
    return filesOf(path).flatMap((file) => documentsIn(file, readText(file, terminal), terminal));
  });
}

/** Reads one file that must contain one document, such as settings or a model's config.json. */
export function readDocument(path: string, expected: string, terminal: Terminal): SourceDocument {
  const [found, ...others] = readDocuments([path], terminal);
  if (found === undefined || others.length > 0) throw new UnreadableInput(`${path}: ${expected} was expected`);
  return found;
}

/** Reads a JSON file that a program wrote; it may be large. */
export function readJson(file: string): unknown {
  const text = textOf(file, () => readFileSync(file));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableInput(`${file}: ${jsonProblem(error)}`);
  }
}

function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => EXTENSIONS.some((extension) => name.endsWith(extension)))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Reads the text of a file, or of standard input for `-`. */
export function readText(file: string, terminal: Terminal): string {
  return file === "-" ? textOf("standard input", terminal.stdin) : textOf(file, () => readFileSync(file));
}

function textOf(name: string, read: () => Uint8Array): string {
  let bytes: Uint8Array;
  try {
    bytes = read();
  } catch (error) {
    throw unreadable(name, error);
  }
  const { text, problems } = decodedText(bytes);
  if (problems.length > 0) throw new UnreadableInput(listed(name, problems));
  return text;
}

function unreadable(name: string, error: unknown): UnreadableInput {
  const { code, message } = error as NodeJS.ErrnoException;
  return new UnreadableInput(`${name}: ${code === "ENOENT" ? "no such file or folder" : message}`);
}

/** The first problems of a file, one per line, and the number of further ones. */
function listed(source: string, problems: readonly Problem[]): string[] {
  const more = problems.length - MOST;
  const lines = problems.slice(0, MOST).map((problem) => at(source, problem));
  return more > 0 ? [...lines, `${source}: ${more} more similar lines`] : lines;
}

function at(source: string, { line, text }: Problem): string {
  return `${source}:${line}: ${text}`;
}

function documentsIn(source: string, text: string, terminal: Terminal): SourceDocument[] {
  const { documents, problems, notes } = readYaml(text);
  if (problems.length > 0) throw new UnreadableInput(listed(source, problems));
  const warnings = notes.map(({ line, text }) => ({ line, text: `warning: ${text}` }));
  terminal.tell(listed(source, warnings));
  return documents.flatMap(({ value, line }, index) => {
    const name = documents.length > 1 ? `${source}#${index + 1}` : source;
    const mapping = (item: Json): SourceDocument => {
      if (isObject(item)) return { source: name, line, document: item };
      throw new UnreadableInput(at(source, { line, text: `a Kubernetes object was expected, not ${typeName(item)}` }));
    };
    if (value === null) return [];
    return itemsOf(value)?.map((item, number) => ({ ...mapping(item), item: number })) ?? [mapping(value)];
  });
}

const LIST = "List";

/**
 * The items of a list of objects (`kind: List`, or that of one kind); undefined for another value. Items of a list of
 * one kind may omit their kind. Source: decodeToList of UnstructuredJSONScheme, k8s.io/apimachinery, as kubectl reads
 * its input.
 */
function itemsOf(value: Json): Json[] | undefined {
  if (!isObject(value) || typeof value.kind !== "string" || !value.kind.endsWith(LIST)) return undefined;
  if (!Array.isArray(value.items)) return undefined;
  const kind = value.kind.slice(0, -LIST.length);
  const own = { ...(value.apiVersion !== undefined && { apiVersion: value.apiVersion }), kind };
  const isBare = (item: Json): item is JsonObject =>
    isObject(item) && item.kind === undefined && item.apiVersion === undefined;
  return value.items.map((item) => (kind !== "" && isBare(item) ? { ...own, ...item } : item));
}
