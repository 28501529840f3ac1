import { isDeepStrictEqual } from "node:util";
import { type Node, Parser, visit } from "yaml";
import { isObject, itemAt, type Json, type JsonObject, type PathStep } from "../../../core/kubernetes/json.ts";
import { entryOf } from "../../../core/kubernetes/table.ts";
import { applyEdits } from "../../../core/stages/check/fixes/edits.ts";
import type { Edit } from "../../../core/stages/check/fixes/place.ts";
import { readYaml } from "../yaml.ts";
import { commentsIn, documentsOf, nodeAt } from "./parsed.ts";
import { layoutOf, type Moved } from "./render.ts";
import { aboveOf, type Editing, renameSplice, type Splice, valueSplice } from "./splices.ts";

/** The document of a file that is edited. */
export interface Target {
  /** Its position among the documents of the file. */
  index: number;
  isJson: boolean;
}

/** The documents of a text; undefined if it cannot be read. */
export function valuesIn(text: string): Json[] | undefined {
  const { documents, problems } = readYaml(text);
  return problems.length > 0 ? undefined : documents.map(({ value }) => value);
}

/**
 * The text with the edits of one fix: only the parts that they change are written anew. A key that gets another name
 * keeps its place, and a value that is moved keeps its comments. Undefined if the text cannot be changed so, as where an
 * alias stands for the value.
 */
export function editedText(text: string, target: Target, edits: readonly Edit[]): string | undefined {
  const before = valuesIn(text)?.[target.index];
  if (!isObject(before)) return undefined;
  const wanted = applyEdits(before, edits);
  const isRight = (edited: string | undefined): edited is string =>
    edited !== undefined && isDeepStrictEqual(valuesIn(edited)?.[target.index], wanted) && hasComments(edited, text);
  const moves = applied(text, target, before, edits, true);
  if (isRight(moves)) return moves;
  const plain = applied(text, target, before, edits, false);
  return isRight(plain) ? plain : undefined;
}

