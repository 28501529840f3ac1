import type { Command } from "commander";
import { DEFAULT_SETTINGS } from "../core/contract/parsesettings.ts";
import { type ImportOptions, importServices } from "./commands/import.ts";
import { cluster, list } from "./options.ts";
import type { Run } from "./terminal.ts";

/** The command that takes services over from KServe. */
export function addImport(root: Command, run: Run): void {
  const command = root
    .command("import")
    .description("take services over from KServe without restarting pods: program, import file, and the hand-over")
    .argument("[names...]", "services of the namespace; default: all")
    .option("-f, --file <path>", "exported objects in place of the cluster: file or folder; repeatable", list)
    .option("-n, --namespace <name>", "namespace of the services", "default")
    .option(
      "--system-namespace <name>",
      "where KServe keeps its presets and settings",
      DEFAULT_SETTINGS.systemNamespace,
    )
    .option("--out <folder>", "where program and import file are written")
    .option("--restarts", "write them even where pods would be restarted")
    .option("--execute", "make KServe let go, once `pulumi import` and `pulumi up` have run");
  cluster(command).action((names: string[], options: ImportOptions) =>
    run((terminal) => importServices(names, options, terminal)),
  );
}
