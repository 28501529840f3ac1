import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { isFine } from "../../core/contract/issue.ts";
import { plan } from "../../core/plan.ts";
import { UnreadableInput } from "../input.ts";
import { lookAt } from "../look.ts";
import { printIssues } from "../output.ts";
import { inputFor, type RequestOptions, readRequest } from "../request.ts";

/** Plans every service and looks whether a cluster could take it; writes nothing to the cluster. Returns the exit code. */
export async function preflight(options: RequestOptions & ClusterChoice): Promise<number> {
  const request = readRequest(options);
  if (request.services.length === 0) throw new UnreadableInput("no LLMInferenceService in the input");
  const look = await lookAt(options, request);
  let fine = true;
  for (const service of request.services) {
    const { source } = service;
    const planned = plan(inputFor(request, service));
    const before = [...request.issues, ...planned.issues];
    printIssues(source, before);
    fine &&= isFine(before);
    if (!isFine(before)) continue;
    const issues = await look(source, planned);
    printIssues(source, issues);
    const errors = issues.filter(({ severity }) => severity === "error").length;
    const verdict =
      errors === 0 ? "the cluster can take it" : `${errors} ${errors === 1 ? "thing is" : "things are"} missing`;
    process.stdout.write(`${source}: ${planned.service?.metadata.name}: ${verdict}\n`);
    fine &&= errors === 0;
  }
  return fine ? 0 : 1;
}
