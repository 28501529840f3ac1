import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const ROOT = join(import.meta.dirname, "..");

/**
 * Which rooms a room may import from, besides itself; see docs/design.md, Layout. `cluster` reads a cluster, for
 * components and the command line alike: it is not pure, so it is not part of core, and it does not depend on Pulumi.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  cluster: ["core"],
  components: ["core", "cluster"],
  provider: ["core", "components"],
  cli: ["core", "cluster"],
  policy: ["core"],
};
/** Packages that a room must not import. */
const FORBIDDEN: Record<string, RegExp> = {
  core: /^(@pulumi\/|node:(?!crypto$)|fs$|path$|child_process$)/,
  cluster: /^@pulumi\//,
  cli: /^@pulumi\//,
};
/**
 * The wings of core/, lowest first: a wing imports itself and those before it. `plan.ts` is the only file that joins
 * the stages.
 */
const WINGS = ["kubernetes", "api", "contract", "knowledge", "stages", "plan.ts", "platform", "views"];
const STAGES = "core/stages/";
const STAGE_FOLDERS = readdirSync(join(ROOT, STAGES)).sort();

/** The repository's TypeScript, by path, with what each file imports: type imports count, packages do not. */
type Imports = ReadonlyMap<string, readonly string[]>;

const CODE = ["core", "cluster", "components", "provider", "cli", "policy", "tools", "tests"];

function readImports(): Imports {
  const files = CODE.flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: ROOT })).sort();
  return new Map(files.map((file) => [file, packagesAndFiles(file).filter((name) => !name.startsWith("package "))]));
}

/** Files relative to the root, packages as `package NAME`. */
function packagesAndFiles(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), "utf8"), true, true);
  return importedFiles.map(({ fileName }) =>
    fileName.startsWith(".") ? relative(ROOT, join(ROOT, dirname(file), fileName)) : `package ${fileName}`,
  );
}

const IMPORTS = readImports();

function arrows(imports: Imports): { from: string; to: string }[] {
  return [...imports].flatMap(([from, targets]) => targets.map((to) => ({ from, to })));
}

const shown = ({ from, to }: { from: string; to: string }): string => `${from} imports ${to}`;
const roomOf = (file: string): string => file.split("/")[0] ?? "";
const wingOf = (file: string): string => file.split("/")[1] ?? "";
const stageOf = (file: string): string => file.slice(STAGES.length).split("/")[0] ?? "";

/** Imports from a wing into a later one. */
function upward(imports: Imports): string[] {
  return arrows(imports)
    .filter(({ from, to }) => roomOf(from) === "core" && roomOf(to) === "core")
    .filter(({ from, to }) => WINGS.indexOf(wingOf(to)) > WINGS.indexOf(wingOf(from)))
    .map(shown);
}

/** Imports from one stage into another. */
function betweenStages(imports: Imports): string[] {
  return arrows(imports)
    .filter(({ from, to }) => from.startsWith(STAGES) && to.startsWith(STAGES) && stageOf(from) !== stageOf(to))
    .map(shown);
}

/** Files that import themselves through others, each circle once, as a path that ends where it starts. */
function circles(imports: Imports): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(" → "));
    if (at >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

/** The stages that core/plan.ts imports, in the order of the pipeline that its comment names. */
function stagesOfPlan(imports: Imports): string[] {
  const targets = (imports.get("core/plan.ts") ?? []).filter((file) => file.startsWith(STAGES)).map(stageOf);
  return [...new Set(targets)].sort();
}

/** The stages in a drawn pipeline, in its order: the first line with many arrows. */
function pipelineIn(file: string, arrow: string): string[] {
  const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
  const drawn = lines.find((line) => line.split(arrow).length > STAGE_FOLDERS.length / 2) ?? "";
  return (drawn.match(/[a-z]+/g) ?? []).filter((word) => STAGE_FOLDERS.includes(word));
}

describe("architecture: rooms", () => {
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    it(`${room} imports only from ${["itself", ...allowed].join(", ")}`, () => {
      const wrong = arrows(IMPORTS)
        .filter(({ from, to }) => roomOf(from) === room && ![room, ...allowed].includes(roomOf(to)))
        .map(shown);
      assert.deepEqual(wrong, []);
    });
  }

  for (const [room, forbidden] of Object.entries(FORBIDDEN)) {
    it(`${room} imports no package that matches ${forbidden.source}`, () => {
      const wrong = [...IMPORTS.keys()]
        .filter((file) => roomOf(file) === room)
        .flatMap((from) => packagesAndFiles(from).map((to) => ({ from, to: to.replace(/^package /, "") })))
        .filter(({ to }) => !to.includes("/../") && forbidden.test(to))
        .map(shown);
      assert.deepEqual(wrong, []);
    });
  }
});

describe("architecture: the seven wings of core", () => {
  it("core/ holds the wings and plan.ts, nothing else", () => {
    assert.deepEqual(readdirSync(join(ROOT, "core")).sort(), [...WINGS].sort());
  });

  it("a wing imports only itself and the wings before it", () => {
    assert.deepEqual(upward(IMPORTS), []);
  });

  it("a stage does not import another stage", () => {
    assert.deepEqual(betweenStages(IMPORTS), []);
  });

  it("no files of the repository import each other in a circle", () => {
    assert.deepEqual(circles(IMPORTS), []);
  });

  it("core/plan.ts runs every folder of core/stages, and nothing else is a folder there", () => {
    assert.deepEqual(stagesOfPlan(IMPORTS), STAGE_FOLDERS);
  });

  it("core/plan.ts, the README's picture and design.md name the same stages in the same order", () => {
    const stages = pipelineIn("core/plan.ts", "→");
    assert.deepEqual([...stages].sort(), STAGE_FOLDERS);
    assert.deepEqual(pipelineIn("README.md", "─►"), stages);
    assert.deepEqual(pipelineIn("docs/design.md", "→"), stages);
  });
});

describe("architecture: the rules notice what they forbid", () => {
  const imports = (...pairs: [string, string[]][]): Imports => new Map(pairs);

  it("an import from kubernetes into stages is reported as upward", () => {
    const wrong = imports(["core/kubernetes/json.ts", ["core/stages/merge/merge.ts"]]);
    assert.deepEqual(upward(wrong), ["core/kubernetes/json.ts imports core/stages/merge/merge.ts"]);
  });

  it("an import from one stage into another is reported", () => {
    const wrong = imports(["core/stages/check/a.ts", ["core/stages/merge/merge.ts", "core/stages/check/b.ts"]]);
    assert.deepEqual(betweenStages(wrong), ["core/stages/check/a.ts imports core/stages/merge/merge.ts"]);
  });

  it("a circle over three files is reported", () => {
    const wrong = imports(["a.ts", ["b.ts"]], ["b.ts", ["c.ts"]], ["c.ts", ["a.ts"]], ["d.ts", ["a.ts"]]);
    assert.deepEqual(circles(wrong), ["a.ts → b.ts → c.ts → a.ts"]);
  });

  it("a stage that core/plan.ts does not run is missing from its stages", () => {
    assert.deepEqual(stagesOfPlan(imports(["core/plan.ts", ["core/stages/read/read.ts"]])), ["read"]);
  });

  it("the imports of the repository are read", () => {
    assert.ok(IMPORTS.get("core/plan.ts")?.includes("core/stages/merge/merge.ts"));
  });
});
