import type { RequestOptions } from "node:https";
import { ClusterError } from "./error.ts";
import { type Access, type ClusterChoice, readKubeconfig } from "./kubeconfig.ts";

/** An answer of an API server. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  /** Seconds after which the server accepts another request. */
  retryAfter?: number;
}

/** Requests to an API server, with documents as it writes them: nothing is converted or lost. */
export interface ClusterClient {
  server: string;
  context: string;
  /** The namespace of the context. */
  namespace?: string;
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  /** The document at a path of the API; undefined if there is none. */
  get(path: string): Promise<Record<string, unknown> | undefined>;
}

/** A refusal of the API server: it was reached, and refused the request. */
export class Refused extends ClusterError {
  readonly status: number;
  constructor(path: string, { status, body }: Answer) {
    super(`${path}: ${status} ${String(body["message"] ?? "")}`);
    this.status = status;
  }

  /** Whether the user lacks permission; any other status means that the request does not work. */
  get isForbidden(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

const TIMEOUT_MS = 15_000;
/**
 * How often a read is repeated if the API server answers with a time to wait (for a new CRD, or after too many
 * requests).
 */
const REPEATS = 8;
const LONGEST_WAIT_SECONDS = 5;

/** The chosen cluster, by default that of the current kubeconfig. No request is sent yet. */
export async function connect(choice: ClusterChoice = {}): Promise<ClusterClient> {
  const access = await readKubeconfig(choice);
  const send: ClusterClient["send"] = (method, path, body, contentType) =>
    call(access, { method, path, body, contentType });
  return {
    server: access.server,
    context: access.context,
    ...(access.namespace !== undefined && { namespace: access.namespace }),
    send,
    get: async (path) => {
      const answer = await patiently(() => send("GET", path));
      if (answer.status === 404) return undefined;
      if (answer.status >= 300) throw new Refused(path, answer);
      return answer.body;
    },
  };
}

/**
 * Repeats a request as often as the server returns a time to wait. Source: client-go repeats requests with a
 * Retry-After, ten times at most.
 */
async function patiently(ask: () => Promise<Answer>, left = REPEATS): Promise<Answer> {
  const answer = await ask();
  const { status, retryAfter } = answer;
  if (retryAfter === undefined || left === 0 || (status !== 429 && status < 500)) return answer;
  await new Promise((done) => setTimeout(done, Math.min(retryAfter, LONGEST_WAIT_SECONDS) * 1000));
  return patiently(ask, left - 1);
}

interface Call {
  method: string;
  path: string;
  body?: unknown;
  contentType?: string | undefined;
}

async function call(access: Access, { method, path, body, contentType = "application/json" }: Call): Promise<Answer> {
  const options = await access.options();
  const headers = {
    ...(options.headers as Record<string, string>),
    accept: "application/json",
    ...(body !== undefined && { "content-type": contentType }),
  };
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return await exchange(access.server, path, { ...options, method, headers, timeout: TIMEOUT_MS }, payload);
}

/** Node's clients are loaded here, on use: most runs of the command line contact no cluster. */
async function exchange(server: string, path: string, options: RequestOptions, payload?: string): Promise<Answer> {
  const { request: send } = server.startsWith("http:") ? await import("node:http") : await import("node:https");
  return await new Promise((done, fail) => {
    const failed = (error: Error): void => fail(new ClusterError(`${server}: ${error.message}`));
    const sent = send(`${server}${path}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", failed);
      response.on("end", () => {
        const seconds = Number(response.headers["retry-after"] ?? Number.NaN);
        const body = read(Buffer.concat(chunks));
        done({ status: response.statusCode ?? 0, body, ...(Number.isFinite(seconds) && { retryAfter: seconds }) });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("the server did not respond in time")));
    sent.on("error", failed);
    sent.end(payload);
  });
}

/** JSON, or the text as a message: proxies before an API server answer in plain text. */
function read(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  } catch {
    return { message: body.toString("utf8").slice(0, 200) };
  }
}
