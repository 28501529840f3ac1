const { existsSync } = require("node:fs");
const { join } = require("node:path");

/**
 * What `require` of this folder gives. In a checkout it is the plugin, as Pulumi starts the folder that `pulumi package add` checked
 * out (PulumiPlugin.yaml): it runs from its sources, so nothing needs to be built. The npm package holds no sources; there it is the
 * library, for tools that do not read `exports` in package.json.
 */
const isCheckout = existsSync(join(__dirname, "provider/main.ts"));
module.exports = isCheckout ? startPlugin() : require(join(__dirname, "dist/components/index.js"));

function startPlugin() {
  if (process.features.typescript) return import("./provider/main.ts");
  process.stderr.write(`The plugin kserve-llm needs Node 22.18 or later, and this is Node ${process.versions.node}.\n`);
  return process.exit(1);
}
