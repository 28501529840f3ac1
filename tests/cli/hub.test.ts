import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call } from "./cli.ts";

const CONFIG = { num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 4, vocab_size: 512 };
const TREE = [
  { type: "file", path: "config.json", size: 99 },
  { type: "file", path: "model.safetensors", size: 230_000 },
  { type: "directory", path: "onnx", size: 0 },
];
const TOKEN = "hf_not-to-be-seen";
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json =
  (value: unknown): Answer =>
  (_, response) =>
    void response.end(JSON.stringify(value));
const status =
  (code: number, headers = {}): Answer =>
  (_, response) =>
    void response.writeHead(code, headers).end("<html>");

async function served(answer: Answer): Promise<{ server: Server; url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("kserve-llm model add", () => {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-hub-"));
  const out = join(folder, "models/own.json");
  const before = process.env["HF_TOKEN"];
  let answers: Record<string, Answer> = {};
  let seen: { url: string; token: string | undefined }[] = [];
  let hub: { server: Server; url: string };
  const answer: Answer = (request, response) => {
    const url = request.url ?? "";
    seen.push({ url, token: request.headers.authorization });
    (answers[url] ?? status(404))(request, response);
  };
  const FILES = "/acme/own/resolve/main";
  const add = (...args: string[]) => call(["model", "add", "acme/own", "--endpoint", hub.url, "--out", out, ...args]);

  beforeEach(async () => {
    process.env["HF_TOKEN"] = TOKEN;
    [answers, seen] = [{ [`${FILES}/config.json`]: json(CONFIG), "/api/models/acme/own/tree/main": json(TREE) }, []];
    hub = await served(answer);
  });
  afterEach(() => {
    hub.server.closeAllConnections();
    hub.server.close();
    if (before === undefined) delete process.env["HF_TOKEN"];
    else process.env["HF_TOKEN"] = before;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("writes config.json and the size of the weights, and prints how to pass them to other commands", async () => {
    const { code, out: printed, err } = await add();
    assert.deepEqual([code, err], [0, ""]);
    assert.ok(printed.includes(`--model-info acme/own=${out}`), printed);
    assert.deepEqual(JSON.parse(readFileSync(out, "utf8")), { ...CONFIG, weightBytes: 230_000 });
    assert.deepEqual([...new Set(seen.map(({ token }) => token))], [`Bearer ${TOKEN}`]);
  });

  it("adds up the sizes on all pages of the list of files, and does not follow a link to another host", async () => {
    const tree = "/api/models/acme/own/tree/main";
    const page =
      (shard: number, size: number, link: string): Answer =>
      (_, response) =>
        void response
          .writeHead(200, { link })
          .end(JSON.stringify([{ type: "file", path: `model-0000${shard}-of-00002.safetensors`, size }]));
    answers[tree] = page(1, 100_000, `<${hub.url}${tree}?cursor=two>; rel="next"`);
    answers[`${tree}?cursor=two`] = page(2, 130_000, '<https://elsewhere.example/three>; rel="next"');
    assert.equal((await add()).code, 0);
    assert.equal(JSON.parse(readFileSync(out, "utf8")).weightBytes, 230_000);
  });

  it("takes the size from the index of a hub that lists no files", async () => {
    answers = {
      [`${FILES}/config.json`]: json(CONFIG),
      [`${FILES}/model.safetensors.index.json`]: json({ metadata: { total_size: 300_000 } }),
    };
    assert.equal((await add()).code, 0);
    assert.equal(JSON.parse(readFileSync(out, "utf8")).weightBytes, 300_000);
  });

  it("sends the token to no host to which the hub redirects", async () => {
    const tokens: (string | undefined)[] = [];
    const other = await served((request, response) => {
      tokens.push(request.headers.authorization);
      json(CONFIG)(request, response);
    });
    answers[`${FILES}/config.json`] = status(302, { location: `${other.url}/config.json` });
    const { code } = await add();
    other.server.closeAllConnections();
    other.server.close();
    assert.deepEqual([code, tokens], [0, [undefined]]);
  });

  const CASES: readonly [string, Answer, RegExp, string[]?][] = [
    [
      "a model that does not exist",
      status(404),
      /does not have acme\/own, its revision main, or its config.json \(404\)/,
    ],
    ["a private model", status(401), /does not show acme\/own \(401\).* check the name, and that the token/],
    [
      "a gated model",
      status(403, { "x-error-code": "GatedRepo" }),
      /access to acme\/own is restricted \(403\): accept its terms/,
    ],
    ["a hub that fails", status(503), /the hub answered 503/],
    ["an answer that is not JSON", (_, response) => void response.end("<html>"), /the answer is not JSON/],
    ["an answer that is a list", json([]), /config.json of acme\/own is not a JSON object/],
    [
      "an answer that is too large",
      (_, response) => void response.end(Buffer.alloc(65 * 2 ** 20)),
      /the answer is too large/,
    ],
    ["a hub that does not answer", () => undefined, /did not answer within 0.2 seconds/, ["--timeout", "0.2"]],
    ["a connection that breaks", (request) => void request.socket.destroy(), /the hub cannot be reached/],
  ];
  for (const [title, refused, message, args = []] of CASES) {
    it(`exits with 2 for ${title}, and shows no token`, async () => {
      answers[`${FILES}/config.json`] = refused;
      const { code, out: printed, err } = await add(...args);
      assert.deepEqual([code, printed], [2, ""]);
      assert.match(err, message);
      assert.ok(!err.includes(TOKEN));
    });
  }

  it("exits with 2 for an endpoint with a password, and does not show it", async () => {
    const { code, err } = await call(["model", "add", "acme/own", "--endpoint", "http://me:hidden@127.0.0.1:1"]);
    assert.equal(code, 2);
    assert.match(err, /must be an http or https URL without a user or password/);
    assert.ok(!err.includes("hidden"));
  });
});
