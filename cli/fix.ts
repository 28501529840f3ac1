import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Fix, Issue } from "../core/contract/issues/issue.ts";
import { formatIssue } from "../core/contract/issues/issue.ts";
import { credentialsIn, masked, withoutCredentials } from "../core/knowledge/masked.ts";
import {
  asText,
  formatPath,
  isObject,
  itemAt,
  type Json,
  type JsonObject,
  objectOf,
  type PathStep,
} from "../core/kubernetes/json.ts";
import { bareStep, pathSteps } from "../core/kubernetes/path.ts";
import { plan } from "../core/plan.ts";
import { applyEdits, editsOf, renamedEdits, writtenFix } from "../core/stages/check/fixes/edits.ts";
import { type Edit, locate } from "../core/stages/check/fixes/place.ts";
import type { SourceDocument } from "./input/input.ts";
import { inputFor, type Request } from "./input/request.ts";
import { writeFile } from "./input/write.ts";
import { editedText, valuesIn } from "./text/editing/edited.ts";
import { writtenTexts } from "./text/editing/written.ts";
import type { Terminal } from "./text/terminal.ts";
import { shortened } from "./text/text.ts";

/** Maximum number of fixes for one service, because one may reveal the next. */
const MOST = 100;

/** A service after the fixes of its errors, and what each error's fixes changed. */
interface Fixed {
  document: JsonObject;
  changes: Change[];
}

/**
 * Plans a service, applies the fixes of its first error that has any, and plans again, until no error has a fix that
 * was not applied. Warnings are left alone, because they are not certain.
 */
function fixed(request: Request, source: SourceDocument): Fixed {
  let { document } = source;
  const changes: Change[] = [];
  const tried = new Set<string>();
  for (let round = 0; round < MOST; round++) {
    const { issues } = plan(inputFor(request, { ...source, document }));
    const next = issues.find((issue) => isOpen(issue) && !tried.has(formatIssue(issue)));
    if (next === undefined) break;
    tried.add(formatIssue(next));
    const change = withFixes(document, fixesOf(next, document, source));
    document = change.document;
    if (change.edits.length > 0) changes.push({ path: next.path, ...change });
  }
  return { document, changes };
}

/** What the fixes of one error change together. */
interface Change {
  /** The path of the error. */
  path: string;
  /** The service after it. */
  document: JsonObject;
  edits: Edit[];
  /** What it changes, as it is printed. */
  made: string[];
}

function withFixes(document: JsonObject, [fix, ...rest]: readonly Fix[]): Omit<Change, "path"> {
  if (fix === undefined) return { document, edits: [], made: [] };
  const [next, ...others] = rest;
  const renamed = next && renamedEdits(document, fix, next);
  const edits = renamed ?? editsOf(document, fix);
  const after = applyEdits(document, edits);
  const later = withFixes(after, renamed ? others : rest);
  if (isDeepStrictEqual(after, document)) return later;
  const made = renamed ? [renamedFlag(document, fix, next)] : shown(document, fix, edits);
  return { document: later.document, edits: [...edits, ...later.edits], made: [...made, ...later.made] };
}

/** The fixes of an issue of a config are changes of that config, which is another document. */
function isOpen(issue: Issue): boolean {
  const { severity, layer, fixes = [] } = issue;
  return severity === "error" && (fixes.length > 0 || isUnquoted(issue)) && !layer.startsWith("config ");
}

/** Whether a text is to be put in quotes as it is written, which only its file tells. */
function isUnquoted({ code, fix, fixes = [] }: Issue): boolean {
  return code === "WrongType" && fixes.length === 0 && fix?.startsWith("put it in quotes") === true;
}

function fixesOf(issue: Issue, document: JsonObject, source: SourceDocument): readonly Fix[] {
  const place = placeOf(source);
  if (!isUnquoted(issue) || place === undefined) return issue.fixes ?? [];
  const { at, isThere } = locate(document, pathSteps(issue.path));
  // A fix before may have moved the items of the list.
  const holder = at.slice(0, -1);
  if (!isThere || !isDeepStrictEqual(itemAt(document, holder), itemAt(source.document, holder))) return [];
  const value = writtenTexts(readFileSync(place.file, "utf8"), place.index)([...place.above, ...at]);
  return value === undefined ? [] : [{ path: issue.path, value }];
}

