import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { recover as command } from "../../cli/commands/recover.ts";
import type { ExportedState, PendingOperation } from "../../core/views/recovery/state.ts";
import { deployment, provider, stateOf } from "../core/views/recovery/states.ts";
import { kserveLlm, type Outcome } from "./cli.ts";

/** A replacement for the Pulumi CLI: a state in a file, and a lock in another that only `cancel` removes. */
const PULUMI = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const [folder, args] = [__dirname, process.argv.slice(2)];
appendFileSync(folder + "/calls", args.join(" ") + "\\n");
if (args[0] === "whoami") process.stdout.write('{"user": "me", "url": "file:///state"}');
else if (args[0] === "preview") process.stdout.write('{"steps": []}');
else if (args[0] === "cancel") rmSync(folder + "/lock");
else if (args[1] === "export") process.stdout.write(readFileSync(folder + "/state", "utf8"));
else if (existsSync(folder + "/lock")) {
  process.stderr.write("error: the stack is currently locked by 1 lock(s).\\n" + readFileSync(folder + "/lock", "utf8"));
  process.exitCode = 255;
} else writeFileSync(folder + "/imported", readFileSync(0, "utf8"));
`;
/** Process ids are always lower. */
const GONE = 2 ** 30;

describe("kserve-llm recover", () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-recover-"));
    writeFileSync(join(folder, "pulumi"), PULUMI);
    chmodSync(join(folder, "pulumi"), 0o755);
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const rendering = provider({ renderYamlToDirectory: "rendered" });
  const begun: PendingOperation = { type: "creating", resource: deployment("chat-kserve") };

  function recover(args: string[], state: ExportedState = stateOf([rendering], [begun])): Outcome {
    writeFileSync(join(folder, "state"), JSON.stringify(state));
    return kserveLlm(["recover", ...args], {}, { PATH: `${folder}${delimiter}${process.env["PATH"]}` });
  }
  const imported = (): ExportedState | undefined =>
    existsSync(join(folder, "imported")) ? JSON.parse(readFileSync(join(folder, "imported"), "utf8")) : undefined;
  const lockedBy = (host: string, pid: number): void =>
    writeFileSync(join(folder, "lock"), `  file:///state/lock.json: created by root@${host} (pid ${pid}) at now\n`);

  it("shows what it would do, and changes nothing without --yes", () => {
    const { code, out, err } = recover([]);
    assert.equal(code, 1);
    assert.match(out, /1 operation in progress.*creating +Deployment team\/chat-kserve +no change was made/s);
    assert.match(err, /Run the command again with --yes/);
    assert.equal(imported(), undefined);
  });

  it("writes the corrected state with --yes, and names the next command", () => {
    const { code, out } = recover(["--yes"]);
    assert.equal(code, 0, out);
    assert.match(out, /Run `pulumi up` or `pulumi destroy`/);
    assert.deepEqual(imported(), stateOf([rendering]));
  });

  it("works on the named stack", () => {
    recover(["--yes", "--stack", "team/prod"]);
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    assert.equal(calls.length, 3);
    for (const call of calls) assert.match(call, /--stack team\/prod/);
  });

  it("removes the lock of a process of this computer that no longer runs", () => {
    lockedBy(hostname(), GONE);
    assert.equal(recover(["--yes"]).code, 0);
    assert.deepEqual(imported(), stateOf([rendering]));
  });

  it("removes such a lock when no operation was pending", () => {
    lockedBy(hostname(), GONE);
    const { code, out } = recover(["--yes"], stateOf([rendering]));
    assert.equal(code, 0);
    assert.match(out, /nothing needs to be recovered/);
    assert.equal(existsSync(join(folder, "lock")), false);
  });

  for (const [whose, host, pid] of [
    ["a process that runs", hostname(), process.pid],
    ["another computer", "elsewhere", GONE],
  ] as const) {
    it(`leaves the lock of ${whose}, until the user passes --unlock`, () => {
      lockedBy(host, pid);
      const { code, err } = recover(["--yes"]);
      assert.equal(code, 1);
      assert.match(err, /locked by 1 lock.*If no other run is in progress, run the command again with --unlock/s);
      assert.equal(imported(), undefined);
      assert.equal(recover(["--yes", "--unlock"]).code, 0);
      assert.deepEqual(imported(), stateOf([rendering]));
    });
  }

  it("keeps an operation on an object that may not be read in the state, recovers the rest, and exits with 1 and a message", async () => {
    const url = await forbidding("closed");
    const cluster = { name: "c", cluster: { server: url, "insecure-skip-tls-verify": true } };
    const context = { name: "c", context: { cluster: "c", user: "c" } };
    const user = { name: "c", user: { token: "t" } };
    const kubeconfig = join(folder, "kubeconfig");
    const file = { "current-context": "c", clusters: [cluster], contexts: [context], users: [user] };
    writeFileSync(kubeconfig, JSON.stringify(file));
    const [closed, open] = ["closed", "open"].map((name) => ({ type: "creating", resource: deployment(name) }));
    assert.ok(closed !== undefined && open !== undefined);
    writeFileSync(join(folder, "state"), JSON.stringify(stateOf([provider()], [closed, open])));
    const before = process.env["PATH"];
    process.env["PATH"] = `${folder}${delimiter}${before}`;
    try {
      const { stdout, stderr, code } = await command({ kubeconfig, yes: true, preview: false });
      assert.equal(code, 1);
      assert.match(stdout, /team\/closed +COULD NOT BE READ .*403 no; use an identity that may read it/);
      assert.match(stdout, /team\/open +no change was made/);
      assert.match(stderr, /^The rest is recovered. One operation stays in the state.*recover again/);
      assert.deepEqual(imported(), stateOf([provider()], [closed]));
    } finally {
      process.env["PATH"] = before;
    }
  });

  /** An API server that serves Deployments, has none, and forbids reading one. */
  async function forbidding(name: string): Promise<string> {
    const kinds = { resources: [{ name: "deployments", kind: "Deployment", namespaced: true, verbs: ["get"] }] };
    server = createServer(({ url = "" }, answer) => {
      const isForbidden = url.endsWith(`/${name}`);
      answer.statusCode = isForbidden ? 403 : url === "/apis/apps/v1" ? 200 : 404;
      answer.end(JSON.stringify(isForbidden ? { message: "no" } : kinds));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  it("reports that the Pulumi CLI is missing", () => {
    const { code, err } = kserveLlm(["recover"], {}, { PATH: folder.replace(/$/, "/none") });
    assert.equal(code, 2);
    assert.match(err, /^kserve-llm: the Pulumi CLI cannot be run: `pulumi` is not on PATH; install it/);
  });

  it("reports that the folder of the project is missing", () => {
    const { code, err } = kserveLlm(["recover", "--cwd", "absent"]);
    assert.equal(code, 2);
    assert.equal(err, "kserve-llm: the Pulumi CLI cannot be run: the folder absent does not exist\n");
  });
});
