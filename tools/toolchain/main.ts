import { ensureToolchain, ToolchainError } from "./ensure.ts";
import type { Group } from "./pins.ts";

// node tools/bootstrap.mjs tools/toolchain/main.ts [engine] [cluster] [languages] [sdk] [serving] [controllers]: provides the tools and prints where they are.
const groups = (process.argv.length > 2 ? process.argv.slice(2) : ["engine"]) as Group[];
try {
  const toolchain = await ensureToolchain({ groups, log: (line) => void process.stderr.write(`${line}\n`) });
  process.stdout.write(`${JSON.stringify(toolchain, null, 2)}\n`);
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
