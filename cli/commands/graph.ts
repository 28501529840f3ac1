import { writeFileSync } from "node:fs";
import { isFine } from "../../core/contract/issue.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { plan } from "../../core/plan.ts";
import { graphOf } from "../../core/views/graph/graph.ts";
import { mermaid } from "../../core/views/graph/mermaid.ts";
import { reportHtml } from "../../core/views/graph/report.ts";
import { UnreadableInput } from "../input.ts";
import { printIssues } from "../output.ts";
import { inputFor, type RequestOptions, readRequest } from "../request.ts";
import { nameOf } from "../sides.ts";
import { readPrices } from "./diff.ts";

export type GraphOptions = RequestOptions & { output: "mermaid" | "json"; html?: string; prices?: string };

/** Draws every service: as text on standard output, or as a page in a file. Returns the exit code. */
export function graph(options: GraphOptions): number {
  const request = readRequest(options);
  if (request.services.length === 0) throw new UnreadableInput("no LLMInferenceService in the input");
  const planned = request.services.map((service) => {
    const input = inputFor(request, service);
    const result = plan(input);
    const issues = [...request.issues, ...result.issues];
    printIssues(service.source, issues);
    return { name: nameOf(service.document), plan: result, input, issues };
  });
  if (!planned.every(({ issues }) => isFine(issues))) return 1;
  if (options.html === undefined) {
    const graphs = planned.map(({ name, plan: { objects } }) => ({ name, graph: graphOf(objects) }));
    const text = options.output === "json" ? `${JSON.stringify(graphs, null, 2)}\n` : mermaid(graphs);
    process.stdout.write(text);
    return 0;
  }
  write(
    options.html,
    reportHtml(
      planned.map((one): Plan => one.plan),
      readPrices(options.prices, planned),
    ),
  );
  return 0;
}

function write(file: string, page: string): void {
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw new UnreadableInput(`${file}: ${(error as Error).message}`);
  }
  process.stderr.write(`written: ${file}\n`);
}
