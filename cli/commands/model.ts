import { existsSync } from "node:fs";
import { readText, UnreadableInput } from "../input.ts";
import { cacheFolder, modelNamed, snapshotOf } from "../models/cache.ts";
import { type ModelDocument, type ModelFiles, modelDocument } from "../models/document.ts";
import { modelIn } from "../models/folder.ts";
import { sizesListed } from "../models/listing.ts";
import { documentsText, type Format } from "../output.ts";
import type { Result, Terminal } from "../terminal.ts";

export interface InfoOptions {
  /** The folder of the cache, or true for the usual one. */
  fromCache?: string | true;
  revision?: string;
  listing?: string;
  output: Format;
}

/** Prints what a plan can know of a model that is on this computer. Code 1: the plan cannot read its shape. */
export function modelInfo(model: string, options: InfoOptions, terminal: Terminal): Result {
  const files = options.fromCache === undefined ? onDisk(model) : inCache(model, options.fromCache, options.revision);
  const found = modelDocument({ ...files, sizes: listedIn(options.listing, terminal) ?? files.sizes });
  terminal.write(documentsText([found.document], options.output));
  return told(model, found, terminal);
}

function listedIn(file: string | undefined, terminal: Terminal): ModelFiles["sizes"] {
  if (file === undefined) return undefined;
  return sizesListed(readText(file, terminal), file === "-" ? "standard input" : file);
}

function told(model: string, { notes, isReadable }: ModelDocument, terminal: Terminal): Result {
  terminal.tell(notes.map((note) => `${model}: warning: ${note}`));
  return terminal.done(isReadable ? 0 : 1);
}

function onDisk(path: string): ModelFiles {
  if (existsSync(path)) return modelIn(path);
  throw new UnreadableInput(
    `${path}: no such file or folder; for a model of the Hugging Face cache add --from-cache, for one of the hub run kserve-llm model add ${path}`,
  );
}

function inCache(model: string, from: string | true, revision: string | undefined): ModelFiles {
  return modelIn(snapshotOf(modelNamed(model, revision), from === true ? cacheFolder() : from));
}
