import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { STACKS } from "../../../../core/knowledge/stacks/stacks.ts";

const ROOT = join(import.meta.dirname, "../../../..");
/** A text that only consists of a version, an image with a tag, or a release of the stack. */
const NAMES_A_RELEASE = [/^v?\d+\.\d+\.\d+$/, /^[\w.-]+(?:\/[\w.-]+)+:v?\d/, /\bllm-d-\d/];
/** vLLM's default share of the memory by its release: a rule of the memory check that does not depend on the stack. */
const OF_VLLM = ["core/stages/check/devices/memory.ts"];

/** The texts of a file: literals and templates, not comments. */
function textsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}
const namesIn = (texts: readonly string[]): string[] =>
  texts.filter((text) => NAMES_A_RELEASE.some((pattern) => pattern.test(text)));

describe("the stages", () => {
  const files = globSync("core/stages/**/*.ts", { cwd: ROOT }).filter((file) => !OF_VLLM.includes(file));

  it("name no release and no image: these are in core/knowledge", () => {
    assert.ok(files.length > 100, String(files.length));
    const named = files.flatMap((file) => namesIn(textsIn(file)).map((text) => `${file}: ${text}`));
    assert.deepEqual(named, []);
  });

  it("finds each image and name of every release", () => {
    for (const { name, scheduler, engines } of STACKS) {
      const texts = [name, scheduler.version, scheduler.image, ...Object.values(engines).map(({ image }) => image)];
      assert.deepEqual(namesIn(texts), texts);
    }
  });
});
