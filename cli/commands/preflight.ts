import { connect } from "../../cluster/client.ts";
import { describeFacts, readFacts } from "../../cluster/facts.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { isFine } from "../../core/errors.ts";
import { plan } from "../../core/plan.ts";
import { preflight as judge } from "../../core/preflight/preflight.ts";
import { UnreadableInput } from "../input.ts";
import { printIssues } from "../output.ts";
import { inputFor, type RequestOptions, readRequest } from "../request.ts";

/** Plans every service and looks whether a cluster could take it; writes nothing to the cluster. Returns the exit code. */
export async function preflight(options: RequestOptions & ClusterChoice): Promise<number> {
  const request = readRequest(options);
  if (request.services.length === 0) throw new UnreadableInput("no LLMInferenceService in the input");
  const cluster = await connect(options);
  let fine = true;
  for (const service of request.services) {
    const { source } = service;
    const planned = plan(inputFor(request, service));
    const before = [...request.issues, ...planned.issues];
    printIssues(source, before);
    fine &&= isFine(before);
    if (!isFine(before)) continue;
    const facts = await readFacts(planned.objects, cluster);
    process.stderr.write(`${source}: ${describeFacts(cluster, facts)}\n`);
    const issues = judge(planned.objects, facts, request.common.checks);
    printIssues(source, issues);
    const errors = issues.filter(({ severity }) => severity === "error").length;
    const verdict =
      errors === 0 ? "the cluster can take it" : `${errors} ${errors === 1 ? "thing is" : "things are"} missing`;
    process.stdout.write(`${source}: ${planned.service?.metadata.name}: ${verdict}\n`);
    fine &&= errors === 0;
  }
  return fine ? 0 : 1;
}
