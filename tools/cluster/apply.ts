import { eventually } from "./client.ts";
import { collectionPath, type TestObject } from "./objects.ts";
import type { Cluster } from "./types.ts";

const MERGE = "application/merge-patch+json";

/** Creates or replaces an object by server-side apply. Throws when the API server refuses the object. */
export async function apply(request: Cluster["request"], object: TestObject): Promise<void> {
  const path = `${collectionPath(object)}/${object.metadata.name}`;
  const what = `${object.kind} ${object.metadata.name}`;
  await patch(request, what, `${path}?fieldManager=test&force=true`, object, "application/apply-patch+yaml");
  // The API server only accepts a node's capacity in its status.
  if (object.kind === "Node") await patch(request, what, `${path}/status`, { status: object.status });
}

/** The statuses of an API server that has too much to do, or whose storage does not answer in time. */
const UNFINISHED = new Set([429, 503, 504]);

/**
 * Patches an object, by default by a merge patch. Throws when the API server refuses the patch. A patch that an API server on a
 * busy machine did not finish within its own limit, half a minute that no setting changes, is sent again: a patch may be repeated.
 */
export async function patch(
  request: Cluster["request"],
  what: string,
  path: string,
  body: unknown,
  type: string = MERGE,
): Promise<void> {
  const { status, body: answer } = await eventually(what, async () => {
    const sent = await request("PATCH", path, body, type);
    if (UNFINISHED.has(sent.status)) throw new Error(`${sent.status} ${sent.body.message}`);
    return sent;
  });
  if (status >= 300) throw new Error(`${what}: ${status} ${answer.message}`);
}
