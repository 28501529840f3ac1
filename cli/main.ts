import { Command, InvalidArgumentError } from "commander";
import { ClusterError } from "../cluster/error.ts";
import type { ClusterChoice } from "../cluster/kubeconfig.ts";
import { preflight } from "./commands/preflight.ts";
import { merge, render } from "./commands/render.ts";
import { type ValidateOptions, validate } from "./commands/validate.ts";
import { conformance } from "./conformance/conformance.ts";
import { UnreadableInput } from "./input.ts";
import { cluster, documents, output } from "./options.ts";
import { addRecover } from "./recover.ts";
import type { RequestOptions } from "./request.ts";
import { addReviewCommands } from "./review.ts";
import { addImport } from "./takeover.ts";

/** Exit codes: 0 fine, 1 refused, 2 could not be read. */
const UNREADABLE = 2;
const YAML = ["yaml", "json"] as const;

function program(): Command {
  const root = new Command("kserve-llm")
    .description("Plans KServe LLMInferenceServices: the objects, the merged spec and the verdict, without a cluster.")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : UNREADABLE));
  output(documents(root.command("render").description("print the Kubernetes objects of each service")), YAML).action(
    (options: RequestOptions & { output: "yaml" | "json" }) => {
      process.exitCode = render(options);
    },
  );
  output(
    documents(root.command("merge").description("print each service's merged spec, templates expanded")),
    YAML,
  ).action((options: RequestOptions & { output: "yaml" | "json" }) => {
    process.exitCode = merge(options);
  });
  cluster(documents(root.command("validate").description("say what is wrong with each service and config")))
    .option("--old <path>", "the objects as they are now, to judge an update")
    .option(
      "--preflight",
      "also look whether the cluster could take each service; --kubeconfig and --context do so too",
    )
    .action(async (options: ValidateOptions) => {
      process.exitCode = await validate(options);
    });
  const preflightCommand = root
    .command("preflight")
    .description("look whether a cluster could take each service; only reads");
  cluster(documents(preflightCommand)).action(async (options: RequestOptions & ClusterChoice) => {
    process.exitCode = await preflight(options);
  });
  root
    .command("conformance")
    .description("plan every case of a folder of recorded KServe cases, from its input side alone")
    .argument("<dir>", "folder with index.json, presets/ and the suites")
    .option("--emit <dir>", "where the results are written, a file a result")
    .option("--only <substring>", "only cases whose name contains this", "")
    .action((dir: string, options: { emit?: string; only: string }) => {
      process.exitCode = conformance(dir, options);
    });
  addReviewCommands(root);
  addImport(root);
  addRecover(root);
  return root;
}

/** Input that cannot be read ends with a line; anything else is a defect of ours, and is shown whole. */
function failed(error: unknown): void {
  const isExpected = [UnreadableInput, InvalidArgumentError, ClusterError].some((kind) => error instanceof kind);
  if (!(error instanceof Error) || !isExpected) throw error;
  process.stderr.write(`kserve-llm: ${error.message}\n`);
  process.exitCode = UNREADABLE;
}

program().parseAsync().catch(failed);
