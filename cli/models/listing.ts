import { posix } from "node:path";
import { UnreadableInput } from "../input/input.ts";

/** A line of `find -printf '%s %p\n'`: bytes, and the path of a file. */
const LINE = /^(\d+) (\S.*)$/;

/**
 * Reads the listing of a claim, as `find /mnt/models -type f -printf '%s %p\n'` prints it: the sizes of the files in the one folder
 * with weights. Folders inside of it (ONNX exports, poolers) do not count.
 */
export function sizesListed(text: string, source: string): Map<string, number> {
  const files = text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === "") return [];
    const [, bytes, path] = LINE.exec(line) ?? [];
    if (bytes === undefined || path === undefined) {
      throw new UnreadableInput(
        `${source}:${at + 1}: a size and a path were expected, as find -printf '%s %p\\n' prints them`,
      );
    }
    return [{ path: posix.normalize(path), bytes: Number(bytes) }];
  });
  const folder = folderOf(
    files.map(({ path }) => path),
    source,
  );
  const inside = files.filter(({ path }) => posix.dirname(path) === folder);
  return new Map(inside.map(({ path, bytes }) => [posix.basename(path), bytes]));
}

/** The folder with weights that is not inside of another such folder. */
function folderOf(paths: readonly string[], source: string): string | undefined {
  const weights = paths.filter((path) => /\.(safetensors|bin)$/.test(path));
  const folders = [...new Set(weights.map((path) => posix.dirname(path)))];
  const outer = folders.filter((folder) => !folders.some((other) => other !== folder && isInside(folder, other)));
  if (outer.length > 1) {
    throw new UnreadableInput(
      `${source}: the listing has several models: ${outer.sort().join(", ")}; list one of these folders`,
    );
  }
  return outer[0];
}

function isInside(folder: string, other: string): boolean {
  return other === "." ? !folder.startsWith("/") : folder.startsWith(other.endsWith("/") ? other : `${other}/`);
}
