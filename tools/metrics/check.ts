import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { positionIn, releaseNumber } from "../../core/knowledge/engine/release.ts";
import { allMetrics } from "../../core/knowledge/metrics/metrics.ts";
import type { Exporter } from "../../core/knowledge/metrics/table.ts";

/**
 * Compares the table of metrics with the sources of the parts that export them:
 *
 *     node tools/metrics/check.ts vllm 0.26.0 FOLDER      an unpacked wheel of vLLM
 *     node tools/metrics/check.ts scheduler 0.10.0 FOLDER  a checkout of that tag
 *
 * Names the metrics of the table that the release should have and whose name its sources do not hold.
 */

/** Where an exporter defines its metrics, and how its sources write a name of the table. */
const SOURCES: Readonly<Record<Exporter, { files: string; writtenAs: (name: string) => string[] }>> = {
  // prometheus_client adds _total to the name of a counter that does not end with it.
  vllm: { files: "vllm/**/*.py", writtenAs: (name) => [name, name.replace(/_total$/, "")] },
  scheduler: { files: "pkg/**/*.go", writtenAs: (name) => [name.replace("llm_d_epp_", ""), name] },
  keda: {
    files: "pkg/metricscollector/*.go",
    writtenAs: (name) => [name.replace(/^keda_(scaler|scaled_object)_/, "")],
  },
  variantAutoscaler: { files: "internal/**/*.go", writtenAs: (name) => [name] },
  kubeStateMetrics: { files: "internal/store/*.go", writtenAs: (name) => [name] },
};

/** Metrics of the table that belong to a release by their span, but that its sources do not name. */
export function missingIn(exporter: Exporter, release: string, folder: string): string[] {
  const { files, writtenAs } = SOURCES[exporter];
  const paths = globSync(files, { cwd: folder }).filter((path) => !path.endsWith("_test.go"));
  const literals = new Set(
    paths.flatMap((path) =>
      [...readFileSync(join(folder, path), "utf8").matchAll(/"([\w:]+)"/g)].map(([, text = ""]) => text),
    ),
  );
  const number = releaseNumber(release) ?? 0;
  return allMetrics()
    .filter((metric) => metric.exporter === exporter && positionIn(metric, number) === "inside")
    .filter(({ name }) => !writtenAs(name).some((text) => literals.has(text)))
    .map(({ name }) => name);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [exporter, release = "", folder = "."] = process.argv.slice(2);
  const missing = missingIn(exporter as Exporter, release, folder);
  process.stdout.write(missing.length === 0 ? "every metric of the table is there\n" : `${missing.join("\n")}\n`);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
