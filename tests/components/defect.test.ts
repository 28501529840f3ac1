import assert from "node:assert/strict";
import { DefectError, reportingDefects } from "../../components/planning/defect.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { planSpec } from "../../core/plan.ts";

describe("reportingDefects", () => {
  it("turns an exception of this package's code into a report of a defect", async () => {
    const broken = { service: {}, settings: DEFAULT_SETTINGS, configs: undefined as never };
    const thrown = reportingDefects("the test", async () => planSpec(broken));
    await assert.rejects(thrown, (error) => {
      assert.ok(error instanceof DefectError);
      assert.match(error.message, /^this is a bug in pulumi-kserve-llm .* during the test\n/);
      assert.match(error.message, /at planSpec \(core\/plan\.ts:\d+:\d+\)/);
      return true;
    });
  });

  it("passes on an error that is addressed to the user", async () => {
    const error = new Error("the stack is locked");
    await assert.rejects(
      reportingDefects("the test", () => Promise.reject(error)),
      (thrown) => thrown === error,
    );
  });
});
