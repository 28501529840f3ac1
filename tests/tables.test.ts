import assert from "node:assert/strict";
import { join, relative } from "node:path";
import ts from "typescript";
import { PROGRAMS } from "./docs/listed.ts";

const ROOT = join(import.meta.dirname, "..");
const PRODUCTION = /^(core|cluster|components|provider|cli|policy)\//;

/**
 * Where objects are read by a variable key without the functions of core/kubernetes/table.ts, and why the key is never
 * a user's.
 */
const EXCEPT: Readonly<Record<string, string>> = {
  "core/kubernetes/table.ts": "the functions themselves",
  "components/inputs/deferred.ts": "walks two objects of one shape side by side, by the keys of the first",
  "components/resources/parts.ts": "keys are the names of a component's own outputs",
  "provider/schema/names.ts": "writes the package's schema, from our own schemas",
  "provider/schema/types.ts": "the same",
};

function isText(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(isText);
  return (type.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.TypeParameter)) !== 0;
}

/** Objects that are read, written, destructured or tested by a key that is only known at run time. */
function dynamicKeys(checker: ts.TypeChecker, file: ts.SourceFile): string[] {
  const isDynamic = (key: ts.Node): boolean => !ts.isLiteralExpression(key) && isText(checker.getTypeAtLocation(key));
  const isOne = (node: ts.Node): boolean => {
    if (ts.isElementAccessExpression(node)) {
      if (ts.isDeleteExpression(node.parent) || !isDynamic(node.argumentExpression)) return false;
      const type = checker.getNonNullableType(checker.getTypeAtLocation(node.expression));
      return !checker.isArrayType(type) && (type.flags & ts.TypeFlags.StringLike) === 0;
    }
    if (ts.isBinaryExpression(node)) return node.operatorToken.kind === ts.SyntaxKind.InKeyword && isDynamic(node.left);
    if (ts.isBindingElement(node) && node.propertyName !== undefined)
      return ts.isComputedPropertyName(node.propertyName) && isDynamic(node.propertyName.expression);
    if (ts.isCallExpression(node)) return node.expression.getText() === "Object.assign" && isMerge(node);
    return false;
  };
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isOne(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${relative(ROOT, file.fileName)}:${line + 1}: ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** `Object.assign` sets what it copies, including `__proto__`; fields that are written out in the call are safe. */
function isMerge(call: ts.CallExpression): boolean {
  return call.arguments.slice(1).some((source) => !ts.isObjectLiteralExpression(source));
}

/**
 * Values of documents that are converted to text through their own methods: a field `toString` of a document is not a
 * function.
 */
function ownTexts(checker: ts.TypeChecker, file: ts.SourceFile): string[] {
  const isOfDocument = (node: ts.Node): boolean => /\bJson/.test(checker.typeToString(checker.getTypeAtLocation(node)));
  const wrong: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === "String")
      wrong.push(...node.arguments.filter(isOfDocument));
    if (ts.isTemplateExpression(node))
      wrong.push(...node.templateSpans.map((span) => span.expression).filter(isOfDocument));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return wrong.map((node) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    return `${relative(ROOT, file.fileName)}:${line + 1}: ${node.getText()}`;
  });
}

/** Text that is written into YAML is a text already; conformance reads recorded results. */
const TEXT_EXCEPT = ["core/kubernetes/go/goyaml.ts", "cli/conformance/emit.ts"];

function configured(): ts.ParsedCommandLine {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => assert.fail("tsconfig.json cannot be read") };
  return ts.getParsedCommandLineOfConfigFile(join(ROOT, "tsconfig.json"), {}, host) ?? assert.fail("no tsconfig.json");
}

const PROBE = join(ROOT, "probe.ts");
const WRONG = `
  const table: Record<string, number> = { a: 1 };
  declare const word: string; declare const list: number[];
  export const wrong = [table[word], table[\`\${word}-x\`], word in table];
  export const { [word]: taken } = table;
  Object.assign(table, JSON.parse(word));
  table[word] = 2;
  export const right = [table["a"], list[0], "a" in table, Object.assign(list, { length: 0 })];`;
