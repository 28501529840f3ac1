import { Command } from "commander";
import type { ClusterChoice } from "../cluster/kubeconfig.ts";
import { preflight } from "./commands/preflight.ts";
import { merge, render } from "./commands/render.ts";
import { type ValidateOptions, validate } from "./commands/validate.ts";
import { conformance } from "./conformance/conformance.ts";
import { cluster, documents, output } from "./options.ts";
import { addRecover } from "./recover.ts";
import type { RequestOptions } from "./request.ts";
import { addReviewCommands } from "./review.ts";
import { addImport } from "./takeover.ts";
import type { Run, Terminal } from "./terminal.ts";
import { hasInvisible, visible } from "./text.ts";
import { VERSION } from "./version.ts";

type PrintOptions = RequestOptions & { output: "yaml" | "json" };

/** The commands with their options. It neither prints nor exits: what commander has to say goes to the terminal. */
export function program(terminal: Terminal, run: Run, args: readonly string[]): Command {
  const root = new Command("kserve-llm")
    .description("Plans KServe LLMInferenceServices: the objects, the merged spec and the verdict, without a cluster.")
    .version(VERSION, "--version", "print the version")
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
  addImport(root, run);
  addRecover(root, run);
  return root;
}

/** The lines of commander's text, in which no argument that it quotes makes lines of its own. */
function linesOf(text: string, args: readonly string[]): string[] {
  const quoted = args.flatMap((arg) => [arg, ...arg.split(/=(.*)/s)]).filter(hasInvisible);
  const safe = quoted.reduce((rest, arg) => rest.replaceAll(arg, visible(arg)), text);
  return safe.replace(/\n$/, "").split("\n");
}

function addPlanCommands(root: Command, run: Run): void {
  const rendering = root.command("render").description("print the Kubernetes objects of each service");
  const merging = root.command("merge").description("print each service's merged spec, templates expanded");
  for (const [command, action] of [[rendering, render] as const, [merging, merge] as const]) {
    output(documents(command), ["yaml", "json"]).action((options: PrintOptions) =>
      run((terminal) => action(options, terminal)),
    );
  }
  cluster(documents(root.command("validate").description("say what is wrong with each service and config")))
    .option("--old <path>", "the objects as they are now, to judge an update")
    .option(
      "--preflight",
      "also look whether the cluster could take each service; --kubeconfig and --context do so too",
    )
    .action((options: ValidateOptions) => run((terminal) => validate(options, terminal)));
  const looking = root.command("preflight").description("look whether a cluster could take each service; only reads");
  cluster(documents(looking)).action((options: RequestOptions & ClusterChoice) =>
    run((terminal) => preflight(options, terminal)),
  );
  root
    .command("conformance")
    .description("plan every case of a folder of recorded KServe cases, from its input side alone")
    .argument("<dir>", "folder with index.json, presets/ and the suites")
    .option("--emit <dir>", "where the results are written, a file a result")
    .option("--only <substring>", "only cases whose name contains this", "")
    .action((dir: string, options: { emit?: string; only: string }) =>
      run((terminal) => conformance(dir, options, terminal)),
    );
}