/** The file of a document and its place in it; undefined for a document that is not in a file by itself. */
function placeOf({ source, line, item }: SourceDocument): PlaceInFile | undefined {
  if (line === undefined || source.startsWith("stdin")) return undefined;
  const [, file = source, number] = /^(.*)#(\d+)$/s.exec(source) ?? [];
  const index = number === undefined ? 0 : Number(number) - 1;
  return { file, index, above: item === undefined ? [] : ["items", item] };
}

interface PlaceInFile {
  file: string;
  index: number;
  /** The position of the document in the file's: the whole of it, or an item of a list. */
  above: readonly PathStep[];
}

/** Writes the fixes into the files, and prints each change. Returns the services after them. */
export function writeFixes(request: Request, terminal: Terminal): SourceDocument[] {
  return request.services.map((source) => {
    const { document, changes } = fixed(request, source);
    if (changes.length === 0) return source;
    const place = placeOf(source);
    const result = place === undefined ? "it was not read from a separate file" : rewrite(place, changes);
    if (typeof result === "string") {
      terminal.tell([`${source.source}: the fixes cannot be written: ${result}`]);
      return source;
    }
    // A value may be the credential that it is only once its field is right.
    const hidden = [source.document, document].flatMap(credentialsIn);
    const shownOf = (change: string): string => withoutHiddenQuotes(withoutCredentials(change, hidden));
    const made = result.made.flatMap((change) => change.made);
    terminal.print(made.map((change) => `${source.source}: ${shownOf(change)}`));
    terminal.tell(result.left.map(({ path }) => `${source.source}: the fix of ${path} ${LEFT}`));
    terminal.tell(result.waiting.map(({ path }) => `${source.source}: the fix of ${path} ${WAITING}`));
    return { ...source, document: result.document };
  });
}

const LEFT = "cannot be written without a comment, a YAML alias or a tag being lost: write it by hand";
const WAITING = "depends on one that cannot be written: run validate --fix again when that is done";

/** A change of a credential's type, without the two values that are not shown. */
function withoutHiddenQuotes(change: string): string {
  return change
    .replace(/^set (.+) to "\[secret\]", which was \[secret\]$/, "put $1 in quotes")
    .replace(/^set (.+) to \[secret\], which was "\[secret\]"$/, "removed the quotes of $1");
}

/** Maximum length of a value that is printed. */
const WIDEST = 100;

/** The changes of one fix: where the document writes the value, and what is lost. */
function shown(document: JsonObject, fix: Fix, edits: readonly Edit[]): string[] {
  if (edits.length === 0) return [];
  const { path, value } = writtenFix(document, fix);
  const removals = edits.filter((edit) => edit.value === undefined);
  const isOnlyLess = edits.every((edit) => edit.value === undefined || isThere(document, edit));
  if (value !== undefined && isOnlyLess) return removals.map(({ at }) => lostAt(formatPath(at), document, [at]));
  if (value !== undefined) {
    const undone = removals.filter(({ at }) => isUnset(at)).map(({ at }) => lostAt(formatPath(at), document, [at]));
    return [`set ${path} to ${newText(document, path, value)}`, ...undone];
  }
  const added = edits.flatMap(({ at, value: words }) =>
    words === undefined ? [] : [`added ${[words].flat().map(asText).join(", ")} to ${formatPath(listOf(at))}`],
  );
  // A flag is removed from the end of its list.
  const places = removals.map(({ at }) => at).reverse();
  return places.length === 0 ? added : [lostAt(path, document, places), ...added];
}

/** A flag that got another name or form in its place. */
function renamedFlag(document: JsonObject, removal: Fix, { path, value }: Fix): string {
  const places = editsOf(document, removal).map(({ at }) => at);
  return `set ${path} to ${textOf(value ?? null, nameIn(path))} in place of ${lostText(removal.path, document, places.reverse())}`;
}

/** A new value; for one that differs from the current one only in its type, both as YAML writes them. */
function newText(document: JsonObject, path: string, value: Json): string {
  const name = nameIn(path);
  const before = itemAt(document, locate(document, pathSteps(path)).at);
  const isOtherType = isScalar(before) && typeof before !== typeof value && asText(before) === asText(value);
  if (!isOtherType) return textOf(value, name);
  const [was, is] = [before, value].map((one) => JSON.stringify(masked(one, name)));
  return `${is}, which was ${was}`;
}