const MISTYPED = join(ROOT, "tests/docs/mistyped.ts");
const MISTAKE = `import { Platform } from "pulumi-kserve-llm"; new Platform("serving", { namespaces: {} });`;
/** Files that only the compiler sees: programs of the docs, and two with the mistakes that the tests must find. */
const UNWRITTEN = new Map([
  ...PROGRAMS.map(({ file, code }) => [file, code] as const),
  [PROBE, WRONG],
  [MISTYPED, MISTAKE],
]);

function hostOf(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  // As the command line of the compiler does: comments without types are not parsed.
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseForTypeErrors;
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => UNWRITTEN.has(file) || fileExists(file);
  host.readFile = (file) => UNWRITTEN.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const code = UNWRITTEN.get(file);
    return code === undefined ? getSourceFile(file, version, ...rest) : ts.createSourceFile(file, code, version);
  };
  return host;
}

interface Compiled {
  program: ts.Program;
  checker: ts.TypeChecker;
  /** The production code. */
  files: ts.SourceFile[];
}
let known: Compiled | undefined;
/** Other tests of the process need the memory. */
after(() => {
  known = undefined;
});

/** The production code and the programs of the docs with their types, which are computed once for all tests. */
function compiled(): Compiled {
  if (known !== undefined) return known;
  const { fileNames, options: configuredOptions } = configured();
  const options = { ...configuredOptions, paths: { "pulumi-kserve-llm": [join(ROOT, "components/index.ts")] } };
  const isProduction = (name: string): boolean => PRODUCTION.test(relative(ROOT, name));
  const rootNames = [...fileNames.filter(isProduction), join(ROOT, "tests/docs/clouds.d.ts"), ...UNWRITTEN.keys()];
  const program = ts.createProgram({ rootNames, options, host: hostOf(options) });
  const files = program.getSourceFiles().filter(({ fileName }) => isProduction(fileName));
  known = { program, checker: program.getTypeChecker(), files };
  return known;
}

describe("objects that are indexed with a word of the user", () => {
  it("are read and written through core/kubernetes/table.ts, so that no inherited name is found in them", () => {
    const { checker, files } = compiled();
    assert.ok(files.length > 200);
    const found = files.flatMap((file) => dynamicKeys(checker, file));
    const nameOf = (line: string): string => line.split(":", 1)[0] ?? "";
    assert.deepEqual(
      found.filter((line) => EXCEPT[nameOf(line)] === undefined),
      [],
    );
    assert.deepEqual(
      [...new Set(found.map(nameOf))].sort(),
      Object.keys(EXCEPT).sort(),
      "an exception that is not needed",
    );
  });

  it("are converted to text by asText, which calls no function of theirs", () => {
    const { checker, files } = compiled();
    const found = files.flatMap((file) => ownTexts(checker, file));
    const nameOf = (line: string): string => line.split(":", 1)[0] ?? "";
    assert.deepEqual([...new Set(found.map(nameOf))].sort(), [...TEXT_EXCEPT].sort());
  });

  it("are found by this check, in whatever way they are indexed", () => {
    const { program, checker } = compiled();
    assert.equal(dynamicKeys(checker, program.getSourceFile(PROBE) ?? assert.fail("the probe is compiled")).length, 6);
  });
});

function problemsOf(file: string): string[] {
  const { program } = compiled();
  const source = program.getSourceFile(file) ?? assert.fail(`${file} is not compiled`);
  const found = [...program.getSemanticDiagnostics(source), ...program.getSyntacticDiagnostics(source)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("the programs in the docs", () => {
  for (const { title, file } of PROGRAMS) {
    it(`${title} has the types of the package`, () => {
      assert.deepEqual(problemsOf(file), []);
    });
  }

  it("would not pass with an argument that the package does not have", () => {
    assert.match(problemsOf(MISTYPED).join("\n"), /'namespaces' does not exist in type 'PlatformArgs'/);
  });
});
