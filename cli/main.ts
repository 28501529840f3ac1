import { run, UNREADABLE } from "./run.ts";
import type { Result } from "./text/terminal.ts";
import { visible } from "./text/text.ts";

/** Whether standard output takes colour: a terminal, and nobody asked for none (https://no-color.org). */
function hasColour(): boolean {
  return process.stdout.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

/** Prints what a command came to. Here alone the program prints, and decides how it exits. */
function print({ stdout, stderr, code }: Result): void {
  process.exitCode = code;
  write(process.stderr, stderr, "standard error");
  write(process.stdout, stdout, "standard output");
}

/** A reader that has read enough (`render | head`) ends the output and nothing else. */
function write(stream: NodeJS.WriteStream, text: string, name: string): void {
  if (text === "") return;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.exitCode = UNREADABLE;
    if (stream !== process.stderr)
      process.stderr.write(`kserve-llm: ${name} cannot be written: ${visible(error.message)}\n`);
  });
  stream.write(text);
}

run(process.argv.slice(2), { colour: hasColour(), width: process.stdout.columns }).then(print);
