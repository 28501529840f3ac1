import assert from "node:assert/strict";
import { globSync } from "node:fs";
import ts from "typescript";
import { parsed } from "./docs/literals.ts";
import { ROOT, readText } from "./repository.ts";

/** Code whose functions are measured. In tests the functions of `describe` hold many cases. */
const ROOMS = ["core", "components", "provider", "cli", "cluster", "policy", "tools"];

/** Limits of one function; see CONTRIBUTING.md, How the code looks. */
const MOST_LINES = 50;
const MOST_PARAMETERS = 5;
const MOST_LINES_OF_A_FILE = 400;

interface Measured {
  /** `FILE:LINE: NAME`. */
  where: string;
  lines: number;
  parameters: number;
}

function functionsOf(name: string, text: string): Measured[] {
  const source = parsed(name, text);
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const found: Measured[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const [first, last] = [lineAt(node.getStart()), lineAt(node.end)];
      const called = nameOf(node);
      found.push({ where: `${name}:${first}: ${called}`, lines: last - first + 1, parameters: node.parameters.length });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  const holder =
    ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent) ? node.parent : undefined;
  return (node.name ?? holder?.name)?.getText() ?? "a function without a name";
}

describe("the size of the code", () => {
  const filesOf = (rooms: readonly string[]): string[] =>
    rooms
      .flatMap((room) => globSync(`${room}/**/*.{ts,mjs}`, { cwd: ROOT }))
      .filter((file) => !file.includes("generated") && !file.includes("node_modules"));
  let functions: Measured[] = [];
  before(() => {
    functions = filesOf(ROOMS).flatMap((file) => functionsOf(file, readText(file)));
  });

  it(`is at most ${MOST_LINES_OF_A_FILE} lines in every file`, () => {
    const lengths = filesOf([...ROOMS, "tests", "examples"]).map((file) => ({
      file,
      lines: readText(file).split("\n").length - 1,
    }));
    assert.ok(lengths.length > 700, String(lengths.length));
    assert.deepEqual(
      lengths.filter(({ lines }) => lines > MOST_LINES_OF_A_FILE),
      [],
    );
  });

  it(`is at most ${MOST_LINES} lines in every function`, () => {
    assert.ok(functions.length > 5000, String(functions.length));
    assert.deepEqual(
      functions.filter(({ lines }) => lines > MOST_LINES),
      [],
    );
  });

  it(`is at most ${MOST_PARAMETERS} parameters in every function: more belong into an object`, () => {
    assert.deepEqual(
      functions.filter(({ parameters }) => parameters > MOST_PARAMETERS),
      [],
    );
  });

  it("is measured from the first to the last line of a function, whatever form it has", () => {
    const text = "function a(b, c) {\n  return b;\n}\nconst d = {\n  e: (f) =>\n    f,\n};\nclass G {\n  h() {}\n}\n";
    assert.deepEqual(
      functionsOf("sample.ts", text).map(({ where, lines, parameters }) => [where, lines, parameters]),
      [
        ["sample.ts:1: a", 3, 2],
        ["sample.ts:5: e", 2, 1],
        ["sample.ts:9: h", 1, 0],
      ],
    );
  });
});
