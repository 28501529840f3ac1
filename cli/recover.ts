import type { Command } from "commander";
import { type RecoverOptions, recover } from "./commands/recover.ts";
import { cluster, list } from "./input/options.ts";
import type { Run } from "./text/terminal.ts";

/** The command that repairs the state of a stack after a run that was killed. */
export function addRecover(root: Command, run: Run): void {
  const command = root
    .command("recover")
    .description(
      "Repair the state of a stack after an interrupted `pulumi up` or `pulumi destroy`, so that the next run can continue.",
    )
    .option("-s, --stack <name>", "Name of the stack. Default: the selected stack.")
    .option("-C, --cwd <folder>", "Folder of the Pulumi project. Default: the current folder.")
    .option("-y, --yes", "Do not ask for confirmation.")
    .option("--take <kind/name>", "Take over this object although another owner created it. Repeatable.", list)
    .option(
      "--no-preview",
      "Do not run the Pulumi program. Objects whose creation Pulumi did not record are then not found.",
    )
    .option("--unlock", "Remove the lock of the stack (`pulumi cancel`). No other run may be in progress.");
  cluster(command).action((options: RecoverOptions) =>
    run(async (terminal) => {
      const { stdout, stderr, code } = await recover(options, process.stdin.isTTY ? ask : undefined);
      if (stdout !== "") terminal.print(linesOf(stdout));
      if (stderr !== "") terminal.tell(linesOf(stderr));
      return terminal.done(code);
    }),
  );
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}

async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
