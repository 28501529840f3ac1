import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type Document, isDocument, parseAllDocuments, type ToStringOptions } from "yaml";
import type { Fix, Issue } from "../core/contract/issue.ts";
import { formatIssue } from "../core/contract/issue.ts";
import { formatPath, type Json, type JsonObject } from "../core/kubernetes/json.ts";
import { plan } from "../core/plan.ts";
import { applyEdits, type Edit, editsOf } from "../core/views/fixes/edits.ts";
import type { SourceDocument } from "./input.ts";
import { inputFor, type Request } from "./request.ts";
import type { Terminal } from "./terminal.ts";
import { writeFile } from "./write.ts";
import { readYaml } from "./yaml.ts";

/** Fixes that one service may need: one may show the next. */
const MOST = 100;

/** A service with its errors put right as far as their fixes go, and the edits that did it. */
export interface Fixed {
  document: JsonObject;
  edits: Edit[];
}

/**
 * Plans a service, makes the fixes of its first error that has any, and plans again, until no error has a fix that is not made yet.
 * Warnings are left alone: what they say is not certain.
 */
export function fixed(request: Request, source: SourceDocument): Fixed {
  let { document } = source;
  const edits: Edit[] = [];
  const tried = new Set<string>();
  for (let round = 0; round < MOST; round++) {
    const { issues } = plan(inputFor(request, { ...source, document }));
    const next = issues.find((issue) => isOpen(issue) && !tried.has(formatIssue(issue)));
    if (next === undefined) break;
    tried.add(formatIssue(next));
    for (const fix of next.fixes ?? []) {
      const made = editsOf(document, fix as Fix);
      document = applyEdits(document, made);
      edits.push(...made);
    }
  }
  return { document, edits };
}

function isOpen({ severity, fixes = [] }: Issue): boolean {
  return severity === "error" && fixes.length > 0;
}

/** The file of a document and its place in it; undefined for one that no file holds by itself. */
function placeOf({ source, line }: SourceDocument): { file: string; index: number } | undefined {
  if (line === undefined || source.startsWith("stdin")) return undefined;
  const [, file = source, number] = /^(.*)#(\d+)$/s.exec(source) ?? [];
  return { file, index: number === undefined ? 0 : Number(number) - 1 };
}

/** Writes what was fixed into the files, and tells each change. The services as they now are. */
export function writeFixes(request: Request, terminal: Terminal): SourceDocument[] {
  return request.services.map((source) => {
    const { document, edits } = fixed(request, source);
    if (edits.length === 0) return source;
    const place = placeOf(source);
    const problem = place === undefined ? "it is not in a file of its own" : rewrite(place.file, place.index, edits);
    if (problem !== undefined) {
      terminal.tell([`${source.source}: the fixes cannot be written: ${problem}`]);
      return source;
    }
    terminal.print(edits.map((edit) => `${source.source}: ${shown(edit)}`));
    return { ...source, document };
  });
}

function shown({ at, value }: Edit): string {
  const path = formatPath(at);
  return value === undefined
    ? `removed ${path}`
    : `set ${path} to ${typeof value === "string" ? value : JSON.stringify(value)}`;
}

/** Changes one document of a file; comments and layout stay. What hinders it: then the file stays as it is. */
function rewrite(file: string, index: number, edits: readonly Edit[]): string | undefined {
  const text = readFileSync(file, "utf8");
  const documents = parseAllDocuments(text, { version: "1.1", uniqueKeys: false });
  const all = Array.isArray(documents) ? documents : [];
  const document = all[index];
  const before = mappingIn(text, index);
  if (!isDocument(document) || before === undefined) return "the document cannot be found in the file";
  try {
    for (const edit of edits) change(document as Document, edit);
  } catch {
    return "an alias stands in the way";
  }
  const written = file.endsWith(".json")
    ? `${JSON.stringify(applyEdits(before, edits), null, 2)}\n`
    : all.map((one) => one.toString(layoutOf(text))).join("");
  if (!isDeepStrictEqual(mappingIn(written, index), applyEdits(before, edits)))
    return "the file would come to mean something else";
  writeFile(file, written);
  return undefined;
}

function mappingIn(text: string, index: number): JsonObject | undefined {
  const value: Json | undefined = readYaml(text).documents[index]?.value;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

function change(document: Document, { at, value }: Edit): void {
  if (value === undefined) document.deleteIn(at);
  else document.setIn(at, typeof value === "object" ? document.createNode(value) : value);
}

/** How the file is laid out, so that what is not changed stays as it is. */
function layoutOf(text: string): ToStringOptions {
  const [, indent] = /^( +)[^ #-]/m.exec(text) ?? [];
  const [, key, dash] = /^( *)[^ #-][^\n]*:[ ]*\n( *)- /m.exec(text) ?? [];
  return {
    lineWidth: 0,
    flowCollectionPadding: !/[{[][^\s{}[\]]/.test(text.replace(/#.*$/gm, "")),
    indentSeq: key === undefined || dash === undefined || dash.length > key.length,
    ...(indent !== undefined && indent.length <= 8 && { indent: indent.length }),
  };
}
