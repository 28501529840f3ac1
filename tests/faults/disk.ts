import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A small separate file system over a folder, with the content of the folder. */
export interface Disk {
  readOnly(isReadOnly: boolean): void;
  /** Leaves no byte free. */
  fill(): void;
  /** Makes room again. */
  free(): void;
  /** Unmounts the file system; its content stays in the folder. */
  unmount(): void;
}

const FILLER = "filler";
/** Room for the state and all its copies. */
const SIZE_KIB = 16_384;

/** Undefined if this user may not mount a file system. */
export function mountOver(folder: string): Disk | undefined {
  const kept = `${folder}.kept`;
  mkdirSync(folder, { recursive: true });
  cpSync(folder, kept, { recursive: true });
  const mount = ["-t", "tmpfs", "-o", `size=${SIZE_KIB}k`, "tmpfs", folder];
  if (spawnSync("mount", mount).status !== 0) {
    rmSync(kept, { recursive: true });
    return undefined;
  }
  cpSync(kept, folder, { recursive: true });
  rmSync(kept, { recursive: true });
  const filler = join(folder, FILLER);
  const remount = (option: string): void =>
    assert.equal(spawnSync("mount", ["-o", `remount,${option}`, folder]).status, 0);
  const free = (): void => rmSync(filler, { force: true });
  return {
    readOnly: (isReadOnly) => remount(isReadOnly ? "ro" : "rw"),
    fill: () => fill(filler),
    free,
    unmount: () => {
      free();
      cpSync(folder, kept, { recursive: true });
      spawnSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true });
      cpSync(kept, folder, { recursive: true });
      rmSync(kept, { recursive: true });
    },
  };
}

/** Writes in ever smaller pieces until the disk is full, so that not even a small file fits. */
function fill(file: string): void {
  for (const size of [1 << 20, 1 << 12, 1]) {
    const piece = Buffer.alloc(size);
    try {
      for (;;) appendFileSync(file, piece);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
    }
  }
}
