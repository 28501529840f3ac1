import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { serve } from "./serve.ts";

// The plugin as Node runs it, with its schema in a file beside.
serve(readFileSync(join(import.meta.dirname, "schema.json"), "utf8"));
// What was compiled is kept now, where start.cjs set a cache: Node would write it at an orderly end only, and engines kill their
// plugins. Node 22.10 and later has the function.
flushCompileCache?.();
