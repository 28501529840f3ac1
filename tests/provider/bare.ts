import * as pulumi from "@pulumi/pulumi";
import { main } from "@pulumi/pulumi/provider/server.js";

// A provider that serves nothing: the cost of any bundle with @pulumi/pulumi.
const version = pulumi.ComponentResource.name === "" ? "" : "0.0.0";
main({ version, schema: "{}" }, process.argv.slice(2));
