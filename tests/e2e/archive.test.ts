import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { buildArchives } from "../../tools/release/archive.ts";
import { ownTarget } from "../../tools/release/targets.ts";
import { ensureToolchain } from "../../tools/toolchain/ensure.ts";
import { run } from "../../tools/toolchain/run.ts";
import { ROOT, settings, withFolder } from "./engine.ts";
import { adaptSchema } from "./languages.ts";

/** What an engine needs for a program in YAML; nothing else is on its PATH. */
const BINARIES = ["pulumi", "pulumi-language-yaml", "pulumi-resource-kubernetes"];

describe("the archive of this machine", () => {
  it("is installed by Pulumi and deploys a program in YAML where no Node is on PATH", () =>
    withFolder(async (folder) => {
      const toolchain = await ensureToolchain({ groups: ["engine", "languages"], log: () => undefined });
      const schema = join(folder, "schema.json");
      cpSync(join(ROOT, "provider/schema.json"), schema);
      adaptSchema(schema, toolchain);
      const { version } = JSON.parse(readFileSync(schema, "utf8")) as { version: string };
      const [archive = ""] = await buildArchives({ folder, version, targets: [ownTarget()], schema });

      const bin = join(folder, "bin");
      mkdirSync(bin);
      for (const name of BINARIES) {
        const found = await run("sh", ["-c", 'command -v "$0"', name], { env: { ...process.env, ...toolchain.env } });
        symlinkSync(found.trim(), join(bin, name));
      }
      const project = join(folder, "project");
      mkdirSync(project);
      writeFileSync(join(project, "Pulumi.yaml"), withoutPlugins(join(ROOT, "examples/yaml/Pulumi.yaml")));
      mkdirSync(join(folder, "backend"));
      const home = join(folder, "home");
      const env = { PATH: bin, HOME: folder, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true", ...settings(folder) };
      const pulumi = (...args: string[]): Promise<string> =>
        run(join(bin, "pulumi"), [...args, "--non-interactive"], { cwd: project, env });

      await pulumi("plugin", "install", "resource", "kserve-llm", `v${version}`, "--file", join(folder, archive));
      assert.ok(readdirSync(join(home, "plugins")).includes(`resource-kserve-llm-v${version}`));
      await pulumi("stack", "init", "test");
      await pulumi("up", "--yes", "--skip-preview");
      const outputs = JSON.parse(await pulumi("stack", "output", "--json")) as { url: string };
      assert.equal(outputs.url, "http://chat-kserve-workload-svc.default.svc.cluster.local:8000");
      const rendered = readdirSync(join(project, "rendered"), { recursive: true, encoding: "utf8" });
      assert.ok(
        rendered.some((name) => name.includes("deployment-default-chat-kserve")),
        rendered.join(),
      );
    }));
});

/** The program as it is outside of a clone: the engine finds the plugin among those that are installed. */
function withoutPlugins(file: string): string {
  const program = parseDocument(readFileSync(file, "utf8"));
  program.delete("plugins");
  return program.toString();
}
