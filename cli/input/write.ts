import { mkdirSync, writeFileSync } from "node:fs";
import { UnreadableInput } from "./input.ts";

/** Writes a file. One that cannot be written ends the command, as one that cannot be read does. */
export function writeFile(path: string, text: string): void {
  orUnwritable(path, () => writeFileSync(path, text));
}

/** Makes a folder where there is none, with those above it. */
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
