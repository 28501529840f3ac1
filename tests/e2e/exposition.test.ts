import assert from "node:assert/strict";
import { positionIn, releaseNumber } from "../../core/knowledge/engine/release.ts";
import { allMetrics } from "../../core/knowledge/metrics/metrics.ts";
import { run } from "../../tools/toolchain/processes/run.ts";
import { VLLM_RELEASE, vllmCommand, vllmProblem } from "../../tools/vllm/environment.ts";
import { exported } from "./exposition.ts";
import { skipWhere } from "./skip.ts";

describe(`the metrics of an engine of vLLM ${VLLM_RELEASE}`, () => {
  before(function () {
    skipWhere(this, vllmProblem());
  });

  it("are those of the table for its release, with the same types and labels", async () => {
    const { command, args, env } = vllmCommand("metrics.py");
    const real = exported(await run(command, args, { env }));
    const wanted = allMetrics().filter(
      (metric) => metric.exporter === "vllm" && positionIn(metric, releaseNumber(VLLM_RELEASE) ?? 0) === "inside",
    );
    assert.ok(wanted.length > 30, `${wanted.length} metrics`);
    const found = wanted.map(({ name }) => ({ name, ...real.get(name) }));
    assert.deepEqual(
      found,
      wanted.map(({ name, kind, labels }) => ({ name, kind, labels: [...labels].sort() })),
    );
  });
});
