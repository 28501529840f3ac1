import { type Issue, isFine } from "../../core/contract/issue.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { plan } from "../../core/plan.ts";
import { UnreadableInput } from "../input.ts";
import { type Format, print, printIssues } from "../output.ts";
import { inputFor, type RequestOptions, readRequest } from "../request.ts";

type Options = RequestOptions & { output: Format };

/** Prints the objects of every service; nothing at all when one of them is refused. Returns the exit code. */
export function render(options: Options): number {
  return planAll(options, (planned) => planned.objects);
}

/** Prints each service with its merged spec in place of the one it was written with. Returns the exit code. */
export function merge(options: Options): number {
  return planAll(options, ({ service, spec }) => [
    { apiVersion: service?.apiVersion, kind: service?.kind, metadata: service?.metadata, spec },
  ]);
}

function planAll(options: Options, pick: (planned: Plan) => readonly unknown[]): number {
  const request = readRequest(options);
  if (request.services.length === 0) throw new UnreadableInput("no LLMInferenceService in the input");
  const results = request.services.map((service) => {
    const planned = plan(inputFor(request, service));
    const issues: Issue[] = [...request.issues, ...planned.issues];
    printIssues(service.source, issues);
    return { fine: isFine(issues), values: pick(planned) };
  });
  if (!results.every((result) => result.fine)) return 1;
  print(
    results.flatMap((result) => result.values),
    options.output,
  );
  return 0;
}
