import { statSync } from "node:fs";
import { join } from "node:path";
import { buildCommand } from "./command.ts";
import { buildLibrary } from "./library.ts";
import { buildPlugin } from "./plugin.ts";
import { buildPolicyPack } from "./policy.ts";

// npm run build: compiles the library, and bundles the plugin, the command line and the policy pack, into dist/.
const dist = join(import.meta.dirname, "../../dist");
const say = (what: string, file: string): void => {
  const megabytes = statSync(join(dist, file)).size / 1e6;
  process.stdout.write(`Built ${join(dist, file)}: ${what}, one bundle of ${megabytes.toFixed(1)} MB.\n`);
};
await buildPlugin(join(dist, "plugin"));
say("the plugin", "plugin/main.cjs");
await buildCommand(join(dist, "cli"));
say("the command line", "cli/main.cjs");
await buildPolicyPack(join(dist, "policy"));
say("the policy pack", "policy/main.cjs");
await buildLibrary();
process.stdout.write(`Built ${join(dist, "components")}: the library.\n`);
