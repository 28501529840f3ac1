import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { type RecoverOptions, recover } from "./commands/recover.ts";
import { cluster, list } from "./options.ts";
import type { Run } from "./terminal.ts";

/** The command that puts the state of a stack right after a run that was killed. */
export function addRecover(root: Command, run: Run): void {
  const command = root
    .command("recover")
    .description("after an interrupted `pulumi up` or `destroy`: take over what it made, so that the next run goes on")
    .option("-s, --stack <name>", "the stack; default: the selected one")
    .option("-C, --cwd <folder>", "folder of the Pulumi project; default: the current one")
    .option("-y, --yes", "do it without asking")
    .option("--take <kind/name>", "take this object over although another owner made it; repeatable", list)
    .option("--no-preview", "do not run the program: creates whose answer was lost are not found then")
    .option("--unlock", "take the stack's lock away (`pulumi cancel`): no other run may be at work");
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
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
