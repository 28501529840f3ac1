import { statSync } from "node:fs";
import { join } from "node:path";
import { buildLibrary } from "./library.ts";
import { buildPlugin } from "./plugin.ts";

// npm run build: compiles the library and bundles the plugin into dist/.
const dist = join(import.meta.dirname, "../../dist");
await buildPlugin(join(dist, "plugin"));
const megabytes = statSync(join(dist, "plugin/main.cjs")).size / 1e6;
process.stdout.write(`Built ${join(dist, "plugin")}: one bundle of ${megabytes.toFixed(1)} MB.\n`);
await buildLibrary();
process.stdout.write(`Built ${join(dist, "components")}: the library.\n`);
