import { isFine } from "../../core/contract/issues/issue.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { serviceName } from "../../core/contract/plan.ts";
import { plan } from "../../core/plan.ts";
import { type Explained, explain as explainPlan } from "../../core/views/explain/explain.ts";
import { sourceOf, text, type WhyNot, whyNot } from "../../core/views/explain/whynot.ts";
import { NO_SERVICE, UnreadableInput } from "../input/input.ts";
import { inputFor, type RequestOptions, readRequest } from "../input/request.ts";
import { jsonText } from "../text/output.ts";
import { table } from "../text/table.ts";
import type { Result, Terminal } from "../text/terminal.ts";
import { type Line, line, styled } from "../text/text.ts";

export type ExplainOptions = RequestOptions & { output: "table" | "json"; whyNot?: string };

/**
 * Prints which layer set each leaf of the merged spec; for one flag or field, what happened to the wanted value. A
 * refused plan is explained as far as it got.
 */
export function explain(field: string | undefined, options: ExplainOptions, terminal: Terminal): Result {
  const request = readRequest(options, terminal);
  if (request.services.length === 0) throw new UnreadableInput(NO_SERVICE);
  const answers = request.services.map((service) => {
    const { source } = service;
    const planned = plan(inputFor(request, service));
    const issues = [...request.issues, ...planned.issues];
    terminal.issues(source, issues);
    const answer = answerOf(planned, field, options.whyNot);
    const found = "answer" in answer || answer.fields.length > 0;
    if (!found && planned.spec !== undefined) {
      terminal.tell([
        `${source}: the merged spec has no field ${field ?? ""}; without FIELD, explain lists all fields`,
      ]);
    }
    return { service: serviceName(planned), answer, fine: isFine(issues) && found };
  });
  if (options.output === "json") {
    const documents = answers.map(({ service, answer }) => ({ service, ...answer }));
    terminal.write(jsonText(documents.length === 1 ? documents[0] : documents));
  } else {
    for (const { service, answer } of answers) {
      if (answers.length > 1) terminal.print([line(styled(service, "cyan"))]);
      terminal.print("answer" in answer ? whyNotText(answer) : explainedTable(answer.fields));
    }
  }
  return terminal.done(answers.every(({ fine }) => fine) ? 0 : 1);
}

function answerOf(planned: Plan, field?: string, question?: string): { fields: Explained[] } | WhyNot {
  if (question !== undefined) return whyNot(planned, question);
  return { fields: explainPlan(planned, field) };
}

function explainedTable(rows: readonly Explained[]): Line[] {
  return table(rows, [
    { title: "FIELD", cell: ({ path }) => path },
    { title: "VALUE", cell: ({ value }) => text(value), widest: 48 },
    { title: "SET BY", cell: ({ layer }) => layer },
    { title: "RULE", cell: ({ rule }) => rule },
    {
      title: "OVER",
      cell: ({ overrode }) => overrode.map((one) => `${text(one.value)} of ${sourceOf(one)}`).join(", "),
      widest: 80,
    },
  ]);
}

function whyNotText({ places, answer }: WhyNot): Line[] {
  const histories = places.flatMap(({ path, values: given, holds }) => {
    const rows = table(given, [
      { title: "LAYER", cell: sourceOf },
      { title: "VALUE", cell: ({ value }) => text(value), widest: 80 },
    ]);
    return [line(styled(path, "cyan"), `: ${holds === undefined ? "not set" : text(holds)}`), ...rows, ""];
  });
  return [...histories, answer];
}
