import { isFine } from "../../core/contract/issues/issue.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { plan } from "../../core/plan.ts";
import { graphOf } from "../../core/views/graph/graph.ts";
import { mermaid } from "../../core/views/graph/mermaid.ts";
import { reportHtml } from "../../core/views/graph/report.ts";
import { picture } from "../../core/views/graph/svg.ts";
import { NO_SERVICE, UnreadableInput } from "../input/input.ts";
import { inputFor, type RequestOptions, readRequest } from "../input/request.ts";
import { writeFile } from "../input/write.ts";
import { nameOf } from "../state/sides.ts";
import { jsonText } from "../text/output.ts";
import type { Result, Terminal } from "../text/terminal.ts";
import { readPrices } from "./diff.ts";

export type GraphOptions = RequestOptions & { output: "mermaid" | "svg" | "json"; html?: string; prices?: string };

/** Draws every service: as text on standard output, or as a page in a file. */
export function graph(options: GraphOptions, terminal: Terminal): Result {
  const request = readRequest(options, terminal);
  if (request.services.length === 0) throw new UnreadableInput(NO_SERVICE);
  const planned = request.services.map((service) => {
    const input = inputFor(request, service);
    const result = plan(input);
    const issues = [...request.issues, ...result.issues];
    terminal.issues(service.source, issues);
    return { name: nameOf(service.document), plan: result, input, issues };
  });
  if (!planned.every(({ issues }) => isFine(issues))) return terminal.done(1);
  if (options.html === undefined) {
    const graphs = planned.map(({ name, plan: { objects } }) => ({ name, graph: graphOf(objects) }));
    if (options.output === "json") terminal.write(jsonText(graphs));
    else if (options.output === "svg") terminal.write(picture(graphs));
    else terminal.print(mermaid(graphs).trimEnd().split("\n"));
    return terminal.done(0);
  }
  const plans = planned.map((one): Plan => one.plan);
  writeFile(options.html, reportHtml(plans, readPrices(options.prices, planned, terminal)));
  terminal.tell([`written: ${options.html}`]);
  return terminal.done(0);
}
