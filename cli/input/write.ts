import { mkdirSync, writeFileSync } from "node:fs";
import { UnreadableInput } from "./input.ts";

/** Writes a file. A failure ends the command, like a failure to read one. */
export function writeFile(path: string, text: string): void {
  orUnwritable(path, () => writeFileSync(path, text));
}

/** Makes a folder if there is none, with its parents. */
export function makeFolder(path: string): void {
  orUnwritable(path, () => mkdirSync(path, { recursive: true }));
}

function orUnwritable(path: string, write: () => unknown): void {
  try {
    write();
  } catch (error) {
    throw new UnreadableInput(`${path} cannot be written: ${(error as Error).message}`);
  }
}
