import { main } from "@pulumi/pulumi/provider/server.js";
import { createProvider } from "./provider.ts";

/** Serves the components to programs of any language. Standard output carries only the port. */
export function serve(schema: string): void {
  main(createProvider(schema), process.argv.slice(2)).then(() => {
    console.log = console.error;
    console.info = console.error;
  });
}
