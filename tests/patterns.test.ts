import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { RE2JS } from "re2js";
import type { checkSync } from "recheck";
import ts from "typescript";
import { crds } from "../core/api/crd/crd.ts";
import { DIALECTS } from "../core/api/deviations.ts";
import { mergedSchema, specSchema } from "../core/api/schemas.ts";
import { TYPES } from "../core/kubernetes/schema/generated/types.ts";
import { linearPattern } from "../core/kubernetes/schema/pattern.ts";
import { cacheRoot } from "../tools/toolchain/cache.ts";
import { parsed } from "./docs/literals.ts";

const ROOT = join(import.meta.dirname, "..");
const ROOMS = ["core", "cluster", "components", "provider", "cli"];

/** The checker in this process: the same verdicts on every machine, whatever else is installed there. */
process.env["RECHECK_SYNC_BACKEND"] = "pure";
const recheck = createRequire(import.meta.url)("recheck") as { checkSync: typeof checkSync };

/**
 * A proof is permanent: what a release of the checker has proved is not proved again on this machine, in no clone. All
 * proofs take half a minute, and are never committed.
 */
const KEPT = join(cacheRoot(), "linear-patterns.json");
const CHECKER = `recheck ${(createRequire(import.meta.url)("recheck/package.json") as { version: string }).version}`;
const PROVED = new Set(proved());

function proved(): string[] {
  try {
    const kept = JSON.parse(existsSync(KEPT) ? readFileSync(KEPT, "utf8") : "{}") as Record<string, string[]>;
    return kept[CHECKER] ?? [];
  } catch {
    return [];
  }
}

interface Pattern {
  where: string;
  source: string;
  flags: string;
}

/** The production code, parsed. Other tests of the process need the memory. */
let SOURCES = sources();
after(() => {
  SOURCES = [];
});

function sources(): { name: string; tree: ts.SourceFile }[] {
  const names = ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" }).map((name) => join(room, name)),
  );
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({
      name,
      tree: parsed(name, readFileSync(join(ROOT, name), "utf8")),
    }));
}

