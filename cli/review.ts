import type { Command } from "commander";
import { type DiffOptions, diff } from "./commands/diff.ts";
import { type ExplainOptions, explain } from "./commands/explain.ts";
import { type FitOptions, showFit } from "./commands/fit.ts";
import { type GraphOptions, graph } from "./commands/graph.ts";
import { type PromoteOptions, promoteCheck } from "./commands/promote.ts";
import { cluster, documents, number, output, planningOfSides, positive, prices } from "./options.ts";
import type { Run } from "./terminal.ts";

/** The commands by which people judge a plan before it runs: each with its options. */
export function addReviewCommands(root: Command, run: Run): void {
  addExplain(root, run);
  addGraph(root, run);
  addFit(root, run);
  addDiff(root, run);
  addPromote(root, run);
}

function addExplain(root: Command, run: Run): void {
  const command = root
    .command("explain")
    .description("tell which layer set each field of the merged spec, and what it overrode")
    .argument("[field]", "only this field and what is below it, e.g. template.containers[main].args")
    .option("--why-not <flag>", "what became of this vLLM flag (or field), e.g. --max-model-len=8192");
  output(documents(command)).action((field: string | undefined, options: ExplainOptions) =>
    run((terminal) => explain(field, options, terminal)),
  );
}

function addGraph(root: Command, run: Run): void {
  const command = root
    .command("graph")
    .description("draw each service: route, pool, scheduler, pods with their GPUs, nodes")
    .option(
      "--html <file>",
      "write a report to this file: picture and tables on one page that needs nothing beside it",
    );
  output(prices(documents(command)), ["mermaid", "json"]).action((options: GraphOptions) =>
    run((terminal) => graph(options, terminal)),
  );
}

function addFit(root: Command, run: Run): void {
  const command = root
    .command("fit")
    .description("tell whether each role fits into its accelerators, and how far it could go")
    .option("--model <name>", "in the place of -f: a model by its name, as Hugging Face has it")
    .option("--accelerator <name>", "of --model: on which accelerator, e.g. nvidia-h100-80gb")
    .option("--tensor <number>", "of --model: tensor-parallel size", number)
    .option("--pipeline <number>", "of --model: pipeline-parallel size", number)
    .option("--max-model-len <tokens>", "of --model: longest context; default: the model's own", number)
    .option("--max-num-seqs <number>", "of --model: sequences in one step", number)
    .option("--gpu-memory-utilization <share>", "of --model: share of the memory that vLLM may use", number)
    .option("--kv-cache-dtype <name>", "of --model: fp8 …")
    .option("--quantization <name>", "of --model: what the engine does to the weights: fp8 …")
    .option("--concurrency <number>", "sequences of full length that must be under way at once", positive, 1);
  output(documents(command, false)).action((options: FitOptions) => run((terminal) => showFit(options, terminal)));
}

function addDiff(root: Command, run: Run): void {
  const command = root
    .command("diff")
    .description("compare two services, two sets of configs, or a service with its stack's last state or the cluster")
    .argument("<a>", "file or folder of services or rendered objects, state:FILE (pulumi stack export), or cluster")
    .argument("[b]", "file, folder or state:FILE; without it A is planned twice, with the options of each side");
  const sided = planningOfSides(cluster(prices(output(command))), [
    { suffix: "a", name: "A" },
    { suffix: "b", name: "B" },
  ]);
  sided.action((a: string, b: string | undefined, options: DiffOptions) =>
    run((terminal) => diff(a, b, options, terminal)),
  );
}

function addPromote(root: Command, run: Run): void {
  const command = root
    .command("promote")
    .description("what is tested in one environment, and what another would run")
    .command("check")
    .description("refuse where environments differ in more than what is expected; show what the rollout takes")
    .requiredOption("--from <path>", "the environment where it was tested: file or folder of services and configs")
    .requiredOption("--to <path>", "the environment that it goes to: the same")
    .option("--expected <file>", "the differences that are meant: {service, settings, objects}")
    .option("--now <path>", "what runs in the other now: services, objects or state:FILE; default: what --to plans");
  const sided = planningOfSides(prices(output(command)), [
    { suffix: "from", name: "--from" },
    { suffix: "to", name: "--to" },
  ]);
  sided.action((options: PromoteOptions) => run((terminal) => promoteCheck(options, terminal)));
}
