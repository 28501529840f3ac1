import type { ASTNode } from "@marcbachmann/cel-js";
import { entryOf, tableOf } from "../table.ts";

/** A replacement for a part of an expression's text. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * An expression of Kubernetes as the library reads it: fields by the names that they have in objects, `has` of any
 * operand (the library only accepts a chain of names), and `functions` by other names.
 */
export function translated(ast: ASTNode, functions: Readonly<Record<string, string>>): string {
  const edits = editsOf(ast, functions).sort((one, other) => other.start - one.start);
  return edits.reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), ast.input);
}

function editsOf(node: ASTNode, functions: Readonly<Record<string, string>>): Edit[] {
  const [own, parts] = hasEdits(node) ?? [ownEdits(node, functions), partsOf(node)];
  return [...own, ...parts.flatMap((part) => editsOf(part, functions))];
}

/** `has(a.b)` as `hasField(a, "b")`, and the operand that remains to be translated. */
function hasEdits({ op, args, start, input }: ASTNode): [Edit[], ASTNode[]] | undefined {
  if (op !== "call" || args[0] !== "has") return undefined;
  const [field, ...others] = args[1];
  if (field?.op !== "." || others.length > 0) return undefined;
  const [operand, name] = field.args;
  const dot = input.lastIndexOf(".", field.end - name.length);
  const edits = [
    { start, end: start + "has".length, text: "hasField" },
    { start: dot, end: field.end, text: `, ${JSON.stringify(unescaped(name))}` },
  ];
  return [edits, [operand]];
}

function ownEdits({ op, args, start, end, input }: ASTNode, functions: Readonly<Record<string, string>>): Edit[] {
  if (op === "." || op === ".?") {
    const name = unescaped(args[1]);
    const dot = input.lastIndexOf(".", end - args[1].length);
    const text = `[${op === ".?" ? "?" : ""}${JSON.stringify(name)}]`;
    return name === args[1] ? [] : [{ start: dot, end, text }];
  }
  if (op !== "call" && op !== "rcall") return [];
  const text = entryOf(functions, args[0]);
  const at = op === "call" ? start : input.indexOf(args[0], args[1].end);
  return text === undefined ? [] : [{ start: at, end: at + args[0].length, text }];
}

function partsOf({ args }: ASTNode): ASTNode[] {
  return [args].flat(3).filter(isNode);
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === "object" && part !== null && "op" in part;
}

const PARTS = tableOf({
  __underscores__: "__",
  __dot__: ".",
  __dash__: "-",
  __slash__: "/",
});

/**
 * The name of a field that has another form in Kubernetes' CEL: `__namespace__` for a word that the language
 * reserves, `a__dot__b` for what cannot be in a name. Source: Unescape in k8s.io/apiserver/pkg/cel/escaping.go, v1.36.
 */
export function unescaped(name: string): string {
  const reserved = /^__([a-z]+)__$/.exec(name)?.[1];
  if (reserved !== undefined && PARTS.get(name) === undefined) return reserved;
  return name.replaceAll(/__(?:underscores|dot|dash|slash)__/g, (part) => PARTS.get(part) ?? part);
}
