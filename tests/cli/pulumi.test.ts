import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failureOf, pulumi } from "../../cli/state/pulumi.ts";

const WARNING = "warning: using pulumi-language-nodejs from $PATH at /usr/bin/pulumi-language-nodejs\n";
const DIGEST = {
  steps: [],
  diagnostics: [
    { severity: "warning", message: "an old plugin" },
    { severity: "error", message: 'deployments.apps "chat" not found\n' },
  ],
};

const CASES: readonly { name: string; stdout?: string; stderr?: string; expected: string }[] = [
  {
    name: "the errors of a preview's JSON, while the other stream has a warning alone",
    stdout: JSON.stringify(DIGEST),
    stderr: WARNING,
    expected: 'deployments.apps "chat" not found',
  },
  {
    name: "the lines that name an error, each once",
    stdout:
      "Diagnostics:\n    error: update failed\n    error: update failed\n    error: no such host\nResources:\n    1 errored\n",
    stderr: WARNING,
    expected: "error: update failed\nerror: no such host",
  },
  {
    name: "the last lines of a run that names no error",
    stdout: "one\n\ntwo\n",
    stderr: "",
    expected: "one\ntwo",
  },
];

describe("the reason why a run of pulumi failed", () => {
  for (const { name, stdout = "", stderr = "", expected } of CASES) {
    it(`is in the message for ${name}`, () => assert.equal(failureOf({ code: 255, stdout, stderr }), expected));
  }
});

describe("checkpoints of the engine (PULUMI_SKIP_CHECKPOINTS)", () => {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-pulumi-"));
  const path = process.env["PATH"];
  before(() => {
    writeFileSync(join(folder, "pulumi"), '#!/bin/sh\necho "$PULUMI_SKIP_CHECKPOINTS"\n', { mode: 0o755 });
    process.env["PATH"] = `${folder}:${path}`;
  });
  after(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true });
  });

  it("are left out of a preview, which writes no state", async () => {
    assert.equal((await pulumi(["preview", "--json"], {})).stdout, "true\n");
  });

  it("are written in an update, because a killed run needs them", async () => {
    assert.equal((await pulumi(["up", "--yes"], {})).stdout, "\n");
  });
});
