import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { isObject, type JsonObject } from "../core/kubernetes/json.ts";

/** One document of the input, with where it was read: `chat.yaml#2`. */
export interface SourceDocument {
  source: string;
  document: JsonObject;
}

/** Input that cannot be read at all: exit code 2, as against 1 for input that is read and refused. */
export class UnreadableInput extends Error {}

const EXTENSIONS = [".yaml", ".yml", ".json"];

/** Reads files, folders (their YAML and JSON files, by name) or `-` for standard input; every document must be a mapping. */
export function readDocuments(paths: readonly string[]): SourceDocument[] {
  return paths.flatMap((path) => {
    if (path === "-") return parse("stdin", readText(0, "standard input"));
    return filesOf(path).flatMap((file) => parse(file, readText(file, file)));
  });
}

function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => EXTENSIONS.some((extension) => name.endsWith(extension)))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    throw new UnreadableInput(
      `${path}: ${(error as NodeJS.ErrnoException).code === "ENOENT" ? "no such file or folder" : String(error)}`,
    );
  }
}

function readText(file: string | number, name: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UnreadableInput(`${name}: ${(error as Error).message}`);
  }
}

function parse(source: string, text: string): SourceDocument[] {
  const documents = parseAllDocuments(text, { prettyErrors: true });
  if (!Array.isArray(documents)) return [];
  const broken = documents.flatMap((document) => document.errors);
  if (broken.length > 0) {
    throw new UnreadableInput(broken.map((error) => `${source}: ${error.message.split("\n")[0]}`).join("\n"));
  }
  return documents.flatMap((parsed, index) => {
    const value: unknown = parsed.toJS();
    if (value === null || value === undefined) return [];
    const name = documents.length > 1 ? `${source}#${index + 1}` : source;
    if (!isObject(value)) throw new UnreadableInput(`${name}: a Kubernetes object was expected, not ${typeof value}`);
    return listItems(value).map((document) => ({ source: name, document }));
  });
}

/** A `kind: List` counts as its items. */
function listItems(value: JsonObject): JsonObject[] {
  return value.kind === "List" && Array.isArray(value.items) ? value.items.filter(isObject) : [value];
}
