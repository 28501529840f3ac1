import "./brief.ts";
import { run, UNREADABLE } from "./run.ts";
import type { Result } from "./text/terminal.ts";
import { visible } from "./text/text.ts";

/** Whether standard output gets colour: it is a terminal, and NO_COLOR is not set (https://no-color.org). */
function hasColour(): boolean {
  return process.stdout.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

/** Prints the result of a command. No other code of the program prints or sets the exit code. */
function print({ stdout, stderr, code }: Result): void {
  process.exitCode = code;
  write(process.stderr, stderr, "standard error");
  write(process.stdout, stdout, "standard output");
}

/** A reader that closes the pipe early (`render | head`) only ends the output. */
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
