import { statSync } from "node:fs";
import { join } from "node:path";
import { buildPlugin } from "./plugin.ts";

// node tools/bootstrap.mjs tools/build/main.ts: builds the plugin into dist/.
const folder = join(import.meta.dirname, "../../dist/plugin");
await buildPlugin(folder);
const megabytes = statSync(join(folder, "main.cjs")).size / 1e6;
process.stdout.write(`Built ${folder}: one bundle of ${megabytes.toFixed(1)} MB.\n`);
