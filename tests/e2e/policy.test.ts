import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildPolicyPack } from "../../tools/build/policy.ts";
import { openStack, ROOT, withFolder } from "./engine.ts";

/** A runtime for which the engine has no language host, so that it looks for `pulumi-analyzer-policy-NAME` on PATH. */
const RUNTIME = "packrunner";

/**
 * The language host that the toolchain builds cannot start plugins. Releases of Pulumi can. Here a script starts the pack, as the host
 * of a release does: with the runner of @pulumi/pulumi, in the folder of the pack.
 */
function runnerIn(folder: string): string {
  const file = join(folder, `pulumi-analyzer-policy-${RUNTIME}`);
  mkdirSync(folder, { recursive: true });
  const runner = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
  writeFileSync(file, `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(runner)} "$@"\n`);
  chmodSync(file, 0o755);
  return folder;
}

/** The built pack, with that runtime. */
async function packIn(folder: string): Promise<string> {
  await buildPolicyPack(folder);
  const manifest = join(folder, "PulumiPolicy.yaml");
  const text = readFileSync(manifest, "utf8");
  assert.match(text, /name: nodejs/);
  writeFileSync(manifest, text.replace("name: nodejs", `name: ${RUNTIME}`));
  return folder;
}

describe("the policy pack under the engine", () => {
  it("refuses a preview that breaks a rule, and lets the same service pass once the rule is advisory", () =>
    withFolder(async (folder) => {
      const pack = await packIn(join(folder, "pack"));
      const config = { folder: join(folder, "rendered") };
      const stack = await openStack(folder, "rendered.ts", { config });
      const env = stack.workspace.envVars;
      env["PATH"] = `${runnerIn(join(folder, "bin"))}${delimiter}${env["PATH"]}`;
      const configured = (level: string): string => {
        const file = join(folder, `${level}.json`);
        const rule = { enforcementLevel: level, allowed: ["nvidia-h100-80gb"] };
        writeFileSync(file, JSON.stringify({ "allowed-accelerators": rule, "no-plain-tokens": level }));
        return file;
      };
      const preview = (level: string) => stack.preview({ policyPacks: [pack], policyPackConfigs: [configured(level)] });
      await assert.rejects(preview("mandatory"), /asks for nvidia-l4; allowed are nvidia-h100-80gb/);
      const { stdout } = await preview("advisory");
      assert.match(stdout, /allowed-accelerators/);
      assert.match(stdout, /no PodDisruptionBudget/);
    }));
});
