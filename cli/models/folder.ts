import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isObject, type JsonObject, readJson } from "../../core/kubernetes/json.ts";
import { UnreadableInput } from "../input/input.ts";
import { CONFIG, INDEX, type ModelFiles, QUANTIZATION } from "./document.ts";

/** Reads a folder with the files of a model, or only its `config.json`. Links are followed, as a Hugging Face cache has them. */
export function modelIn(path: string): ModelFiles {
  if (!existsSync(path)) throw new UnreadableInput(`${path}: no such file or folder`);
  if (!statSync(path).isDirectory()) {
    const isConfig = basename(path) === CONFIG;
    return { ...(isConfig && described(dirname(path))), config: configIn(path) };
  }
  const config = join(path, CONFIG);
  if (!existsSync(config)) throw new UnreadableInput(`${path}: the folder does not contain ${CONFIG}`);
  return { ...described(path), config: configIn(config), sizes: sizesIn(path) };
}

function described(folder: string): Pick<ModelFiles, "quantization" | "index"> {
  return { quantization: mappingIn(join(folder, QUANTIZATION)), index: mappingIn(join(folder, INDEX)) };
}

function mappingIn(file: string): JsonObject | undefined {
  return existsSync(file) ? mapping(textIn(file), file) : undefined;
}

function configIn(file: string): JsonObject {
  return mapping(textIn(file), file);
}

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UnreadableInput(`${file}: ${(error as Error).message}`);
  }
}

/** Files by their size; a link whose file is missing (an unfinished download) is left out. */
function sizesIn(folder: string): Map<string, number> {
  const files = readdirSync(folder).flatMap((name): [string, number][] => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found?.isFile() ? [[name, found.size]] : [];
  });
  return new Map(files);
}

/** A JSON mapping as the programs of Hugging Face write it: infinite numbers (Mamba's limits) are read as null. */
function mapping(text: string, source: string): JsonObject {
  const value = parsed(text);
  if (value === undefined) throw new UnreadableInput(`${source} is not JSON`);
  if (isObject(value)) return value;
  throw new UnreadableInput(`${source}: a JSON object was expected`);
}

/** Numbers that Python's JSON writer produces and JSON does not have. */
const NOT_FINITE = /-?\bInfinity\b|\bNaN\b/g;

/** The content of JSON; undefined for what is not JSON. */
export function parsed(text: string): unknown {
  return readJson(text) ?? readJson(text.replace(NOT_FINITE, "null"));
}
