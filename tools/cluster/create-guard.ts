import type { IncomingMessage, ServerResponse } from "node:http";
import { parse } from "yaml";
import { send, type Target } from "./client.ts";
import { type FrontServer, forward, isChange, startFront } from "./front.ts";
import type { Cluster } from "./types.ts";

/**
 * Field managers that the kubernetes plugin generates, one for each resource: this prefix and seven to eight hex
 * digits.
 */
const MADE_UP = /^pulumi-kubernetes-/;
/** The manager with which the plugin creates. */
const CREATOR = "pulumi-kubernetes";

export interface CreateGuard extends FrontServer {
  /** Paths of the refused creates. */
  refused: readonly string[];
}

/**
 * Stands in front of the API server and makes creates what the kubernetes plugin makes of them from 4.29 on: a POST under the
 * manager `pulumi-kubernetes`, which the API server refuses with AlreadyExists where the object is there. The plugin that is
 * built for tests (4.25) creates and updates by the same request, a server-side apply; the two are told apart by the field
 * manager, which the plugin makes up at a create and keeps in its state: an update comes from a manager that the object knows
 * (what a POST made gets it just before, by a patch of its managed fields), a create does not.
 * - Adoption passes: a Patch resource with a manager of its own (annotation `pulumi.com/patchFieldManager`). One without
 *   looks like a create here and is refused, though 4.29 lets it through.
 * - Dry runs pass: 4.29 too swallows AlreadyExists in a preview.
 */
export async function startCreateGuard(cluster: Pick<Cluster, "target" | "certificate">): Promise<CreateGuard> {
  const refused: string[] = [];
  const { target } = cluster;
  const front = await startFront(cluster, (request, response, url) => handle(target, request, response, url, refused));
  return { ...front, refused };
}

async function handle(
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  refused: string[],
): Promise<void> {
  const manager = url.searchParams.get("fieldManager") ?? "";
  if (!isApply(request, url) || !MADE_UP.test(manager) || (await isKnown(target, url, manager))) {
    forward(target, request, response);
    return;
  }
  const object: unknown = parse(Buffer.concat(await request.toArray()).toString("utf8"));
  const collection = url.pathname.replace(/\/[^/]+$/, "");
  const { status, body } = await send(target, "POST", `${collection}?fieldManager=${CREATOR}`, object);
  if (status === 409) refused.push(url.pathname);
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function isApply(request: IncomingMessage, url: URL): boolean {
  const type = request.headers["content-type"] ?? "";
  return request.method === "PATCH" && type.startsWith("application/apply-patch") && isChange(request, url);
}

/** Whether the object exists and has fields of the manager of this request. */
async function isKnown(target: Target, url: URL, manager: string): Promise<boolean> {
  const { status, body } = await send(target, "GET", url.pathname);
  return status === 200 && (body.metadata?.managedFields ?? []).some((entry) => entry.manager === manager);
}
