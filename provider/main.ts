import { readFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "@pulumi/pulumi/provider/server.js";
import { createProvider } from "./provider.ts";

// The plugin: serves the components to programs of any language. Standard output carries the port and nothing else.
const schema = readFileSync(join(import.meta.dirname, "schema.json"), "utf8");
main(createProvider(schema), process.argv.slice(2)).then(() => {
  console.log = console.error;
  console.info = console.error;
});
