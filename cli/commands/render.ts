import { type Issue, isFine } from "../../core/contract/issues/issue.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { plan } from "../../core/plan.ts";
import { NO_SERVICE, UnreadableInput } from "../input/input.ts";
import { inputFor, type RequestOptions, readRequest } from "../input/request.ts";
import { documentsText, type Format } from "../text/output.ts";
import type { Result, Terminal } from "../text/terminal.ts";

type Options = RequestOptions & { output: Format };

/** Prints the objects of every service, or nothing if one of them is refused. */
export function render(options: Options, terminal: Terminal): Result {
  return planAll(options, terminal, (planned) => planned.objects);
}

/** Prints each service with its merged spec instead of its written one. */
export function merge(options: Options, terminal: Terminal): Result {
  return planAll(options, terminal, ({ service, spec }) => [
    { apiVersion: service?.apiVersion, kind: service?.kind, metadata: service?.metadata, spec },
  ]);
}

function planAll(options: Options, terminal: Terminal, pick: (planned: Plan) => readonly unknown[]): Result {
  const request = readRequest(options, terminal);
  if (request.services.length === 0) throw new UnreadableInput(NO_SERVICE);
  const results = request.services.map((service) => {
    const planned = plan(inputFor(request, service));
    const issues: Issue[] = [...request.issues, ...planned.issues];
    terminal.issues(service.source, issues);
    return { fine: isFine(issues), values: pick(planned) };
  });
  if (!results.every((result) => result.fine)) return terminal.done(1);
  const values = results.flatMap((result) => result.values);
  terminal.write(documentsText(values, options.output));
  return terminal.done(0);
}