/** Whether a text still has every comment. */
function hasComments(edited: string, text: string): boolean {
  const left = textsOfComments(edited);
  return textsOfComments(text).every((comment) => {
    const at = left.indexOf(comment);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function textsOfComments(text: string): string[] {
  return commentsIn([...new Parser().parse(text)]).map((comment) => comment.text.trim());
}

interface Step {
  at: readonly PathStep[];
  value?: Json;
  /** The new name of a key. */
  name?: string;
}

function applied(
  text: string,
  target: Target,
  before: JsonObject,
  edits: readonly Edit[],
  isMoving: boolean,
): string | undefined {
  const moved = isMoving ? movedBy(editingOf(text, target, []), before, edits) : new Map<string, Moved>();
  let [now, value]: [string | undefined, JsonObject] = [text, before];
  for (const step of stepsOf(before, edits)) {
    if (now === undefined) return undefined;
    const steps = step.name === undefined ? smaller(value, step) : [step];
    if (step.name !== undefined) keepAbove(moved, step.at);
    for (const one of steps) {
      now = now === undefined ? undefined : withStep(now, target, one, moved);
      value = afterStep(value, one);
    }
  }
  return now;
}

/** A key that gets another name keeps the comment above it, so a field in its value does not get that too. */
function keepAbove(moved: Map<string, Moved>, at: readonly PathStep[]): void {
  const found = moved.get(keyOfPlace(at));
  if (found === undefined) return;
  const { above: _stays, ...value } = found;
  moved.set(keyOfPlace(at), value);
}

function afterStep(value: JsonObject, { at, value: set, name }: Step): JsonObject {
  if (name === undefined) return applyEdits(value, [{ at, ...(set !== undefined && { value: set }) }]);
  return applyEdits(value, [{ at }, { at: [...at.slice(0, -1), name], value: itemAt(value, at) ?? null }]);
}

function editingOf(text: string, { index, isJson }: Target, moved: readonly Moved[]): Editing | undefined {
  const document = documentsOf(text)[index];
  const comments = commentsIn([...new Parser().parse(text)]);
  return document && { text, document, layout: layoutOf(text, isJson), comments, moved };
}

function withStep(text: string, target: Target, step: Step, moved: ReadonlyMap<string, Moved>): string | undefined {
  const editing = editingOf(text, target, [...moved.values()]);
  if (editing === undefined) return undefined;
  const { at, value, name } = step;
  const isMove = value === undefined && moved.has(keyOfPlace(at));
  const splice: Splice | undefined =
    name === undefined ? valueSplice({ ...editing, isMove }, at, value) : renameSplice(editing, at, name);
  return splice && text.slice(0, splice.from) + splice.text + text.slice(splice.to);
}

function keyOfPlace(at: readonly PathStep[]): string {
  return JSON.stringify(at);
}

/** What a fix removes and sets at another place, by its place. */
function movedBy(editing: Editing | undefined, before: JsonObject, edits: readonly Edit[]): Map<string, Moved> {
  const moved = new Map<string, Moved>();
  const add = (at: readonly PathStep[], key?: string): boolean => {
    const value = itemAt(before, at);
    const node = editing && nodeAt(editing.document, at)?.node;
    const isThere = edits.some(
      (edit) => edit.value !== undefined && value !== undefined && contains(edit.value, value),
    );
    // An alias cannot be written without its anchor.
    if (!editing || !isThere || value === undefined || node === undefined || hasAlias(node)) return false;
    moved.set(keyOfPlace(at), { value, node, ...(key !== undefined && { key }), ...commentAbove(editing, at, node) });
    return true;
  };
  for (const { at, value: set } of edits) {
    if (set !== undefined || add(at)) continue;
    // The fields of an object may go to another level one by one.
    const whole = itemAt(before, at);
    const names = isObject(whole) ? Object.keys(whole) : [];
    const node = editing && nodeAt(editing.document, at)?.node;
    if (node && whole !== undefined && names.length > 0 && names.every((name) => add([...at, name], name)))
      moved.set(keyOfPlace(at), { value: whole, node });
  }
  return moved;
}

function hasAlias(node: Node): boolean {
  let found = false;
  visit(node, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function commentAbove(editing: Editing, at: readonly PathStep[], node: Node): { above?: string } {
  const start = editing.text.lastIndexOf(String(at.at(-1)), node.range?.[0]);
  const { comment } = aboveOf(editing, start);
  return comment === undefined ? {} : { above: comment };
}

function contains(value: Json, inner: Json): boolean {
  if (isDeepStrictEqual(value, inner)) return true;
  if (Array.isArray(value)) return value.some((item) => contains(item, inner));
  return isObject(value) && Object.values(value).some((item) => contains(item ?? null, inner));
}

/** The edits in their order; a field that is removed and set under another name next to it gets that name. */
function stepsOf(before: JsonObject, edits: readonly Edit[]): Step[] {
  const renames = new Map<Edit, Edit>();
  for (const edit of edits) {
    const value = itemAt(before, edit.at);
    if (edit.value !== undefined || value === undefined || typeof edit.at.at(-1) !== "string") continue;
    const isNew = (one: Edit): boolean =>
      one.value !== undefined && !renames.has(one) && isNextTo(one, edit) && itemAt(before, one.at) === undefined;
    const to =
      edits.find((one) => isNew(one) && isDeepStrictEqual(one.value, value)) ??
      edits.find((one) => isNew(one) && contains(one.value ?? null, value));
    if (to !== undefined) renames.set(to, edit);
  }
  const removed = new Set(renames.values());
  return edits.flatMap((edit): Step[] => {
    const from = renames.get(edit);
    if (from === undefined) return removed.has(edit) ? [] : [edit];
    return [{ at: from.at, name: String(edit.at.at(-1)) }, edit];
  });
}

function isNextTo(one: Edit, other: Edit): boolean {
  return isDeepStrictEqual(one.at.slice(0, -1), other.at.slice(0, -1)) && one.at.length > 0;
}

/** The parts of a value that differ from the current one, so that the rest of its text stays. */
function smaller(document: Json, { at, value }: Step): Step[] {
  const before = itemAt(document, at);
  if (value === undefined || before === undefined) return [{ at, ...(value !== undefined && { value }) }];
  if (isDeepStrictEqual(before, value)) return [];
  if (Array.isArray(before) && Array.isArray(value) && before.length > 0 && value.length > 0)
    return smallerInList(document, at, before, value);
  if (!isObject(before) || !isObject(value) || Object.keys(before).length === 0) return [{ at, value }];
  const names = [...new Set([...Object.keys(value), ...Object.keys(before)])];
  if (Object.keys(value).length === 0) return [{ at, value }];
  return names.flatMap((name) => {
    const [own, next] = [[...at, name], entryOf(value, name)];
    return next === undefined ? [{ at: own }] : smaller(document, { at: own, value: next });
  });
}

function smallerInList(
  document: Json,
  at: readonly PathStep[],
  before: readonly Json[],
  value: readonly Json[],
): Step[] {
  const shorter = Math.min(before.length, value.length);
  const isSame = (i: number, j: number): boolean => isDeepStrictEqual(before.at(i), value.at(j));
  let head = 0;
  while (head < shorter && isSame(head, head)) head++;
  let tail = 0;
  while (tail < shorter - head && isSame(-1 - tail, -1 - tail)) tail++;
  const both = shorter - head - tail;
  const changed = Array.from({ length: both }, (_, i) =>
    smaller(document, { at: [...at, head + i], value: value[head + i] ?? null }),
  ).flat();
  const lost = before.length - tail - head - both;
  const removed = Array.from({ length: lost }, (_, i): Step => ({ at: [...at, head + both + lost - 1 - i] }));
  const more = value.slice(head + both, value.length - tail);
  if (more.length > 0 && tail > 0) return [{ at, value: [...value] }];
  return [...changed, ...removed, ...more.map((item, i): Step => ({ at: [...at, head + both + i], value: item }))];
}
