import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { constantsOf, literalsOf, parsed, type Source, sourcesOf, type Text, textOf } from "./literals.ts";
import { startsWithVerb } from "./verbs.ts";

/** The folders whose texts people read. Add a folder here once its texts hold the rules of CONTRIBUTING.md. */
const SOURCES = [
  "cli",
  "cluster",
  "components",
  "core/api",
  "core/contract",
  "core/knowledge",
  "core/kubernetes",
  "core/platform",
  "core/stages",
  "core/views",
  "policy",
  "provider",
  "tools/build",
  "tools/cluster",
  "tools/field",
  "tools/fuzz",
  "tools/generate",
  "tools/metrics",
  "tools/models",
  "tools/quickstart",
  "tools/release",
  "tools/sdk",
  "tools/serving",
  "tools/test",
  "tools/toolchain",
  "tools/vllm",
];

/** Turns of phrase that a reader has to decode. */
const UNCLEAR: readonly RegExp[] = [
  /(?<!\bthere )\b(is|are) no (?!longer\b)[a-z]+/,
  /\b(is|are) none of\b/,
  /\btold of\b/,
  /\bthere is no such\b/,
  /\bbeside\b/,
  /\bnothing (tells|says)\b/,
  /\bnobody\b/,
  /\b(says|said)\b/,
  /\btake[ns]? (it )?away\b/,
  /\bours\b/,
  /\b(tells?|told)\b/,
  /\bof (its|their|your) own\b/,
  /\bany more\b/,
  /\bin a second\b/,
  /\bin vain\b/,
  /\b(is|are) asked for\b/,
  /\bwhose value it is\b/,
  /\btakes? no (?!(flags|value|other)\b)[a-z]+/,
  /\bholds? (for|nothing)\b/,
  /\bby which [a-z]+ (moves|goes)\b/,
  /\b(is|are) let pass\b/,
  /\bmended\b/,
  /\bthe very\b/,
  /\banybody\b/,
  /\bour\b/,
  /\bwithout a word\b/,
  /\bwhere (no|none|its)\b/,
  /\bone word too many\b/,
  /\b(is|are) set too\b/,
];

/** The same in pages, where quoted names and code blocks are left out. */
const UNCLEAR_IN_PAGES: readonly RegExp[] = [
  /(?<!\bthere )\b(is|are) no (?!longer\b)[a-z]+/,
  /\b(is|are) none of\b/,
  /\bbeside\b/,
  /\bnobody\b/,
  /\btold\b/,
  /\btells? (of|nothing)\b/,
  /\btake[ns]? (it )?away\b/,
  /\bours\b/,
  /\bany more\b/,
  /\bin vain\b/,
  /\bmended\b/,
  /\bthe very\b/,
  /\blet pass\b/,
  /\bour\b/,
  /\bwithout (a word|an end in sight)\b/,
  /\b(is|are) had\b/,
  /\bhold(s|ing)? (against|to)\b/,
  /\bheld (against|to)\b/,
  /\bcomes? to nothing\b/,
  /\bput(s|ting)? right\b/,
  /\bwhat is (left|wanted|meant|to)\b/,
  /\bas (it|they) (is|are) wanted\b/,
  /\bmakes? of it\b/,
];

/** The same in comments. */
const UNCLEAR_IN_COMMENTS: readonly RegExp[] = [
  /\bours?\b/i,
  /\b(his|himself)\b/,
  /\bin vain\b/,
  /\bany more\b/,
  /\bthe very\b/,
  /\bwithout a word\b/,
  /\bcomes? to nothing\b/,
  /\bh(eld|old|olds|olding) (against|to)\b/,
  /\bnobody\b/,
  /\bsomebody\b/,
  /\banybody\b/,
  /\bbeside\b/,
  /\btold\b/,
  /\b(is|are) (asked|looked) for\b/,
  /(?<!\bthere )\b(is|are) no (?!longer\b)[a-z]+/,
  /(?<!\bthere )\b(is|are) none\b/,
  /\bnothing (tells|says)\b/,
  /\btakes? (it )?away\b/,
  /\bmended\b/,
  /\bof (its|their) own\b(?! [a-z])/,
  /\bwhere there (is|are) (no|none)\b/,
];

/** The same in titles of tests, besides those of pages. */
const UNCLEAR_IN_TITLES: readonly RegExp[] = [
  ...UNCLEAR_IN_PAGES,
  /\bsomebody\b/,
  /\banybody\b/,
  /\bstands? (in|behind|before|beside|for) /,
  /\bof (its|their) own\b(?! [a-z])/,
  /\bin the place of\b/,
  /\bwhat (it|they) (has|have|is|are|makes?|made)\b/,
  /\b(brings?|brought) /,
  /\bbut for\b/,
  /\bpeople (say|said)\b/,
  /\bwhere (no|none|nothing|there (is|are)|one of)\b/,
  /\b(is|are) said\b/,
];

/** Every literal of a file with more than one word. */
function textsOf(source: Source): Text[] {
  return literalsOf(source).filter(({ text }) => /[a-z…"] [a-z…"]/.test(text));
}

/** Functions that make an issue and take its fix as their last argument. */
const HELPERS = /^(report|refusal|warning|problem|invalid|missing|finding|refused?|issue|warn|this\.#report)$/;

function isFix(node: ts.Node): ts.Expression | undefined {
  if (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node))
    return node.name.getText() === "fix" ? node.initializer : undefined;
  const isHelper = ts.isCallExpression(node) && HELPERS.test(node.expression.getText().replace(/^context\./, ""));
  return isHelper && node.arguments.length > 2 ? node.arguments.at(-1) : undefined;
}

/**
 * Fixes as literals: properties and variables named `fix`, last arguments of helpers, both sides of a condition, and the
 * constants that stand for one of these.
 */
