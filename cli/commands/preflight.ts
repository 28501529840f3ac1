import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { isFine } from "../../core/contract/issues/issue.ts";
import { plan } from "../../core/plan.ts";
import { lookAt } from "../input/clusterpreflight.ts";
import { NO_SERVICE, UnreadableInput } from "../input/input.ts";
import { inputFor, type RequestOptions, readRequest } from "../input/request.ts";
import type { Result, Terminal } from "../text/terminal.ts";

/** Plans every service and checks whether a cluster could run it; writes nothing to the cluster. */
export async function preflight(options: RequestOptions & ClusterChoice, terminal: Terminal): Promise<Result> {
  const request = readRequest(options, terminal);
  if (request.services.length === 0) throw new UnreadableInput(NO_SERVICE);
  const look = await lookAt(options, request, terminal);
  let fine = true;
  for (const service of request.services) {
    const { source } = service;
    const planned = plan(inputFor(request, service));
    const before = [...request.issues, ...planned.issues];
    terminal.issues(source, before);
    fine &&= isFine(before);
    if (!isFine(before)) continue;
    const issues = await look(source, planned);
    terminal.issues(source, issues);
    const errors = issues.filter(({ severity }) => severity === "error").length;
    const verdict =
      errors === 0
        ? "the cluster meets all requirements"
        : `${errors} ${errors === 1 ? "requirement is" : "requirements are"} not met`;
    terminal.print([`${source}: ${planned.service?.metadata.name}: ${verdict}`]);
    fine &&= errors === 0;
  }
  return terminal.done(fine ? 0 : 1);
}
