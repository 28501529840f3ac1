import { readFileSync } from "node:fs";
import { whileHolding } from "../../tools/toolchain/processes/lock.ts";

// node holder.ts LOCK STALE_MS WHAT: a second process for the lock's tests. It prints "held", then ends, or blocks, or
// waits.
const [lock = "", staleMs = "", what = ""] = process.argv.slice(2);

const options = {
  staleMs: Number(staleMs),
  what: "the test",
  waiting: () => void process.stdout.write("waiting\n"),
};
/** Blocks this process until another one holds the lock, for at most half a minute. */
function standStill(): void {
  const isMine = (): boolean => JSON.parse(readFileSync(`${lock}.holder`, "utf8")).pid === process.pid;
  for (let left = 300; left > 0 && isMine(); left -= 1)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
}

try {
  await whileHolding(lock, options, async (signal) => {
    process.stdout.write("held\n");
    if (what === "block") standStill();
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
      if (what === "work") process.stdin.once("data", () => resolve());
      if (what === "end") resolve();
      else process.stdin.resume();
    });
  });
  process.stdout.write("done\n");
} catch (error) {
  process.stdout.write(`${(error as Error).constructor.name}: ${(error as Error).message}\n`);
}
process.exit();
