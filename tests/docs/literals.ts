import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const ROOT = join(import.meta.dirname, "../..");

export interface Text {
  where: string;
  text: string;
}

export interface Source {
  name: string;
  tree: ts.SourceFile;
}

/** The TypeScript files of folders of the repository, without generated ones. */
export function sourcesOf(folders: readonly string[]): Source[] {
  const names = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  return names
    .filter((name) => name.endsWith(".ts") && !name.includes("generated"))
    .map((name) => ({ name, tree: parsed(name, readFileSync(join(ROOT, name), "utf8")) }));
}

export function parsed(name: string, text: string): ts.SourceFile {
  // Comments are read from the text, so the compiler need not parse them.
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(name, text, options, true);
}

/** The text of a literal, with `…` for each value; undefined for other nodes. */
export function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
}

/** Every literal in a part of a file. */
export function literalsOf({ name, tree }: Source, root: ts.Node = tree): Text[] {
  const found: Text[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    if (text !== undefined) found.push({ where: `${name}:${line + 1}`, text });
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/**
 * The literals that constants stand for, by the file that uses the name: its own, otherwise the exported one of that
 * name.
 */
export function constantsOf(sources: readonly Source[]): (source: Source, name: string) => Text[] {
  const byFile = new Map<string, Text[]>();
  const exported = new Map<string, Text[]>();
  for (const source of sources)
    for (const statement of source.tree.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (initializer === undefined || textOf(initializer) === undefined) continue;
        const texts = literalsOf(source, initializer).slice(0, 1);
        byFile.set(`${source.name} ${name.getText()}`, texts);
        if (isExported) exported.set(name.getText(), texts);
      }
    }
  return (source, name) => byFile.get(`${source.name} ${name}`) ?? exported.get(name) ?? [];
}
