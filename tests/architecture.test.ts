import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const ROOT = join(import.meta.dirname, "..");

/**
 * Which rooms a room may import from, itself aside; see design.md, Layout. `cluster` reads a cluster, for components and the
 * command line alike: it is not pure, so it is no part of core, and knows nothing of Pulumi.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  cluster: ["core"],
  components: ["core", "cluster"],
  provider: ["core", "components"],
  cli: ["core", "cluster"],
};
/** Packages that a room must not know. */
const FORBIDDEN: Record<string, RegExp> = {
  core: /^(@pulumi\/|node:(?!crypto$)|fs$|path$|child_process$)/,
  cluster: /^@pulumi\//,
  cli: /^@pulumi\//,
};

function sources(room: string): string[] {
  return readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(ROOT, room, name));
}

function importsOf(file: string): string[] {
  return ts.preProcessFile(readFileSync(file, "utf8"), true, true).importedFiles.map((imported) => imported.fileName);
}

describe("import direction", () => {
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    it(`${room} imports only from ${["itself", ...allowed].join(", ")}`, () => {
      const wrong = sources(room).flatMap((file) =>
        importsOf(file)
          .filter((name) => name.startsWith("."))
          .map((name) => relative(ROOT, join(dirname(file), name)))
          .filter((target) => ![room, ...allowed].includes(target.split("/")[0] ?? ""))
          .map((target) => `${relative(ROOT, file)} imports ${target}`),
      );
      assert.deepEqual(wrong, []);
    });
  }

  for (const [room, forbidden] of Object.entries(FORBIDDEN)) {
    it(`${room} knows nothing of ${forbidden.source}`, () => {
      const wrong = sources(room).flatMap((file) =>
        importsOf(file)
          .filter((name) => forbidden.test(name))
          .map((name) => `${relative(ROOT, file)} imports ${name}`),
      );
      assert.deepEqual(wrong, []);
    });
  }

  it("finds sources in every room it judges", () => {
    for (const room of ["core", "cli"]) assert.ok(sources(room).length > 0, room);
  });
});
