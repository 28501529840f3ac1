import assert from "node:assert/strict";
import { readText } from "../repository.ts";

const manifest = JSON.parse(readText("package.json")) as Record<
  "dependencies" | "devDependencies",
  Record<string, string>
>;
const lock = JSON.parse(readText("package-lock.json")) as { packages: Record<string, { hasInstallScript?: true }> };

/** The rows of the table below a heading: the packages of the first cell, and whether every other cell has text. */
function rowsBelow(heading: string): { names: string[]; isFilled: boolean }[] {
  const section =
    readText("docs/dependencies.md")
      .split(/^## /m)
      .find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) => {
    const [first = "", ...rest] = line.split("|").slice(1, -1);
    return {
      names: [...first.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
      isFilled: rest.length > 0 && rest.every((cell) => cell.trim().length > 2),
    };
  });
}

const TABLES: readonly [heading: string, packages: string[]][] = [
  ["At run time", Object.keys(manifest.dependencies)],
  ["For development", Object.keys(manifest.devDependencies)],
  [
    "Install scripts",
    Object.entries(lock.packages).flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript ? [path.replace(/^.*node_modules\//, "")] : [],
    ),
  ],
];

describe("docs/dependencies.md", () => {
  for (const [heading, packages] of TABLES) {
    it(`gives a reason for each package of "${heading}" and for no other`, () => {
      const rows = rowsBelow(heading);
      assert.ok(packages.length > 0);
      assert.deepEqual(rows.flatMap(({ names }) => names).sort(), [...new Set(packages)].sort());
      assert.deepEqual(
        rows.filter(({ isFilled }) => !isFilled),
        [],
      );
    });
  }
});
