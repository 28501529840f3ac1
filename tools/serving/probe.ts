import { request } from "node:http";
import { connect } from "node:http2";
import type { Container } from "../../core/kubernetes/objects.ts";
import type { Network } from "./network.ts";

const ANSWER_MS = 5_000;

/** The current result of a container's readiness probe. A container without one is ready; commands are not run. */
export async function isReady(container: Container, address: string, network: Network): Promise<boolean> {
  const { httpGet, grpc } = container.readinessProbe ?? {};
  try {
    if (httpGet !== undefined) {
      const { status } = await get(network, address, Number(httpGet.port), httpGet.path ?? "/");
      return status >= 200 && status < 400;
    }
    return grpc === undefined || (await isServing(network, address, grpc.port, grpc.service ?? ""));
  } catch {
    return false;
  }
}

/** A GET of plain HTTP to an address of the private network. */
async function get(
  network: Network,
  host: string,
  port: number,
  path: string,
): Promise<{ status: number; body: string }> {
  const socket = await network.dial(host, port);
  return await new Promise((resolve, reject) => {
    const headers = { host: `${host}:${port}`, connection: "close" };
    const asked = request({ createConnection: () => socket, path, headers, timeout: ANSWER_MS }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        body += chunk;
      });
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.on("error", reject);
    asked.end();
  });
}

/** `grpc.health.v1.Health/Check`, as the kubelet calls it. */
async function isServing(network: Network, host: string, port: number, service: string): Promise<boolean> {
  const socket = await network.dial(host, port);
  const session = connect(`http://${host}:${port}`, { createConnection: () => socket });
  try {
    const answer = await new Promise<Buffer>((resolve, reject) => {
      session.on("error", reject);
      const call = session.request({
        ":method": "POST",
        ":path": "/grpc.health.v1.Health/Check",
        "content-type": "application/grpc",
        te: "trailers",
      });
      const chunks: Buffer[] = [];
      call.on("data", (chunk: Buffer) => chunks.push(chunk));
      call.on("end", () => resolve(Buffer.concat(chunks)));
      call.on("error", reject);
      call.setTimeout(ANSWER_MS, () => call.destroy(new Error("no answer in time")));
      call.end(message(service));
    });
    // Five bytes of frame, then HealthCheckResponse: field 1 is 1 (SERVING).
    return answer.length >= 7 && answer[5] === 0x08 && answer[6] === 1;
  } finally {
    session.destroy();
  }
}

/** HealthCheckRequest, framed: field 1 is the service's name. */
function message(service: string): Buffer {
  const name = Buffer.from(service, "utf8");
  const body = name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(body.length, 1);
  return Buffer.concat([frame, body]);
}
