import { describeDefect, framesOf } from "../../core/contract/issues/defect.ts";

/** An exception that this package raised by mistake, with what to report. */
export class DefectError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DefectError";
    // Pulumi prints the stack of what a program throws; the message has the part of it that helps.
    this.stack = message;
  }
}

/**
 * Runs what an entry point does. An exception that is a mistake of this package becomes a {@link DefectError}; errors
 * that refuse the input, and errors of the engine or of the program's own code, stay as they are.
 */
export async function reportingDefects<Result>(during: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    const message = describeDefect(error, { root: ROOT, during, node: process.version });
    throw message === undefined ? error : new DefectError(message);
  }
}

/** Where this package's code lies: the folder above this file's, or the one file that it is bundled into. */
const ROOT = rootOf(new Error("the folder of this file").stack ?? "");

function rootOf(stack: string): string {
  const [frame] = framesOf(stack);
  return (frame?.file ?? "").replace(/[\\/]components[\\/]planning[\\/]defect\.[cm]?[jt]s$/, "");
}
