import { getAsset } from "node:sea";
import { serve } from "./serve.ts";

// The plugin as a single executable, which holds its schema (tools/release/executable.ts).
serve(getAsset("schema.json", "utf8"));