function fixesOf(source: Source, constants = constantsOf([source])): Text[] {
  const found: Text[] = [];
  const add = (value: ts.Expression): void => {
    if (ts.isIdentifier(value)) found.push(...constants(source, value.text));
    else if (ts.isConditionalExpression(value)) {
      add(value.whenTrue);
      add(value.whenFalse);
    } else if (ts.isBinaryExpression(value)) add(value.right);
    else if (textOf(value) !== undefined) found.push(...literalsOf(source, value).slice(0, 1));
  };
  const visit = (node: ts.Node): void => {
    const fix = isFix(node);
    if (fix !== undefined) add(fix);
    ts.forEachChild(node, visit);
  };
  visit(source.tree);
  return found;
}

function unclear(texts: readonly Text[], turns = UNCLEAR): string[] {
  return texts
    .filter(({ text }) => turns.some((turn) => turn.test(text)))
    .map(({ where, text }) => `${where}: ${text}`);
}

/** Fixes without an imperative verb at the start. A fix that starts with a value or a space continues another text. */
function withoutVerb(fixes: readonly Text[]): string[] {
  return fixes
    .filter(({ text }) => /^[^… ]/.test(text) && !startsWithVerb(text))
    .map(({ where, text }) => `${where}: ${text}`);
}

const ROOT = join(import.meta.dirname, "../..");

/** The lines of a page without its code blocks and quoted names. */
function linesOf(page: string): Text[] {
  const text = readFileSync(join(ROOT, page), "utf8").replaceAll(/^ *```.*?^ *```$/gms, (block) =>
    block.replaceAll(/[^\n]/g, ""),
  );
  return text
    .split("\n")
    .map((line, index) => ({ where: `${page}:${index + 1}`, text: line.replaceAll(/`[^`]*`/g, "…") }));
}

describe("the pages of the repository", () => {
  const folders = ["docs", "examples"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const pages = folders.filter((name) => name.endsWith(".md") && !name.includes("node_modules"));

  it("contain none of the turns of phrase that readers have to decode", () => {
    assert.ok(pages.length > 40);
    const lines = ["README.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", ...pages].flatMap(linesOf);
    assert.deepEqual(unclear(lines, UNCLEAR_IN_PAGES), []);
  });
});

/** The titles of tests in TypeScript and of cases in YAML. */
function titlesOf(name: string): Text[] {
  const text = readFileSync(join(ROOT, name), "utf8");
  const pattern = name.endsWith(".ts") ? /^ *(?:it|describe)\((?:"(.*?)"|`(.*?)`),/gm : /^- name: (.*)$/gm;
  return [...text.matchAll(pattern)].map(([, one, other]) => ({ where: name, text: one ?? other ?? "" }));
}

describe("the titles of the tests", () => {
  const names = readdirSync(join(ROOT, "tests"), { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".test.ts") || name.endsWith(".yaml"));

  it("contain none of the turns of phrase that readers have to decode", () => {
    const titles = files.flatMap((name) => titlesOf(join("tests", name)));
    assert.ok(titles.length > 2000);
    assert.deepEqual(unclear(titles, UNCLEAR_IN_TITLES), []);
  });
});

/** The comments of a file, each as one line without quoted names. */
function commentsOf({ name, tree }: Source): Text[] {
  const { text } = tree;
  return [...text.matchAll(/^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*$)/gm)].map(([comment], index) => ({
    where: `${name}, comment ${index + 1}`,
    text: comment.replaceAll(/\n\s*\*?\s*/g, " ").replaceAll(/`[^`]*`/g, "…"),
  }));
}

let files: readonly Source[] = [];
before(() => {
  files = sourcesOf(SOURCES);
});
after(() => {
  // Other tests of the process need the memory.
  files = [];
});

describe("the comments of the code", () => {
  it("contain none of the turns of phrase that readers have to decode", () => {
    const comments = files.flatMap(commentsOf);
    assert.ok(comments.length > 4000, String(comments.length));
    assert.deepEqual(unclear(comments, UNCLEAR_IN_COMMENTS), []);
  });
});

describe("the texts that the program prints", () => {
  it("contain none of the turns of phrase that readers have to decode", () => {
    const texts = files.flatMap(textsOf);
    assert.ok(texts.length > 1000);
    assert.deepEqual(unclear(texts), []);
  });

  it("give fixes that start with an imperative verb", () => {
    const constants = constantsOf(files);
    const fixes = files.flatMap((file) => fixesOf(file, constants));
    assert.ok(fixes.length > 80);
    assert.deepEqual(withoutVerb(fixes), []);
    // A reader has to know which fields or flags are meant.
    assert.deepEqual(unclear(fixes, [/\b(?:keep|remove|set)(?: it in)? one of (?:them|the two flags)$/]), []);
  });

  it("fail this check when they are unclear", () => {
    const text = "const fix = a ? 'the roles are b' : 'write b'; f({ fix: 'say it once' }, 'a is no path to b');";
    const source = { name: "probe.ts", tree: parsed("probe.ts", text) };
    assert.deepEqual(unclear(textsOf(source)), ["probe.ts:1: a is no path to b"]);
    assert.deepEqual(withoutVerb(fixesOf(source)), ["probe.ts:1: the roles are b", "probe.ts:1: say it once"]);
    const named = {
      name: "a.ts",
      tree: parsed("a.ts", "import { B } from './b.ts'; const A = 'say a'; f({ fix: A }, { fix: c ? B : 'set c' });"),
    };
    const other = { name: "b.ts", tree: parsed("b.ts", "export const B = 'say b';") };
    assert.deepEqual(withoutVerb(fixesOf(named, constantsOf([named, other]))), ["a.ts:1: say a", "b.ts:1: say b"]);
  });
});
