import { LABEL, PART_OF } from "../core/contract/names.ts";
import { formatReason, type PodState, reasonsOf } from "../core/views/progress/reasons.ts";
import { connect } from "./client.ts";
import type { ClusterChoice } from "./kubeconfig.ts";
import { listAll } from "./list.ts";

export interface Watched {
  name: string;
  namespace: string;
}

/** Delay before the first check: pods that are ready within it need none, and the client is not loaded. */
const FIRST_MS = 2_000;
const PERIOD_MS = 3_000;

/**
 * Watches a service's pods until `done` settles, and reports each new reason why they do not start. It writes nothing.
 * It does not keep a program alive, and never fails: each problem of reading is reported once.
 */
export async function watchPods(
  { name, namespace }: Watched,
  choice: ClusterChoice,
  done: Promise<unknown>,
  say: (line: string) => void | Promise<void>,
): Promise<void> {
  const given = new Set<string>();
  const sayOnce = async (key: string, line: string): Promise<void> => {
    if (given.has(key)) return;
    given.add(key);
    await say(line);
  };
  const isDone = done.then(
    () => true,
    () => true,
  );
  const labelSelector = `${LABEL.name}=${name},${LABEL.partOf}=${PART_OF}`;
  let cluster: Awaited<ReturnType<typeof connect>> | undefined;
  for (let wait = FIRST_MS; !(await Promise.race([isDone, elapsed(wait)])); wait = PERIOD_MS) {
    try {
      cluster ??= await connect(choice);
      const path = `/api/v1/namespaces/${namespace}/pods`;
      const pods = await listAll<PodState>(cluster, path, { labelSelector });
      for (const reason of reasonsOf(pods)) await sayOnce(reason.text, formatReason(reason));
    } catch (error) {
      const { message } = error as Error;
      await sayOnce(
        "unread",
        `the pods of ${namespace}/${name} cannot be read, so the reasons why they are not ready are not reported: ${message}`,
      );
    }
  }
}

/** False after a while, by a timer that does not keep the program alive. */
function elapsed(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms).unref();
  });
}
