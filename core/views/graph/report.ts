import { formatIssue } from "../../contract/issues/issue.ts";
import { isTokenizer } from "../../contract/names.ts";
import type { Plan } from "../../contract/plan.ts";
import { serviceName } from "../../contract/plan.ts";
import { devicesOf } from "../../knowledge/accelerators/devices.ts";
import { titleOf } from "../../kubernetes/workloads/disaggregatedset.ts";
import { podsPerUnit, workloadsOf } from "../../kubernetes/workloads/workloads.ts";
import { impactOf } from "../diff/impact.ts";
import type { PriceList } from "../diff/prices.ts";
import { explain } from "../explain/explain.ts";
import { sourceOf, text } from "../explain/whynot.ts";

import { graphOf } from "./graph.ts";
import { STYLE } from "./style.ts";
import { escapeXml, svg } from "./svg.ts";
import { devicesText, roleOf } from "./workloads.ts";

/**
 * Plans as one self-contained HTML page: the picture, then the same as tables (pods and GPUs, objects, origin of each
 * field). Light or dark like the reader's system; the same plans give the same page.
 */
export function reportHtml(plans: readonly Plan[], prices?: PriceList): string {
  const names = plans.map(serviceName);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(names.join(", "))}</title>
<style>${STYLE}</style>
</head>
<body>
${plans.map((plan) => section(plan, prices)).join("\n")}
</body>
</html>
`;
}

function section(plan: Plan, prices: PriceList | undefined): string {
  const { objects, issues, spec } = plan;
  const name = serviceName(plan);
  const given = issues.map((issue) => `<li>${escapeXml(formatIssue(issue))}</li>`).join("");
  return `<section>
<header><h1>${escapeXml(name)}</h1><p class="model">${escapeXml(spec?.model?.uri ?? "")}</p></header>
${summary(plan, prices)}
<div class="scroll">${svg(graphOf(objects), `${name}: from gateway to nodes`)}</div>
${given === "" ? "" : `<h2>Remarks</h2><ul class="issues">${given}</ul>`}
<h2>Pods and GPUs</h2>
${workloadTable(plan)}
<h2>Objects</h2>
${objectTable(plan)}
<h2>Where each field comes from</h2>
${explainTables(plan)}
</section>`;
}

function summary({ objects, appliedConfigs }: Plan, prices: PriceList | undefined): string {
  const { gpus, gpusAtMost, cost } = impactOf([], objects, prices);
  const pods = workloadsOf(objects).reduce((sum, workload) => sum + workload.count * podsPerUnit(workload), 0);
  const range = gpusAtMost.after > gpus.after ? `${gpus.after} to ${gpusAtMost.after}` : String(gpus.after);
  const figures: [string, string][] = [
    ["pods", String(pods)],
    ["GPUs", range],
    ...(cost === undefined ? [] : [["an hour", String(cost.after)] as [string, string]]),
    ["objects", String(objects.length)],
    ["configs", String(appliedConfigs.length)],
  ];
  const items = figures.map(([what, value]) => `<div><dd>${escapeXml(value)}</dd><dt>${what}</dt></div>`);
  return `<dl class="figures">${items.join("")}</dl>`;
}

function workloadTable({ objects }: Plan): string {
  const rows = workloadsOf(objects).flatMap((workload) =>
    workload.pods.map(({ spec, perUnit, part }) => {
      const { object, count, most } = workload;
      const pods = most > count ? `${count * perUnit} to ${most * perUnit}` : String(count * perUnit);
      const nodes = Object.entries(spec.nodeSelector ?? {}).map(([label, value]) => `${label}=${value}`);
      return [
        titleOf(object),
        [roleOf(object) ?? (isTokenizer(object) ? "tokenizer" : "scheduler"), part].filter(Boolean).join(" "),
        pods,
        devicesText(devicesOf(spec)) || "-",
        nodes.join(", ") || "any",
      ];
    }),
  );
  return tableHtml(["Workload", "Role", "Pods", "Devices a pod", "Nodes"], rows);
}

function objectTable({ objects }: Plan): string {
  const rows = objects.map(({ apiVersion, kind, metadata }) => [
    kind,
    metadata.name,
    metadata.namespace ?? "-",
    apiVersion,
  ]);
  return tableHtml(["Kind", "Name", "Namespace", "API"], rows);
}

/** Each part of the spec is collapsed at first, because the whole is long. */
function explainTables(plan: Plan): string {
  const rows = explain(plan);
  const parts = [...new Set(rows.map(({ path }) => partOf(path)))];
  return parts
    .map((part) => {
      const own = rows.filter(({ path }) => partOf(path) === part);
      const cells = own.map(({ path, value, layer, rule, overrode, written }) => [
        path,
        text(value),
        layer,
        rule,
        overrode.map((one) => `${text(one.value)} of ${sourceOf(one)}`).join(", "),
        written === undefined ? "" : text(written),
      ]);
      const table = tableHtml(["Field", "Value", "Set by", "Rule", "Over", "Template"], cells);
      return `<details><summary>${escapeXml(part)} <span>${own.length}</span></summary>${table}</details>`;
    })
    .join("\n");
}

/** `template`, `prefill.template`, `router.scheduler` …: the parts that a reader opens one at a time. */
function partOf(path: string): string {
  return /^(?:(?:prefill|router|groups\.[a-z0-9-]+)\.)?[^.[]+/.exec(path)?.[0] ?? path;
}

function tableHtml(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = titles.map((title) => `<th scope="col">${escapeXml(title)}</th>`).join("");
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join("")}</tr>`);
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}
