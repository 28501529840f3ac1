import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import type { Target } from "./client.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { Cluster } from "./types.ts";

/** A proxy in front of an API server. */
export interface FrontServer extends Pick<Cluster, "kubeconfig" | "target" | "certificate"> {
  /** Ends all connections; pending requests get no answer. */
  cut(): void;
  stop(): Promise<void>;
}

/** Handles one request: answers it, or forwards it with `forward`. */
export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** Starts a server on loopback that passes every request to the handler. */
export async function startFront(
  { target, certificate }: Pick<Cluster, "target" | "certificate">,
  handle: Handler,
): Promise<FrontServer> {
  const dir = mkdtempSync(join(tmpdir(), "kserve-llm-proxy-"));
  const tls = { key: readFileSync(certificate.key), cert: readFileSync(certificate.cert) };
  const server = createServer(tls, (request, response) => {
    const url = new URL(request.url ?? "/", "https://127.0.0.1");
    handle(request, response, url).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(502);
      response.end(error.message);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const own = { ...target, port: (server.address() as { port: number }).port };
  return {
    kubeconfig: writeKubeconfig(join(dir, "kubeconfig"), own),
    target: own,
    certificate,
    cut: () => server.closeAllConnections(),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/**
 * Forwards a request and streams its answer back, so that watches work. An answer that breaks off breaks off here too:
 * otherwise a client would wait forever for a watch that stays open. `answered` is called when the API server has
 * answered, before any of the answer is sent back; if it returns `false` nothing is.
 */
export function forward(
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
  answered: () => boolean = () => true,
): void {
  const { host, port, ca } = target;
  const headers = { ...request.headers, host: `${host}:${port}` };
  const forwarded = httpsRequest(
    { host, port, ca, method: request.method, path: request.url, headers, agent: false },
    (answer) => {
      if (!answered()) {
        response.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      pipeline(answer, response, () => undefined);
    },
  );
  forwarded.on("error", (error) => response.destroy(error));
  response.on("close", () => forwarded.destroy());
  request.pipe(forwarded);
}

/** True for a request that changes something, unlike reads and dry runs. */
export function isChange(request: IncomingMessage, url: URL): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(request.method ?? "GET") && !url.searchParams.has("dryRun");
}
