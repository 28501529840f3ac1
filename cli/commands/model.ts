import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readText, UnreadableInput } from "../input/input.ts";
import { makeFolder, writeFile } from "../input/write.ts";
import { cacheFolder, fileName, modelNamed, snapshotOf } from "../models/cache.ts";
import { type ModelDocument, type ModelFiles, modelDocument } from "../models/document.ts";
import { modelIn } from "../models/folder.ts";
import { modelOnHub } from "../models/hub.ts";
import { sizesListed } from "../models/listing.ts";
import { documentsText, type Format, jsonText } from "../text/output.ts";
import type { Result, Terminal } from "../text/terminal.ts";

export interface InfoOptions {
  /** The folder of the cache, or true for the usual one. */
  fromCache?: string | true;
  revision?: string;
  listing?: string;
  output: Format;
}

/** Prints what a plan can know of a model on this computer. Code 1: the plan cannot read its shape. */
export function modelInfo(named: string | undefined, options: InfoOptions, terminal: Terminal): Result {
  const { model, fromCache } = modelSource(named, options.fromCache);
  const files = fromCache === undefined ? onDisk(model) : inCache(model, fromCache, options.revision);
  const found = modelDocument({ ...files, sizes: listedIn(options.listing, terminal) ?? files.sizes });
  terminal.write(documentsText([found.document], options.output));
  return result(model, found, terminal);
}

/** A word after `--from-cache` is the model if there is no other: both orders of words are accepted. */
function modelSource(
  model: string | undefined,
  fromCache: InfoOptions["fromCache"],
): { model: string; fromCache?: string | true } {
  if (model !== undefined) return { model, ...(fromCache !== undefined && { fromCache }) };
  if (typeof fromCache === "string") return { model: fromCache, fromCache: true };
  throw new UnreadableInput("no model is given: pass its folder, its config.json, or --from-cache with ORG/NAME");
}

function listedIn(file: string | undefined, terminal: Terminal): ModelFiles["sizes"] {
  if (file === undefined) return undefined;
  return sizesListed(readText(file, terminal), file === "-" ? "standard input" : file);
}

function result(model: string, { notes, isReadable }: ModelDocument, terminal: Terminal): Result {
  terminal.tell(notes.map((note) => `${model}: warning: ${note}`));
  return terminal.done(isReadable ? 0 : 1);
}

const HUB_NAME = /^\w[\w.-]*\/\w[\w.-]*$/;

function onDisk(path: string): ModelFiles {
  if (existsSync(path)) return modelIn(path);
  throw new UnreadableInput(
    `${path}: no such file or folder; for a model of the Hugging Face cache add --from-cache, for one of the hub run kserve-llm model add ${HUB_NAME.test(path) ? path : "ORG/NAME"}`,
  );
}

function inCache(model: string, from: string | true, revision: string | undefined): ModelFiles {
  return modelIn(snapshotOf(modelNamed(model, revision), from === true ? cacheFolder() : from));
}

export interface AddOptions {
  endpoint?: string;
  revision?: string;
  out?: string;
  timeout: number;
}

/** Reads a model's description from a hub, and writes it into a file. No other command contacts a hub. */
export async function addModelFile(text: string, options: AddOptions, terminal: Terminal): Promise<Result> {
  const { HF_ENDPOINT: usual, HF_TOKEN: token } = process.env;
  const model = modelNamed(text, options.revision);
  const endpoint = options.endpoint ?? (usual || "https://huggingface.co");
  const found = modelDocument(await modelOnHub(model, { endpoint, token, seconds: options.timeout }));
  const file = options.out ?? join("models", `${fileName(model)}.json`);
  makeFolder(dirname(file));
  writeFile(file, jsonText(found.document));
  terminal.print([
    `${file}: written`,
    `Pass it to other commands with --model-info ${model.id}=${file}, and to programs as modelInfo.`,
  ]);
  return result(model.id, found, terminal);
}
