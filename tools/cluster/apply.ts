import { type Answer, eventually } from "./client.ts";
import { collectionPath, type TestObject } from "./objects.ts";
import type { Cluster } from "./types.ts";

/**
 * Creates or replaces an object by server-side apply. Throws when the API server refuses the object. A request that an API
 * server on a busy machine did not finish is sent again, because an apply may be repeated: it is limited there to half a
 * minute, which no setting changes.
 */
export async function apply(request: Cluster["request"], object: TestObject): Promise<void> {
  const path = `${collectionPath(object)}/${object.metadata.name}`;
  const what = `${object.kind} ${object.metadata.name}`;
  const send = async (url: string, body: unknown, type: string): Promise<void> => {
    const { status, body: answer } = await eventually(what, async () =>
      finished(await request("PATCH", url, body, type)),
    );
    if (status >= 300) throw new Error(`${what}: ${status} ${answer.message}`);
  };
  await send(`${path}?fieldManager=test&force=true`, object, "application/apply-patch+yaml");
  // The API server only accepts a node's capacity in its status.
  if (object.kind === "Node") await send(`${path}/status`, { status: object.status }, "application/merge-patch+json");
}

/** The statuses of an API server that has too much to do, or whose storage does not answer in time. */
const UNFINISHED = new Set([429, 503, 504]);

/** The answer to a request that the API server accepted or refused. Throws if it did neither. */
function finished<T extends { message?: string }>(answer: Answer<T>): Answer<T> {
  if (UNFINISHED.has(answer.status)) throw new Error(`${answer.status} ${answer.body.message}`);
  return answer;
}
