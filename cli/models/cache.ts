import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UnreadableInput } from "../input/input.ts";

/** A model of the Hugging Face hub, and its revision. */
export interface ModelName {
  id: string;
  revision: string;
}

const PART = /^\w[\w.-]*$/;

/** Reads `ORG/NAME` or `NAME`, with or without `hf://` and `:REVISION`, as `model.uri` has them. */
export function modelNamed(text: string, given?: string): ModelName {
  const [id = "", revision = "main"] = text.replace(/^hf:\/\//, "").split(":");
  const parts = id.split("/");
  if (parts.length > 2 || !parts.every((part) => PART.test(part) && !part.includes(".."))) {
    throw new UnreadableInput(`${text}: the name of a model on the hub was expected, ORG/NAME`);
  }
  return { id, revision: given ?? revision };
}

/** The name of the model's folder in a cache, and of its file: `ORG--NAME`. */
export function fileName({ id }: ModelName): string {
  return id.replaceAll("/", "--");
}

/** Where huggingface_hub keeps models. Source: src/huggingface_hub/constants.py. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env["HF_HUB_CACHE"] ?? env["HUGGINGFACE_HUB_CACHE"];
  if (own) return own;
  const home = env["HF_HOME"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "huggingface");
  return join(home, "hub");
}

/** The folder of a model's files in a cache: `models--ORG--NAME/snapshots/COMMIT`. */
export function snapshotOf(model: ModelName, cache: string): string {
  const folder = join(cache, `models--${fileName(model)}`);
  if (!existsSync(folder)) {
    throw new UnreadableInput(
      `${model.id} is not in the Hugging Face cache ${cache}; name another cache with --from-cache FOLDER, or run kserve-llm model add ${model.id}`,
    );
  }
  const named = join(folder, "refs", model.revision);
  const commit = existsSync(named) ? readFileSync(named, "utf8").trim() : model.revision;
  const snapshot = join(folder, "snapshots", commit);
  if (existsSync(snapshot)) return snapshot;
  const others = existsSync(join(folder, "snapshots")) ? readdirSync(join(folder, "snapshots")).sort() : [];
  const [only] = others;
  if (only !== undefined && others.length === 1 && model.revision === "main") return join(folder, "snapshots", only);
  const known = others.length === 0 ? "it has no files of the model" : `it has ${others.join(", ")}`;
  throw new UnreadableInput(`${folder}: the cache does not have revision ${model.revision}; ${known}`);
}
