import { Command, InvalidArgumentError, Option } from "commander";
import type { ClusterChoice } from "../cluster/kubeconfig.ts";
import { compats } from "../core/contract/options/options.ts";
import { type PermissionsOptions, permissions, subjectOf } from "./commands/permissions.ts";
import { preflight } from "./commands/preflight.ts";
import { merge, render } from "./commands/render.ts";
import { type ValidateOptions, validate } from "./commands/validate.ts";
import { type ConformanceOptions, conformance } from "./conformance/conformance.ts";
import { cluster, documents, output } from "./input/options.ts";
import type { RequestOptions } from "./input/request.ts";
import { addModel } from "./model.ts";
import { addRecover } from "./recover.ts";
import { addReviewCommands } from "./review.ts";
import { addImport } from "./takeover.ts";
import type { Run, Terminal } from "./text/terminal.ts";
import { hasInvisible, visible } from "./text/text.ts";
import { VERSION } from "./version.ts";

type PrintOptions = RequestOptions & { output: "yaml" | "json" };

/** The commands with their options. This neither prints nor exits: commander's output goes to the terminal. */
export function program(terminal: Terminal, run: Run, args: readonly string[]): Command {
  const root = new Command("kserve-llm")
    .description(
      "Plan KServe LLMInferenceServices without a cluster: print their objects, their merged spec and their issues.",
    )
    .version(VERSION, "--version", "Print the version.")
    .helpOption("-h, --help", "Print this help.")
    .helpCommand("help [command]", "Print the help of a command.")
    .configureOutput({
      writeOut: (text) => terminal.print(linesOf(text, args)),
      writeErr: (text) => terminal.tell(linesOf(text, args)),
      getOutHelpWidth: () => terminal.width ?? 80,
      getErrHelpWidth: () => terminal.width ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  addPlanCommands(root, run);
  addReviewCommands(root, run);
  addModel(root, run);
  addPermissions(root, run);
  addImport(root, run);
  addRecover(root, run);
  return root;
}

/** The lines of commander's text; an argument that it quotes cannot add lines. */
function linesOf(text: string, args: readonly string[]): string[] {
  const quoted = args.flatMap((arg) => [arg, ...arg.split(/=(.*)/s)]).filter(hasInvisible);
  const safe = quoted.reduce((rest, arg) => rest.replaceAll(arg, visible(arg)), text);
  return safe.replace(/\n$/, "").split("\n");
}

function addPlanCommands(root: Command, run: Run): void {
  const rendering = root.command("render").description("Print the Kubernetes objects of each service.");
  const merging = root
    .command("merge")
    .description("Print the merged spec of each service with its templates expanded.");
  for (const [command, action] of [[rendering, render] as const, [merging, merge] as const]) {
    output(documents(command), ["yaml", "json"]).action((options: PrintOptions) =>
      run((terminal) => action(options, terminal)),
    );
  }
  cluster(documents(root.command("validate").description("Report the issues of each service and config.")))
    .option("--old <path>", "Objects before an update, to check the update against them.")
    .option("--fix", "Write the fixes of errors into the files, and print each change.")
    .option(
      "--preflight",
      "Also check whether the cluster can run each service. --kubeconfig and --context imply this.",
    )
    .action((options: ValidateOptions) => run((terminal) => validate(options, terminal)));
  const looking = root
    .command("preflight")
    .description("Check whether a cluster can run each service, without changing the cluster.");
  cluster(documents(looking)).action((options: RequestOptions & ClusterChoice) =>
    run((terminal) => preflight(options, terminal)),
  );
  root
    .command("conformance")
    .description("Plan every case of a folder of recorded KServe cases from its inputs only.")
    .argument("<dir>", "Folder with index.json, presets/ and the suites.")
    .option("--emit <dir>", "Folder for the results, one file per result.")
    .option("--only <substring>", "Only cases whose name contains this text.", "")
    .addOption(
      new Option("--compat <version>", "Release of KServe that was recorded.").choices(compats).default(compats[0]),
    )
    .action((dir: string, options: ConformanceOptions) => run((terminal) => conformance(dir, options, terminal)));
}

function addPermissions(root: Command, run: Run): void {
  const command = root
    .command("permissions")
    .description("Print the Roles that an identity needs to deploy the services with Pulumi.")
    .option("--with-platform [namespace]", "Also what a Platform needs, with its system namespace (default: kserve).")
    .option("--admission-policies", "With --with-platform: the platform makes admission policies too.")
    .option(
      "--observability [namespace]",
      "With --with-platform: the platform makes dashboards and rules in this namespace too (default: the platform's).",
    )
    .option(
      "--subject <subject>",
      "Also print the bindings to this user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME.",
      subject,
    );
  output(documents(command, false), ["yaml", "json"]).action((options: PermissionsOptions) =>
    run((terminal) => permissions(options, terminal)),
  );
}

function subject(text: string): PermissionsOptions["subject"] {
  const read = subjectOf(text);
  if (read !== undefined) return read;
  throw new InvalidArgumentError("user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME was expected.");
}
