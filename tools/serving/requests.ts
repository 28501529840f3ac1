import { request as httpRequest } from "node:http";
import type { Endpoint } from "./gateway.ts";
import type { Network } from "./network.ts";

const ANSWER_MS = 60_000;

export interface Request {
  path: string;
  /** A GET without one. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  /** The pod that answered, from the simulator's own header; undefined if something else did. */
  pod: string | undefined;
  body: string;
  seconds: number;
}

/** One request, over a separate connection. */
export async function ask(network: Network, to: Endpoint, { path, body, headers = {} }: Request): Promise<Answer> {
  const socket = await network.dial(to.address, to.port);
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const length =
    payload === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) };
  const started = Date.now();
  return await new Promise((resolve, reject) => {
    const options = {
      createConnection: () => socket,
      method: payload === undefined ? "GET" : "POST",
      path,
      headers: { host: "gateway", connection: "close", ...length, ...headers },
      timeout: ANSWER_MS,
    };
    const asked = httpRequest(options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("error", reject);
      answer.on("end", () => {
        const pod = answer.headers["x-inference-pod"];
        const seconds = (Date.now() - started) / 1000;
        resolve({
          status: answer.statusCode ?? 0,
          pod: typeof pod === "string" ? pod : undefined,
          body: text,
          seconds,
        });
      });
    });
    asked.on("timeout", () => asked.destroy(new Error(`${path}: no answer in time`)));
    asked.on("error", reject);
    asked.end(payload);
  });
}
