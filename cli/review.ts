import type { Command } from "commander";
import { type DiffOptions, diff } from "./commands/diff.ts";
import { type ExplainOptions, explain } from "./commands/explain.ts";
import { type FitOptions, showFit } from "./commands/fit.ts";
import { type GraphOptions, graph } from "./commands/graph.ts";
import { type PromoteOptions, promoteCheck } from "./commands/promote.ts";
import { cluster, documents, number, output, planningOfSides, positive, prices } from "./input/options.ts";
import type { Run } from "./text/terminal.ts";

/** The commands for reviewing a plan before it runs, each with its options. */
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
    .description("Show which layer sets each field of the merged spec, and which values it overrides.")
    .argument("[field]", "Only this field and the fields below it, e.g. template.containers[main].args.")
    .option(
      "--why-not <flag>",
      "Explain why this vLLM flag or field does not have this value, e.g. --max-model-len=8192.",
    );
  output(documents(command)).action((field: string | undefined, options: ExplainOptions) =>
    run((terminal) => explain(field, options, terminal)),
  );
}

function addGraph(root: Command, run: Run): void {
  const command = root
    .command("graph")
    .description("Draw each service: route, pool, scheduler, pods with their GPUs, nodes.")
    .option("--html <file>", "Write a report to this file: a self-contained HTML page with the picture and tables.");
  output(prices(documents(command)), ["mermaid", "svg", "json"]).action((options: GraphOptions) =>
    run((terminal) => graph(options, terminal)),
  );
}

function addFit(root: Command, run: Run): void {
  const command = root
    .command("fit")
    .description("Show whether each role fits into the memory of its accelerators, and its limits.")
    .option("--model <name>", "Name of a model on Hugging Face. Use it instead of -f.")
    .option("--accelerator <name>", "With --model: accelerator, e.g. nvidia-h100-80gb.")
    .option("--tensor <number>", "With --model: tensor-parallel size.", number)
    .option("--pipeline <number>", "With --model: pipeline-parallel size.", number)
    .option("--max-model-len <tokens>", "With --model: longest context. Default: the maximum of the model.", number)
    .option("--max-num-seqs <number>", "With --model: sequences in one step.", number)
    .option("--gpu-memory-utilization <share>", "With --model: fraction of the memory that vLLM may use.", number)
    .option("--kv-cache-dtype <name>", "With --model: data type of the KV cache, e.g. fp8.")
    .option("--quantization <name>", "With --model: quantization of the weights by vLLM, e.g. fp8.")
    .option(
      "--concurrency <number>",
      "Number of sequences of full length that must fit at the same time.",
      positive,
      1,
    );
  output(documents(command, false)).action((options: FitOptions) => run((terminal) => showFit(options, terminal)));
}

function addDiff(root: Command, run: Run): void {
  const command = root
    .command("diff")
    .description(
      "Compare two services, two sets of configs, or a service with the last state of its stack or with the cluster.",
    )
    .argument("<a>", "File or folder of services or rendered objects, state:FILE (pulumi stack export), or cluster.")
    .argument("[b]", "File, folder or state:FILE. Without B, A is planned twice, with the options of each side.");
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
    .description("Compare what was tested in one environment with what another would run.")
    .command("check")
    .description(
      "Fail if the environments differ in more than the expected differences, and show the effects of the rollout.",
    )
    .requiredOption("--from <path>", "Tested environment: file or folder of services and configs.")
    .requiredOption("--to <path>", "Target environment: file or folder of services and configs.")
    .option("--expected <file>", "File with the expected differences: {service, settings, objects}.")
    .option(
      "--now <path>",
      "Objects that run in the target now: services, objects or state:FILE. Default: the plan of --to.",
    );
  const sided = planningOfSides(prices(output(command)), [
    { suffix: "from", name: "--from" },
    { suffix: "to", name: "--to" },
  ]);
  sided.action((options: PromoteOptions) => run((terminal) => promoteCheck(options, terminal)));
}
