import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { serve } from "./serve.ts";

// The plugin as Node runs it, with its schema in a file next to it.
serve(readFileSync(join(import.meta.dirname, "schema.json"), "utf8"));
// Writes the compile cache now, if start.cjs set one: Node would write it only at an orderly exit, but engines kill
// their plugins. Node 22.10 and later has the function.
flushCompileCache?.();
