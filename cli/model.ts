import type { Command } from "commander";
import { type AddOptions, addModelFile, type InfoOptions, modelInfo } from "./commands/model.ts";
import { output, positive } from "./input/options.ts";
import type { Run } from "./text/terminal.ts";

/** The commands that make the document of --model-info for a model that the catalogue does not have. */
export function addModel(root: Command, run: Run): void {
  const model = root
    .command("model")
    .description("Describe a model that the catalogue does not have, for --model-info and modelInfo.");
  const info = model
    .command("info")
    .description("Print the description of a model on this computer: its config.json and the size of its weights.")
    .argument("[model]", "Folder of the model, its config.json, or with --from-cache its name on Hugging Face.")
    .option(
      "--from-cache [folder]",
      "Read the model from this Hugging Face cache. Default: the cache of $HF_HUB_CACHE or $HF_HOME.",
    )
    .option("--revision <name>", "With --from-cache: branch, tag or commit. Default: main.")
    .option("--listing <file>", "Sizes of the files, as find -printf '%s %p\\n' prints them, or - for standard input.");
  output(info, ["json", "yaml"]).action((name: string | undefined, options: InfoOptions) =>
    run((terminal) => modelInfo(name, options, terminal)),
  );
  model
    .command("add")
    .description("Write the description of a model on the Hugging Face hub into a file. The command asks the hub.")
    .argument("<id>", "Name of the model on the hub: ORG/NAME.")
    .option("--endpoint <url>", "URL of the hub. Default: $HF_ENDPOINT, else https://huggingface.co.")
    .option("--revision <name>", "Branch, tag or commit. Default: main.")
    .option("--out <file>", "File to write. Default: models/ORG--NAME.json.")
    .option("--timeout <seconds>", "Longest time that the hub may take for one answer.", positive, 30)
    .action((id: string, options: AddOptions) => run((terminal) => addModelFile(id, options, terminal)));
}
