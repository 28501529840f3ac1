import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { run } from "../../cli/run.ts";
import type { TerminalSettings } from "../../cli/text/terminal.ts";
import { COMMAND } from "../repository.ts";

export interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** Files by their names: a document or a list of them, or the text or bytes of a file. */
export type Files = Readonly<Record<string, object | object[] | string | Uint8Array>>;

/** Starts the real command line in a folder that holds some files. */
export function kserveLlm(args: string[], files: Files = {}, env = {}): Outcome {
  const folder = folderWith(files);
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { code: status, out: stdout, err: stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the command line in this process, in a folder that holds some files; the same, hundreds of milliseconds sooner. */
export async function call(args: string[], files: Files = {}, settings: TerminalSettings = {}): Promise<Outcome> {
  const [folder, before] = [folderWith(files), process.cwd()];
  try {
    process.chdir(folder);
    const { code, stdout, stderr } = await run(args, settings);
    return { code, out: stdout, err: stderr };
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
}

function folderWith(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-cli-"));
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" || content instanceof Uint8Array ? content : yamlOf(content));
  }
  return folder;
}

function yamlOf(content: object | object[]): string {
  const documents = Array.isArray(content) ? content : [content];
  return documents.map((document) => stringify(document, { aliasDuplicateObjects: false })).join("---\n");
}

const API = "serving.kserve.io/v1alpha2";

export function service(spec: object, metadata: object = {}): object {
  return {
    apiVersion: API,
    kind: "LLMInferenceService",
    metadata: { name: "chat", ...metadata },
    spec: { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, ...spec },
  };
}

export function config(name: string, spec: object, namespace = "default"): object {
  return { apiVersion: API, kind: "LLMInferenceServiceConfig", metadata: { name, namespace }, spec };
}
