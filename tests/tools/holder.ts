import { whileHolding } from "../../tools/toolchain/lock.ts";

// node holder.ts LOCK STALE_MS WHAT: a second process for the lock's tests. It prints "held", then ends, or stands still, or waits.
const [lock = "", staleMs = "", what = ""] = process.argv.slice(2);

const options = {
  staleMs: Number(staleMs),
  what: "the test",
  waiting: () => void process.stdout.write("waiting\n"),
};
try {
  await whileHolding(lock, options, async (signal) => {
    process.stdout.write("held\n");
    if (what === "block") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(staleMs) * 1.5);
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
