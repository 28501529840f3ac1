import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";

const MAIN = join(import.meta.dirname, "../../cli/main.ts");

export interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the real command line in a folder that holds some documents, a file a list of them, or a file's text. */
export function kserveLlm(args: string[], files: Record<string, object | object[] | string> = {}, env = {}): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-cli-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      const documents = Array.isArray(content) ? content : [content];
      const text = documents.map((document) => stringify(document, { aliasDuplicateObjects: false })).join("---\n");
      writeFileSync(file, typeof content === "string" ? content : text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { code: status, out: stdout, err: stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
