import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPolicyPack } from "../../tools/build/policy.ts";
import { openStack, ROOT, withFolder } from "./engine.ts";

/**
 * The built pack as a program, which the engine starts as it is. The language host that the toolchain builds cannot start plugins; releases of
 * Pulumi can, and take the folder. The script does what their host does: it starts the runner of @pulumi/pulumi in the folder of the pack.
 */
async function packIn(folder: string): Promise<string> {
  await buildPolicyPack(folder);
  assert.match(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8"), /name: nodejs/);
  const file = join(folder, "run");
  const runner = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
  const words = [process.execPath, runner].map((word) => JSON.stringify(word)).join(" ");
  writeFileSync(file, `#!/bin/sh\ncd ${JSON.stringify(folder)} && exec ${words} "$1" .\n`);
  chmodSync(file, 0o755);
  return file;
}

describe("the policy pack under the engine", () => {
  it("refuses a preview that breaks a rule, and accepts the same service once the rule is advisory", () =>
    withFolder(async (folder) => {
      const pack = await packIn(join(folder, "pack"));
      const config = { folder: join(folder, "rendered") };
      const stack = await openStack(folder, "rendered.ts", { config });
      const configured = (level: string): string => {
        const file = join(folder, `${level}.json`);
        const rule = { enforcementLevel: level, allowed: ["nvidia-h100-80gb"] };
        writeFileSync(file, JSON.stringify({ "allowed-accelerators": rule, "no-plain-tokens": level }));
        return file;
      };
      const preview = (level: string) => stack.preview({ policyPacks: [pack], policyPackConfigs: [configured(level)] });
      await assert.rejects(preview("mandatory"), /request nvidia-l4; allowed are nvidia-h100-80gb/);
      const { stdout } = await preview("advisory");
      assert.match(stdout, /allowed-accelerators/);
      assert.match(stdout, /no PodDisruptionBudget/);
    }));
});
