import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ISSUE_CODES } from "../../core/contract/issues/issue.ts";
import { packageSchema } from "../../provider/schema/schema.ts";
import { REFERENCE, referencePages } from "../../tools/generate/reference.ts";

const read = (name: string): string => readFileSync(join(REFERENCE, name), "utf8");
/** The rows below a heading, by the name in their first cell. */
function rowsBelow(page: string, heading: string): string[] {
  const [, after = ""] = page.split(`\n${heading}\n`);
  const section = after.split(/\n##+ /, 1)[0] ?? "";
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = ""]) => name);
}

describe("docs/reference", () => {
  const pages = referencePages();
  const schema = packageSchema("");

  it("consists of exactly the pages that a fresh generation writes", () => {
    assert.deepEqual(readdirSync(REFERENCE).sort(), Object.keys(pages).sort());
    for (const [name, text] of Object.entries(pages)) assert.equal(read(name), text, `${name}: run npm run generate`);
  });

  it("has a row for every argument and output of every component and function", () => {
    for (const [token, { inputProperties, properties }] of Object.entries(schema.resources)) {
      const name = token.split(":").at(-1);
      assert.deepEqual(rowsBelow(read("components.md"), `### Arguments of ${name}`), Object.keys(inputProperties));
      assert.deepEqual(rowsBelow(read("components.md"), `### Outputs of ${name}`), Object.keys(properties));
    }
    for (const [token, { inputs, outputs }] of Object.entries(schema.functions)) {
      const name = token.split(":").at(-1);
      assert.deepEqual(rowsBelow(read("functions.md"), `### Arguments of ${name}`), Object.keys(inputs.properties));
      assert.deepEqual(rowsBelow(read("functions.md"), `### Results of ${name}`), Object.keys(outputs.properties));
    }
  });

  it("has a heading for every type, with a row for each of its fields", () => {
    const page = read("types.md");
    for (const [token, type] of Object.entries(schema.types)) {
      const heading = `## ${token.split(":").at(-1)}`;
      assert.ok(page.includes(`\n${heading}\n`), heading);
      if ("properties" in type) assert.deepEqual(rowsBelow(page, heading), Object.keys(type.properties), heading);
    }
  });

  it("has a row for every issue code", () => {
    const named = [...read("codes.md").matchAll(/^\| \[(\w+)\]/gm)].map(([, code]) => code);
    assert.deepEqual(named, Object.keys(ISSUE_CODES));
  });
});
