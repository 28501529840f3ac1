import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";

/** Copies a file, if it exists, to a target that other runs of the tests may read or write at the same time. */
export function copyInto(target: string, source: string, { unlessThere = false } = {}): void {
  if (!existsSync(source) || (unlessThere && existsSync(target))) return;
  mkdirSync(dirname(target), { recursive: true });
  const beside = `${target}.${process.pid}`;
  copyFileSync(source, beside);
  renameSync(beside, target);
}
