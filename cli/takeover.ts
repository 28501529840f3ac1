import type { Command } from "commander";
import { DEFAULT_SETTINGS } from "../core/contract/options/settings.ts";
import { type ImportOptions, importServices } from "./commands/import.ts";
import { cluster, list } from "./input/options.ts";
import type { Run } from "./text/terminal.ts";

/** The command that takes services over from KServe. */
export function addImport(root: Command, run: Run): void {
  const command = root
    .command("import")
    .description(
      "Take over services from KServe without restarting pods: write a program and an import file, then release the objects from KServe.",
    )
    .argument("[names...]", "Names of services in the namespace. Default: all.")
    .option("-f, --file <path>", "File or folder of exported objects to read instead of the cluster. Repeatable.", list)
    .option("-n, --namespace <name>", "Namespace of the services.", "default")
    .option(
      "--system-namespace <name>",
      "Namespace of KServe's presets and settings.",
      DEFAULT_SETTINGS.systemNamespace,
    )
    .option("--out <folder>", "Folder for the program and the import file.")
    .option("--restarts", "Write the files even if pods would be restarted.")
    .option("--execute", "Release the objects from KServe, after `pulumi import` and `pulumi up`.");
  cluster(command).action((names: string[], options: ImportOptions) =>
    run((terminal) => importServices(names, options, terminal)),
  );
}
