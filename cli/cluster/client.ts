import { request as plainRequest } from "node:http";
import { request } from "node:https";
import { type Access, ClusterError, readKubeconfig } from "./kubeconfig.ts";

/** What an API server answers. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

export interface ClusterClient {
  server: string;
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  /** The document at a path of the API; undefined where there is none. */
  get(path: string): Promise<Record<string, unknown> | undefined>;
}

const TIMEOUT_MS = 15_000;

/** The cluster of the current kubeconfig. */
export function connect(access: Access = readKubeconfig()): ClusterClient {
  const send: ClusterClient["send"] = (method, path, body, contentType) =>
    call(access, method, path, body, contentType);
  return {
    server: access.server,
    send,
    get: async (path) => {
      const { status, body } = await send("GET", path);
      if (status === 404) return undefined;
      if (status >= 300) throw new ClusterError(`${path}: ${status} ${String(body["message"] ?? "")}`);
      return body;
    },
  };
}

function call(
  { server, token, tls }: Access,
  method: string,
  path: string,
  body?: unknown,
  contentType = "application/json",
): Promise<Answer> {
  const send = server.startsWith("http:") ? plainRequest : request;
  const headers = {
    accept: "application/json",
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { "content-type": contentType }),
  };
  return new Promise((done, fail) => {
    const sent = send(`${server}${path}`, { method, headers, timeout: TIMEOUT_MS, ...tls }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => done({ status: response.statusCode ?? 0, body: read(Buffer.concat(chunks)) }));
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("error", (error) => fail(new ClusterError(`${server}: ${error.message}`)));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function read(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  } catch {
    return { message: body.toString("utf8").slice(0, 200) };
  }
}
