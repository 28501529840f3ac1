import { installVllm } from "./environment.ts";

// node tools/bootstrap.mjs tools/vllm/main.ts: vLLM itself, for tests/e2e/argv.test.ts and exposition.test.ts.
await installVllm();
process.stderr.write("vLLM is in the cache.\n");
