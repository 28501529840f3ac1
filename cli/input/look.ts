import { type ClusterClient, connect } from "../../cluster/client.ts";
import { describeFacts, readFacts } from "../../cluster/facts.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { preflight } from "../../core/views/preflight/preflight.ts";
import type { Terminal } from "../text/terminal.ts";
import type { Request } from "./request.ts";

/** A look at a cluster: what of a plan it could not take. What was read goes to standard error. */
export type Look = (source: string, plan: Pick<Plan, "objects">) => Promise<Issue[]>;

/** Looks at the cluster that is chosen; nothing is written to it. */
export async function lookAt(
  choice: ClusterChoice,
  { common }: Pick<Request, "common">,
  terminal: Terminal,
): Promise<Look> {
  const cluster: ClusterClient = await connect(choice);
  return async (source, { objects }) => {
    const facts = await readFacts(objects, cluster);
    terminal.tell([`${source}: ${describeFacts(cluster, facts)}`]);
    return preflight(objects, facts, common.checks);
  };
}
