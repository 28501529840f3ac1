import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "./serve.ts";

// The plugin as Node runs it, with its schema in a file beside.
serve(readFileSync(join(import.meta.dirname, "schema.json"), "utf8"));
