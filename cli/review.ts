import { type Command, InvalidArgumentError, Option } from "commander";
import { type DiffOptions, diff } from "./commands/diff.ts";
import { type ExplainOptions, explain } from "./commands/explain.ts";
import { type FitOptions, showFit } from "./commands/fit.ts";
import { type GraphOptions, graph } from "./commands/graph.ts";
import { type PromoteOptions, promoteCheck } from "./commands/promote.ts";

/** Adds the options of what is planned: documents (needed, unless said otherwise), configs, settings, platform. */
type Input = (command: Command, isFileNeeded?: boolean) => Command;

/** The commands by which people judge a plan before it runs: each with its options and what it returns as exit code. */
export function addReviewCommands(root: Command, input: Input): void {
  input(root.command("explain").description("tell which layer set each field of the merged spec, and what it overrode"))
    .argument("[field]", "only this field and what is below it, e.g. template.containers[main].args")
    .option("--why-not <flag>", "what became of this vLLM flag (or field), e.g. --max-model-len=8192")
    .addOption(format())
    .action((field: string | undefined, options: ExplainOptions) => {
      process.exitCode = explain(field, options);
    });
  input(root.command("graph").description("draw each service: route, pool, scheduler, pods with their GPUs, nodes"))
    .option("--html <file>", "write a report to this file: picture and tables on one page that needs nothing beside it")
    .option("--prices <file>", "price an hour by accelerator or resource, for the report")
    .addOption(new Option("-o, --output <format>", "format").choices(["mermaid", "json"]).default("mermaid"))
    .action((options: GraphOptions) => {
      process.exitCode = graph(options);
    });
  addFit(root, input);
  addDiff(root);
  addPromote(root);
}

function addFit(root: Command, input: Input): void {
  input(
    root.command("fit").description("tell whether each role fits into its accelerators, and how far it could go"),
    false,
  )
    .option("--model <name>", "in the place of -f: a model by its name, as Hugging Face has it")
    .option("--accelerator <name>", "of --model: on which accelerator, e.g. nvidia-h100-80gb")
    .option("--tensor <number>", "of --model: tensor-parallel size", number)
    .option("--pipeline <number>", "of --model: pipeline-parallel size", number)
    .option("--max-model-len <tokens>", "of --model: longest context; default: the model's own", number)
    .option("--max-num-seqs <number>", "of --model: sequences in one step", number)
    .option("--gpu-memory-utilization <share>", "of --model: share of the memory that vLLM may use", number)
    .option("--kv-cache-dtype <name>", "of --model: fp8 …")
    .option("--quantization <name>", "of --model: what the engine does to the weights: fp8 …")
    .option(
      "--model-info <file>",
      "the model's config.json, where the catalogue does not have it; weightBytes may be added",
    )
    .option("--concurrency <number>", "sequences of full length that must be under way at once", number, 1)
    .addOption(format())
    .action((options: FitOptions) => {
      process.exitCode = showFit(options);
    });
}

function addDiff(root: Command): void {
  root
    .command("diff")
    .description("compare two services, two sets of configs, or a service with its stack's last state or the cluster")
    .argument("<a>", "file or folder of services or rendered objects, state:FILE (pulumi stack export), or cluster")
    .argument(
      "[b]",
      "file, folder or state:FILE; without it A is planned twice, with the configs and settings of each side",
    )
    .option("--configs <path>", "configs of both sides: file or folder; repeatable", list)
    .option("--configs-a <path>", "configs of A alone; repeatable", list)
    .option("--configs-b <path>", "configs of B alone; repeatable", list)
    .option("--settings <file>", "the cluster's settings, for both sides")
    .option("--settings-a <file>", "settings of A")
    .option("--settings-b <file>", "settings of B")
    .option("--platform <file>", "a platform's bundle or releases, as `pulumi stack output NAME --json` prints them")
    .option("--platform-a <file>", "the platform of A")
    .option("--platform-b <file>", "the platform of B")
    .option("--release <name>", "the release that both sides pin")
    .option("--release-a <name>", "the release of A")
    .option("--release-b <name>", "the release of B")
    .option("--digest <digest>", "the digest that the release must have")
    .option("--kubeconfig <path>", "kubeconfig of the cluster; default: $KUBECONFIG, else ~/.kube/config")
    .option("--context <name>", "context of the kubeconfig; default: its current one")
    .option("--prices <file>", "price an hour by accelerator or resource: YAML or JSON mapping")
    .option("-n, --namespace <name>", "namespace of documents that name none", "default")
    .addOption(compat())
    .addOption(format())
    .action(async (a: string, b: string | undefined, options: DiffOptions) => {
      process.exitCode = await diff(a, b, options);
    });
}

function addPromote(root: Command): void {
  root
    .command("promote")
    .description("what is tested in one environment, and what another would run")
    .command("check")
    .description("refuse where environments differ in more than what is expected; show what the rollout takes")
    .requiredOption("--from <path>", "the environment where it was tested: file or folder of services and configs")
    .requiredOption("--to <path>", "the environment that it goes to: the same")
    .option("--configs <path>", "configs of both; repeatable", list)
    .option("--configs-from <path>", "configs of the one alone; repeatable", list)
    .option("--configs-to <path>", "configs of the other alone; repeatable", list)
    .option("--settings-from <file>", "settings of the one")
    .option("--settings-to <file>", "settings of the other")
    .option("--platform <file>", "a platform's bundle or releases, as `pulumi stack output NAME --json` prints them")
    .option("--platform-from <file>", "the platform of the one")
    .option("--platform-to <file>", "the platform of the other")
    .option("--release-from <name>", "the release that the one pins")
    .option("--release-to <name>", "the release that the other pins")
    .option("--digest-from <digest>", "the digest that the one pins")
    .option("--digest-to <digest>", "the digest that the other pins")
    .option("--expected <file>", "the differences that are meant: {service, settings, objects}")
    .option("--now <path>", "what runs in the other now: services, objects or state:FILE; default: what --to plans")
    .option("--prices <file>", "price an hour by accelerator or resource: YAML or JSON mapping")
    .option("-n, --namespace <name>", "namespace of documents that name none", "default")
    .addOption(compat())
    .addOption(format())
    .action((options: PromoteOptions) => {
      process.exitCode = promoteCheck(options);
    });
}

function list(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function compat(): Option {
  return new Option("--compat <version>", "behave as this KServe release").choices(["kserve-0.20"]);
}

/** Tables for people, JSON for programs. */
function format(): Option {
  return new Option("-o, --output <format>", "format").choices(["table", "json"]).default("table");
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("a number was expected");
  return value;
}
