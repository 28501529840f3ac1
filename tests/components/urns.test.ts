import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Registered, runMocked } from "./mocks.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(import.meta.dirname, "urns");

/** Programs that between them have every topology, and a platform with releases. */
const PROGRAMS: Readonly<Record<string, string>> = {
  quickstart: "examples/quickstart/index.ts",
  "data-parallel": "examples/data-parallel/index.ts",
  "promotion-platform": "examples/promotion/platform/index.ts",
  topologies: "tests/e2e/programs/topologies.ts",
};

/** The parts of a URN after stack and project: the types of all parents, the resource's type, the name. */
function urnOf({ type, name, parent }: Registered): string {
  const types = parent.split("::")[2] ?? "";
  const above = types === "" || types.endsWith("pulumi:pulumi:Stack") ? "" : `${types}$`;
  return `${above}${type}::${name}`;
}

/**
 * A resource whose URN changes is deleted and created again, with its pods, unless an alias names its former URN. So a
 * line that is removed from these files requires such an alias, and a test of it; UPDATE_URNS=1 writes the files again.
 */
describe("URNs of children", () => {
  for (const [name, program] of Object.entries(PROGRAMS)) {
    it(`of ${name} have not changed`, async () => {
      const { registered } = await runMocked(() => import(join(ROOT, program)));
      const urns = `${registered.map(urnOf).sort().join("\n")}\n`;
      const file = join(FOLDER, `${name}.txt`);
      if (process.env["UPDATE_URNS"]) writeFileSync(file, urns);
      else assert.equal(urns, readFileSync(file, "utf8"));
    });
  }
});
