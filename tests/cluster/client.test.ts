import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../cluster/client.ts";

const PATH = "/apis/example.com/v1/things";

describe("a read of an API server", () => {
  let folder: string;
  let server: Server | undefined;
  let asked: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-client-"));
    asked = 0;
  });
  afterEach(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A client of a server that returns these answers in turn, and the last one repeatedly. */
  async function clientOf(answers: readonly { status: number; retryAfter?: number }[]) {
    server = createServer((_request, response) => {
      const { status, retryAfter } = answers[Math.min(asked++, answers.length - 1)] ?? assert.fail("no answer");
      response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": String(retryAfter) });
      response.end(JSON.stringify({ message: `answer ${asked}` }));
    });
    await new Promise<void>((listening) => server?.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const file = join(folder, "kubeconfig");
    writeFileSync(
      file,
      JSON.stringify({
        clusters: [{ name: "one", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
        users: [{ name: "one", user: {} }],
        contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
        "current-context": "one",
      }),
    );
    return connect({ kubeconfig: file });
  }

  it("is repeated while the server sends Retry-After", async () => {
    const client = await clientOf([{ status: 429, retryAfter: 0 }, { status: 503, retryAfter: 0 }, { status: 200 }]);
    assert.deepEqual(await client.get(PATH), { message: "answer 3" });
  });

  it("fails with the last answer when the server always sends Retry-After", async () => {
    const client = await clientOf([{ status: 429, retryAfter: 0 }]);
    await assert.rejects(client.get(PATH), /things: 429 answer 9/);
  });

  it("is not repeated if the server does not send Retry-After", async () => {
    const client = await clientOf([{ status: 503 }]);
    await assert.rejects(client.get(PATH), /503 answer 1/);
  });
});
