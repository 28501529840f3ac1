import { installParser } from "./environment.ts";

// node tools/bootstrap.mjs tools/vllm/main.ts: vLLM's own argument parser for tests/e2e/argv.test.ts.
await installParser();
process.stderr.write("vLLM's argument parser is in the cache.\n");
