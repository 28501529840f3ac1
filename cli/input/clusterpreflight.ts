import { type ClusterClient, connect } from "../../cluster/client.ts";
import { describeFacts, readFacts } from "../../cluster/facts.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { preflight } from "../../core/views/preflight/preflight.ts";
import type { Terminal } from "../text/terminal.ts";
import type { Request } from "./request.ts";

/** The part of a plan that a cluster could not run. Errors of reading go to standard error. */
export type Look = (source: string, plan: Pick<Plan, "objects">) => Promise<Issue[]>;

/** Reads the chosen cluster; nothing is written to it. */
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