/** Whether a document has the value of an edit already. */
function isThere(document: JsonObject, { at, value }: Edit): boolean {
  return isDeepStrictEqual(itemAt(document, at), value);
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return value !== undefined && value !== null && typeof value !== "object";
}

/** The list of a place that may be one of its items. */
function listOf(at: readonly PathStep[]): readonly PathStep[] {
  return typeof at.at(-1) === "number" ? at.slice(0, -1) : at;
}

/** A place in `unset` or `unsetArgs`, or a `$patch`: what a document must not do to a value that it sets. */
function isUnset(at: readonly PathStep[]): boolean {
  return at.at(-1) === "$patch" || at.includes("unset") || at.includes("unsetArgs");
}

function lostAt(path: string, document: JsonObject, places: readonly (readonly PathStep[])[]): string {
  return `removed ${path}, which was ${lostText(path, document, places)}`;
}

function lostText(path: string, document: JsonObject, places: readonly (readonly PathStep[])[]): string {
  const lost = places.map((at) => itemAt(document, at) ?? null);
  const value = masked(lost.length === 1 ? (lost[0] ?? null) : lost, nameIn(path));
  const isWords = Array.isArray(value) && value.every((word) => typeof word === "string");
  return textOf(isWords ? value.join(" ") : value);
}

/** The name of the flag or field at the end of a path. */
function nameIn(path: string): string {
  return bareStep(pathSteps(path).at(-1) ?? "");
}

function textOf(value: Json, name = ""): string {
  const safe = masked(value, name);
  return shortened(typeof safe === "string" ? safe : JSON.stringify(safe), WIDEST);
}

/** What was written into a file, and what must be written by hand. */
interface Rewritten {
  document: JsonObject;
  made: Change[];
  left: Change[];
  /** What the left ones decide. */
  waiting: Change[];
}

/**
 * Changes one document of a file; comments and layout stay. Returns the reason if it cannot be changed at all; then the
 * file stays as it is.
 */
function rewrite({ file, index, above }: PlaceInFile, changes: readonly Change[]): Rewritten | string {
  const bytes = readFileSync(file, "utf8");
  // Byte order marks are not part of the text, and stay.
  const [mark = ""] = BYTE_ORDER_MARKS.exec(bytes) ?? [];
  const given = bytes.slice(mark.length);
  // Windows line ends are converted for the edit, and restored afterwards.
  const isWindows = given.includes("\r\n");
  const text = isWindows ? given.replaceAll("\r\n", "\n") : given;
  const before = valuesIn(text);
  const document = before?.[index];
  if (before === undefined || !isObject(document)) return "the document cannot be found in the file";
  const target = { index, isJson: file.endsWith(".json") };
  let [written, wanted]: [string, JsonObject] = [text, document];
  const [made, left, waiting]: [Change[], Change[], Change[]] = [[], [], []];
  for (const change of changes) {
    const edits = change.edits.map((edit): Edit => ({ ...edit, at: [...above, ...edit.at] }));
    const isFree = ![...left, ...waiting].some((one) => decides(one, change));
    const next = isFree ? editedText(written, target, edits) : undefined;
    (isFree ? (next === undefined ? left : made) : waiting).push(change);
    if (next !== undefined) [written, wanted] = [next, applyEdits(wanted, edits)];
  }
  if (!isDeepStrictEqual(valuesIn(written), before.with(index, wanted)))
    return "the change would alter other values in the file";
  if (made.length > 0) writeFile(file, mark + (isWindows ? written.replaceAll("\n", "\r\n") : written));
  return { document: objectOf(itemAt(wanted, above)), made, left, waiting };
}

/** Whether a change may mean something else without an earlier one, because both concern the same field or list. */
function decides(earlier: Change, { edits }: Change): boolean {
  const isWithin = (inner: readonly PathStep[], outer: readonly PathStep[]): boolean =>
    outer.every((step, i) => step === inner[i]);
  return earlier.edits.some(({ at }) => {
    const item = at.findIndex((step) => typeof step === "number");
    const place = item < 0 ? at : at.slice(0, item);
    return edits.some((edit) => isWithin(edit.at, place) || isWithin(place, edit.at));
  });
}

const BYTE_ORDER_MARKS = /^\ufeff+/;
