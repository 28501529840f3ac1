import { request as httpsRequest } from "node:https";

/** An answer of the API server. */
export interface Answer<T> {
  status: number;
  body: T;
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** The part of an answer that tests usually read; pass another type if that is not enough. */
export interface Body {
  kind?: string;
  reason?: string;
  message?: string;
  metadata?: {
    name?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    managedFields?: { manager?: string; operation?: string }[];
    [field: string]: unknown;
  };
  spec?: Record<string, unknown>;
  status?: {
    readyReplicas?: number;
    replicas?: number;
    phase?: string;
    conditions?: Condition[];
    [field: string]: unknown;
  };
  data?: Record<string, string>;
  items?: Body[];
}

export interface Target {
  host: string;
  port: number;
  token: string;
  /** PEM of the certificate that signed the server's. */
  ca: string;
}

/** The same limit as for a hang: on a busy machine the API server takes a minute for a large CRD. */
const TIMEOUT_MS = 120_000;

/** One request to an API server. A body is sent as JSON, which is also valid YAML for server-side apply. */
export function send<T = Body>(
  { host, port, token, ca }: Target,
  method: string,
  path: string,
  body?: unknown,
  contentType = "application/json",
): Promise<Answer<T>> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: "application/json",
    ...(payload !== undefined && { "content-type": contentType, "content-length": Buffer.byteLength(payload) }),
  };
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host, port, method, path, ca, headers, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString("utf8")) as T });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`${method} ${path}: no answer in time`)));
    request.on("error", reject);
    request.end(payload);
  });
}

/** JSON, or the text as a message: health checks answer in plain text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}

/** Repeats `look` until it returns a value; when time runs out, the error names what was awaited. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, ms = 400_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    let failure: Error | undefined;
    const found = await look().catch((error: Error) => {
      failure = error;
      return undefined;
    });
    if (found !== undefined) return found;
    if (Date.now() > deadline) {
      throw new Error(
        `${what}: not ready within ${ms / 1000} s${failure === undefined ? "" : ` (${failure.message})`}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
