import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as zlib from "node:zlib";
import { isObject } from "../../core/kubernetes/json.ts";
import { tableOf } from "../../core/kubernetes/table.ts";
import { pulumi, type StackChoice } from "./pulumi.ts";

/** A state file that Pulumi cannot read, and the newest copy of the backend that it can. */
export interface Damaged {
  file: string;
  /** Undefined if no copy can be read either. */
  copy: string | undefined;
  /** When the copy was written. */
  written: Date | undefined;
}

/** The engine's error for a state file that is truncated, as after a full disk. */
const UNREADABLE = /failed to load checkpoint/;

/**
 * The damaged state file of a stack, if `why` (the output of `pulumi stack export`) reports that it is damaged and
 * the backend is a folder. Pulumi keeps copies: `STACK.json.bak` next to it, the history of the stack, and `backups`.
 */
export async function findDamaged(why: string, choice: StackChoice): Promise<Damaged | undefined> {
  if (!UNREADABLE.test(why)) return undefined;
  const folder = await backendFolder(choice);
  const names = await pulumi(["stack", "--show-name", "--fully-qualify-stack-names"], choice);
  if (folder === undefined || names.code !== 0) return undefined;
  const [stack = "", project = ""] = names.stdout.trim().split("/").reverse();
  const file = ["", ...UNPACK.keys()]
    .map((packing) => join(folder, ".pulumi/stacks", project, `${stack}.json${packing}`))
    .find(existsSync);
  if (file === undefined) return undefined;
  const copies = [`${file}.bak`, ...copiesOf(folder, project, stack)]
    .filter(existsSync)
    .map((copy) => ({ copy, written: statSync(copy).mtime }))
    .sort((one, other) => other.written.getTime() - one.written.getTime());
  const readable = copies.find(({ copy }) => isCheckpoint(copy));
  return { file, copy: readable?.copy, written: readable?.written };
}

/** The folder of a file backend: `file:///state`, `file://~`, `file://./state?no_tmp_dir=true`. */
async function backendFolder({ cwd = "." }: StackChoice): Promise<string | undefined> {
  const { stdout } = await pulumi(["whoami", "--json"], { cwd });
  const { url = "" } = JSON.parse(stdout) as { url?: string };
  if (!url.startsWith("file://")) return undefined;
  const [path = ""] = url.slice("file://".length).split("?");
  return resolve(cwd, path.replace(/^~/, homedir()));
}

/** The checkpoints that past runs left: `history/PROJECT/STACK/STACK-TIME.checkpoint.json` and `backups/PROJECT/STACK/STACK.TIME.json`. */
function copiesOf(folder: string, project: string, stack: string): string[] {
  return ["history", "backups"].flatMap((place) => {
    const copies = join(folder, ".pulumi", place, project, stack);
    if (!existsSync(copies)) return [];
    return readdirSync(copies)
      .filter((name) => (place === "history" ? name.includes(".checkpoint.json") : name.includes(".json")))
      .filter((name) => !name.endsWith(".attrs"))
      .map((name) => join(copies, name));
  });
}

/** Whether a file contains a complete state: JSON, compressed or not, with a checkpoint in it. */
function isCheckpoint(file: string): boolean {
  try {
    const bytes = readFileSync(file);
    const text = UNPACK.get(packingOf(file))?.(bytes) ?? bytes;
    const state: unknown = JSON.parse(text.toString("utf8"));
    return isObject(state) && isObject(state["checkpoint"]);
  } catch {
    return false;
  }
}

/**
 * How the backend compresses a state, by the end of its name. Node before 22.15 cannot decompress zstd: there such a
 * copy cannot be read.
 */
const UNPACK = tableOf<(bytes: Buffer) => Buffer>({
  ".gz": (bytes) => zlib.gunzipSync(bytes),
  ".zst": (bytes) => zlib.zstdDecompressSync(bytes),
});

function packingOf(file: string): string {
  const name = file.replace(/\.bak$/, "");
  return [...UNPACK.keys()].find((packing) => name.endsWith(packing)) ?? "";
}

/** Replaces the damaged file by the copy; the damaged file is kept next to it. Returns the name of the kept file. */
export function restore(file: string, copy: string): string {
  const kept = `${file}.damaged`;
  const target = `${file.slice(0, file.length - packingOf(file).length)}${packingOf(copy)}`;
  const fresh = `${target}.restored`;
  // The copy is written first: if the disk is still full, nothing has changed yet.
  copyFileSync(copy, fresh);
  renameSync(file, kept);
  renameSync(fresh, target);
  // The backend's note about a file (its hash) is moved with it.
  if (existsSync(`${copy}.attrs`)) copyFileSync(`${copy}.attrs`, `${target}.attrs`);
  return kept;
}
