import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { whileLocked } from "../../tools/toolchain/cache.ts";
import { discard } from "../../tools/toolchain/processes/discard.ts";
import { describeHolder, type Holder, LockLost, whileHolding } from "../../tools/toolchain/processes/lock.ts";

const HOLDER = join(import.meta.dirname, "holder.ts");

interface Process {
  child: ChildProcess;
  /** The next line that it prints. */
  next(): Promise<string>;
}

describe("a lock between processes", () => {
  let folder: string;
  let lock: string;
  const started: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-lock-"));
    lock = join(folder, "some.lock");
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  function start(staleMs: number, what: string): Process {
    const child = spawn(process.execPath, [HOLDER, lock, String(staleMs), what], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    started.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, next: async () => (await lines.next()).value ?? "(ended)" };
  }
  const quiet = { waiting: () => undefined, what: "the test" };

  it("makes a second process wait until the first has ended, and prints which process holds the lock", async () => {
    const first = start(10_000, "work");
    assert.equal(await first.next(), "held");
    let seen: Holder | undefined;
    const waiting = (holder: Holder | undefined): void => {
      seen = holder;
      first.child.stdin?.write("end\n");
    };
    const result = await whileHolding(lock, { waiting, what: "the test", staleMs: 10_000 }, async () => 42);
    assert.equal(result, 42);
    assert.equal(seen?.pid, first.child.pid);
    assert.match(describeHolder(seen), /^process \d+ \(holder\.ts .*work\) since \d\d:\d\d:\d\d$/);
    assert.equal(await first.next(), "done");
  });

  it("goes to the next process when its holder was killed", async () => {
    const first = start(2_000, "work");
    assert.equal(await first.next(), "held");
    first.child.kill("SIGKILL");
    assert.equal(await whileHolding(lock, { ...quiet, staleMs: 2_000 }, async () => "taken"), "taken");
  });

  it("is lost with a message that names a fix, not with an uncaught exception, when its holder was stopped for a while", async () => {
    const first = start(2_000, "block");
    assert.equal(await first.next(), "held");
    await whileHolding(lock, { ...quiet, staleMs: 2_000 }, async () => {
      assert.match(
        await first.next(),
        /^LockLost: The lock of the test .* was lost: .*did not run for more than 2 s.*Run the command again/,
      );
    });
  });

  it("aborts the work of a holder whose lock was removed", async () => {
    const ended: string[] = [];
    const work = whileHolding(lock, { ...quiet, staleMs: 2_000 }, async (signal) => {
      signal.addEventListener("abort", () => ended.push("aborted"));
      rmdirSync(lock);
      return await new Promise<never>(() => undefined);
    });
    await assert.rejects(work, LockLost);
    assert.deepEqual(ended, ["aborted"]);
  });

  it("is free again after work that failed, and leaves no file", async () => {
    await assert.rejects(
      whileHolding(lock, quiet, () => Promise.reject(new Error("failed"))),
      /^Error: failed$/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it("removes what a killed builder left, and keeps the folder of a builder that still runs", async () => {
    const gone = start(10_000, "end");
    await gone.next();
    await gone.next();
    await new Promise((resolve) =>
      gone.child.exitCode === null ? gone.child.once("exit", resolve) : resolve(undefined),
    );
    const left = join(folder, "tools", `engine-1.building-${gone.child.pid}`);
    const alive = join(folder, "tools", `engine-2.building-${process.ppid}`);
    for (const path of [left, alive]) mkdirSync(path, { recursive: true });
    await whileLocked(async () => undefined, { root: folder, log: assert.fail });
    assert.deepEqual([existsSync(left), existsSync(alive)], [false, true]);
  });
});

describe("a folder that is discarded", () => {
  it("loses its name at once, and another process removes its files", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kserve-llm-discard-"));
    try {
      const path = join(folder, "caches");
      mkdirSync(join(path, "below"), { recursive: true });
      writeFileSync(join(path, "below/file"), "");
      const removed = discard(path);
      assert.equal(existsSync(path), false);
      await removed;
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("may be missing", async () => {
    const missing = join(tmpdir(), `kserve-llm-missing-${process.pid}`);
    assert.equal(await discard(missing), undefined);
    assert.equal(existsSync(missing), false);
  });
});
