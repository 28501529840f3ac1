import * as pulumi from "@pulumi/pulumi";
import { main } from "@pulumi/pulumi/provider/server.js";

// A provider that serves nothing: what any bundle with @pulumi/pulumi costs.
const version = pulumi.ComponentResource.name === "" ? "" : "0.0.0";
main({ version, schema: "{}" }, process.argv.slice(2));
