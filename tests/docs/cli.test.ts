import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call } from "../cli/cli.ts";
import { COMMAND, ROOT } from "../repository.ts";

const DOCUMENT = readFileSync(join(ROOT, "docs/cli.md"), "utf8");
const EXAMPLES = [...DOCUMENT.matchAll(/```console\n\$ kserve-llm (.*)\n([\s\S]*?)```/g)];

/** The examples in docs/cli.md are exactly what the command line prints. */
describe("docs/cli.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-docs-"));
  before(() => cpSync(join(ROOT, "examples/cli"), folder, { recursive: true }));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [, command = "", shown] of EXAMPLES) {
    it(`kserve-llm ${command}`, () => {
      const args = [COMMAND, ...command.split(" ")];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
      assert.equal(stdout + stderr, shown);
    });
  }

  it("names every command and every long option of theirs, those of one side of a comparison by their common name", async () => {
    const help = async (...command: string[]): Promise<string> => (await call([...command, "--help"])).out;
    const commandsOf = (text: string): string[] =>
      [...(text.split("Commands:\n")[1] ?? "").matchAll(/^ {2}([a-z]+)/gm)].flatMap(([, name = ""]) =>
        name === "help" ? [] : [name],
      );
    const commands: string[][] = [];
    for (const name of commandsOf(await help())) {
      const below = commandsOf(await help(name));
      commands.push(...(below.length > 0 ? below.map((sub) => [name, sub]) : [[name]]));
    }
    assert.ok(commands.length >= 8, `${commands.length} commands`);
    for (const command of commands) {
      assert.ok(DOCUMENT.includes(`\n## ${command.join(" ")}\n`), command.join(" "));
      const options = new Set([...(await help(...command)).matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option));
      for (const option of options) {
        const common = option.replace(/-(a|b|from|to)$/, "");
        const named = options.has(common) ? common : option;
        if (option !== "--help") assert.ok(DOCUMENT.includes(named), `${command.join(" ")} ${option}`);
      }
    }
  });

  it("quotes the file of expected differences", () => {
    assert.ok(DOCUMENT.includes(readFileSync(join(ROOT, "examples/cli/expected.yaml"), "utf8")));
  });
});
