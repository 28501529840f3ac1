import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { send, type Target } from "./client.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { Cluster } from "./types.ts";

/** The managers that the kubernetes plugin makes up, one for each resource: this prefix and seven to eight hex digits. */
const MADE_UP = /^pulumi-kubernetes-/;

export interface CreateGuard {
  kubeconfig: string;
  /** Where requests go instead of to the API server. */
  target: Target;
  /** Paths of the creates that were refused. */
  refused: readonly string[];
  stop(): Promise<void>;
}

/**
 * Stands in front of the API server and refuses a create of an existing object with AlreadyExists, as the kubernetes
 * plugin does from 4.29 on, where it creates by POST. The plugin that is built for tests (4.18) creates and updates by the
 * same request, a server-side apply; the two are told apart by the field manager, which the plugin makes up at the first
 * check of a resource and keeps in its state: an update comes from a manager that the object knows, a create does not.
 * - Adoption passes: a Patch resource with a manager of its own (annotation `pulumi.com/patchFieldManager`). One without
 *   looks like a create here and is refused, though 4.29 lets it through.
 * - Dry runs pass: 4.29 too swallows AlreadyExists in a preview.
 */
export async function startCreateGuard(cluster: Cluster): Promise<CreateGuard> {
  const dir = mkdtempSync(join(tmpdir(), "kserve-llm-guard-"));
  const refused: string[] = [];
  const { key, cert } = cluster.certificate;
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    handle(cluster.target, request, response, refused).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(502);
      response.end(error.message);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const target = { ...cluster.target, port: (server.address() as { port: number }).port };
  return {
    kubeconfig: writeKubeconfig(join(dir, "kubeconfig"), target),
    target,
    refused,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function handle(
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
  refused: string[],
): Promise<void> {
  const url = new URL(request.url ?? "/", "https://127.0.0.1");
  const manager = url.searchParams.get("fieldManager") ?? "";
  if (isApply(request, url) && MADE_UP.test(manager) && (await isForeign(target, url, manager))) {
    refused.push(url.pathname);
    request.resume();
    response.writeHead(409, { "content-type": "application/json" });
    response.end(JSON.stringify(alreadyExists(url.pathname)));
    return;
  }
  forward(target, request, response);
}

/** Streams, so that watches work. */
function forward(target: Target, request: IncomingMessage, response: ServerResponse): void {
  const { host, port, ca } = target;
  const headers = { ...request.headers, host: `${host}:${port}` };
  const forwarded = httpsRequest(
    { host, port, ca, method: request.method, path: request.url, headers, agent: false },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    },
  );
  forwarded.on("error", (error) => response.destroy(error));
  response.on("close", () => forwarded.destroy());
  request.pipe(forwarded);
}

function isApply(request: IncomingMessage, url: URL): boolean {
  const type = request.headers["content-type"] ?? "";
  const dryRun = url.searchParams.has("dryRun");
  return request.method === "PATCH" && type.startsWith("application/apply-patch") && !dryRun;
}

/** Whether the object is there and the manager of this request has never written it. */
async function isForeign(target: Target, url: URL, manager: string): Promise<boolean> {
  const { status, body } = await send(target, "GET", url.pathname);
  return status === 200 && !(body.metadata?.managedFields ?? []).some((entry) => entry.manager === manager);
}

function alreadyExists(path: string): object {
  const [plural, name] = path.split("/").slice(-2);
  const message = `${plural} "${name}" already exists`;
  return { kind: "Status", apiVersion: "v1", status: "Failure", reason: "AlreadyExists", code: 409, message };
}
