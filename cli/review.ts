import { type Command, Option } from "commander";
import { type ExplainOptions, explain } from "./commands/explain.ts";

/** The commands by which people judge a plan before it runs: each with its options and what it returns as exit code. */
export function addReviewCommands(root: Command, input: (command: Command) => Command): void {
  input(root.command("explain").description("tell which layer set each field of the merged spec, and what it overrode"))
    .argument("[field]", "only this field and what is below it, e.g. template.containers[main].args")
    .option("--why-not <flag>", "what became of this vLLM flag (or field), e.g. --max-model-len=8192")
    .addOption(format())
    .action((field: string | undefined, options: ExplainOptions) => {
      process.exitCode = explain(field, options);
    });
}

/** Tables for people, JSON for programs. */
function format(): Option {
  return new Option("-o, --output <format>", "format").choices(["table", "json"]).default("table");
}
