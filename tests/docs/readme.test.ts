import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** The texts of the code blocks of a language. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text = ""]) => text);
}

describe("README.md", () => {
  it("quotes examples/first/service.yaml to the letter", () => {
    assert.ok(blocks("yaml").includes(readFileSync(join(ROOT, "examples/first/service.yaml"), "utf8")));
  });

  it("shows lines that the command prints, in their order and with their indentation", () => {
    const [shown = ""] = blocks("console");
    const [command = "", ...lines] = shown.trimEnd().split("\n");
    const args = command.replace("$ kserve-llm ", "").split(" ");
    const { stdout } = spawnSync(process.execPath, [join(ROOT, "cli/main.ts"), ...args], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const printed = stdout.split("\n");
    assert.ok(lines.length >= 10, `${lines.length} lines are shown`);
    const missing = lines.filter((line) => {
      const at = printed.indexOf(line);
      printed.splice(0, at + 1);
      return at < 0;
    });
    assert.deepEqual(missing, []);
    assert.ok(README.includes(`${stdout.trimEnd().split("\n").length} lines`), "the number of lines is the true one");
  });
});
