import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allMetrics } from "../../core/knowledge/metrics/metrics.ts";
import { missingIn } from "../../tools/metrics/check.ts";

describe("tools/metrics/check.ts", () => {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-metrics-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("names the metrics that the sources of a release do not have", () => {
    const written = allMetrics()
      .filter(({ exporter, name }) => exporter === "vllm" && name !== "vllm:num_requests_waiting")
      .map(({ name }) => `Counter(name="${name.replace(/_total$/, "")}")\n`);
    mkdirSync(join(folder, "vllm/v1"), { recursive: true });
    writeFileSync(join(folder, "vllm/v1/loggers.py"), written.join(""));
    assert.deepEqual(missingIn("vllm", "0.32.0", folder), ["vllm:num_requests_waiting"]);
  });

  it("does not expect later metrics in an older release", () => {
    const [later] = allMetrics().filter(({ exporter, from }) => exporter === "scheduler" && from === "0.10");
    assert.ok(later);
    assert.ok(missingIn("scheduler", "0.10.0", folder).includes(later.name));
    assert.ok(!missingIn("scheduler", "0.9.0", folder).includes(later.name));
  });
});