function nodesOf<Node extends ts.Node>(tree: ts.SourceFile, isOne: (node: ts.Node) => node is Node): Node[] {
  const found: Node[] = [];
  const visit = (node: ts.Node): void => {
    if (isOne(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function literals(): Pattern[] {
  return SOURCES.flatMap(({ name, tree }) =>
    nodesOf(tree, ts.isRegularExpressionLiteral).map((node) => {
      const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const end = node.text.lastIndexOf("/");
      return { where: `${name}:${line}`, source: node.text.slice(1, end), flags: node.text.slice(end + 1) };
    }),
  );
}

/** Patterns of CRDs and embedded types, and those in CEL rules; each once. */
function foreign(): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "string") {
      for (const [, raw] of value.matchAll(/\.matches\(r?"""(.*?)"""\)/gs)) found.add(raw ?? "");
      for (const [quoted] of value.matchAll(/(?<=\.matches\()(?:"(?:[^"\\]|\\.)*")(?=\))/g))
        found.add(JSON.parse(quoted));
      for (const [, quoted] of value.matchAll(/\.matches\(r?'([^'\\]*)'\)/g)) found.add(quoted ?? "");
    }
    if (typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (key === "pattern" && typeof item === "string") found.add(item);
      else visit(item);
    }
  };
  const kinds = ["LLMInferenceService", "LLMInferenceServiceConfig"] as const;
  const versions = ["v1alpha1", "v1alpha2"] as const;
  for (const kind of kinds)
    for (const version of versions) for (const dialect of DIALECTS) visit(specSchema(kind, { version, dialect }));
  visit([mergedSchema(), TYPES, crds()]);
  return [...found];
}

const withoutClasses = (source: string): string => source.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x");

/** Patterns that need no proof: without an unbounded repetition, or with a single one from a fixed place. */
function isTrivial({ source, flags }: Pattern): boolean {
  const plain = withoutClasses(source);
  if (/\{/.test(plain) && /[*+]|,\}/.test(plain)) return false;
  const repeats = [...plain.matchAll(/[*+]|\{\d+,\}/g)].length;
  const isFixed = flags.includes("y") || (plain.startsWith("^") && !plain.includes("|"));
  return repeats === 0 || (repeats === 1 && isFixed && !/\)[*+]/.test(plain));
}

function problemOf(pattern: Pattern): string[] {
  if (isTrivial(pattern)) return [];
  const { where, source, flags } = pattern;
  if (PROVED.has(`/${source}/${flags}`)) return [];
  const verdict = recheck.checkSync(source, flags, { timeout: 60_000 });
  if (verdict.status === "safe" && verdict.checker !== "fuzz") {
    PROVED.add(`/${source}/${flags}`);
    return [];
  }
  const why = verdict.status === "vulnerable" ? verdict.complexity.summary : `no proof: ${verdict.status}`;
  return [`${where}: /${source}/${flags}: ${why}`];
}

/** Patterns that are made at run time, and why each is linear. */
const MADE: Readonly<Record<string, string>> = {
  "core/kubernetes/schema/pattern.ts": "patterns of CRDs, each judged below",
  "core/api/atoms.ts": "names of DNS, from constants; schemas hold them, so they are judged below",
  "core/knowledge/engine/flags/argfields.ts": "an anchored literal path with one choice",
  "core/views/diff/effects.ts": "an anchored literal path",
};

describe("regular expressions", () => {
  after(() => {
    mkdirSync(dirname(KEPT), { recursive: true });
    // At once, because tests of another clone may read it.
    writeFileSync(
      `${KEPT}.${process.pid}`,
      JSON.stringify({ [CHECKER]: [...new Set([...proved(), ...PROVED])].sort() }),
    );
    renameSync(`${KEPT}.${process.pid}`, KEPT);
  });

  it("of the production code are proved to be linear", () => {
    const all = literals();
    assert.ok(all.length > 200);
    assert.deepEqual(all.flatMap(problemOf), []);
  });

  it("that are not linear are found by this check", () => {
    for (const source of ["^[!-~]+([\\t ]?[!-~]+)*$", "\\/+$", "^\\d+\\.?\\d*$", "(a|a)*b", "[^,]*:"])
      assert.equal(problemOf({ where: "here", source, flags: "" }).length, 1, source);
  });

  it("are made at run time only if they are known to be linear", () => {
    const isMade = (node: ts.Node): node is ts.NewExpression | ts.CallExpression =>
      (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "RegExp";
    const files = SOURCES.filter(({ tree }) => nodesOf(tree, isMade).length > 0);
    assert.deepEqual(files.map(({ name }) => name).sort(), Object.keys(MADE).sort());
  });

  it("of CRDs and their rules are linear in the form that is used", () => {
    const patterns = foreign();
    assert.ok(patterns.length > 10 && patterns.some((pattern) => pattern.includes("[%][0-9a-fA-F]")));
    const problems = patterns.flatMap((pattern) => {
      const { source, flags } = linearPattern(pattern);
      return problemOf({ where: pattern, source, flags });
    });
    assert.deepEqual(problems, []);
  });

  for (const pattern of foreign()) {
    it(`${pattern} accepts here what RE2 accepts`, () => {
      const [here, there] = [linearPattern(pattern), RE2JS.compile(pattern)];
      const characters = fc.constantFrom(..."aZ09.-_/ \t*:,%!~é😀\n\u2028", "http://", "ms", "%2F");
      fc.assert(
        fc.property(fc.array(characters, { maxLength: 12 }), (parts) => {
          const text = parts.join("");
          assert.equal(here.test(text), there.matcher(text).find(), JSON.stringify(text));
        }),
        { numRuns: 500 },
      );
    });
  }
});
