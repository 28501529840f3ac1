import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type JsonObject, objectsOf } from "../../core/kubernetes/json.ts";
import { asObject, type KubernetesObject } from "../../core/kubernetes/objects.ts";
import { readDocument, readJson } from "../input/input.ts";
import type { Terminal } from "../text/terminal.ts";

/** Where KServe keeps presets and settings. */
export const SYSTEM_NAMESPACE = "kserve";

export const SUITES = ["merge", "materialize", "validate"] as const;
type Suite = (typeof SUITES)[number];

/**
 * The input side of a case. The expectations that stand in the same file are not read into it, so nothing that plans can
 * depend on them.
 */
export interface CaseInput {
  input: JsonObject | null;
  oldInput?: JsonObject;
  configs: JsonObject[];
  preconditions: KubernetesObject[];
  /** Keys of the settings that are replaced; null removes one. */
  settings: Record<string, string | null>;
  omitPresets: string[];
  /** Of kind `mergespecs`: base first. */
  specs: JsonObject[];
  /** Of kind `replacevars`. */
  config: JsonObject | null;
  globalConfig: JsonObject | null;
}

export interface Case {
  name: string;
  kind: "service" | "mergespecs" | "replacevars" | "config-validate";
  suite: Suite;
  read(): CaseInput;
}

/** What all cases share: the presets and settings of the recorded cluster. */
export interface Recorded {
  /** As the API server stores them. */
  presets: JsonObject[];
  /** As they are shipped. */
  written(): JsonObject[];
  settings: Record<string, string>;
}

interface IndexEntry {
  name: string;
  kind: Case["kind"];
  files: Partial<Record<Suite, string>>;
}

export function readCases(dir: string, only: string): Case[] {
  const index = readJson(join(dir, "index.json")) as { cases: IndexEntry[] };
  return index.cases
    .filter(({ name }) => name.includes(only))
    .flatMap(({ name, kind, files }) =>
      SUITES.flatMap((suite) => {
        const file = files[suite];
        return file === undefined
          ? []
          : [{ name, kind, suite, read: () => inputSide(readJson(join(dir, file)) as JsonObject) }];
      }),
    );
}

export function readRecorded(dir: string, terminal: Terminal): Recorded {
  const folder = join(dir, "presets");
  const stored = readdirSync(folder).filter((name) => name.endsWith(".stored.json"));
  const shipped = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return {
    written: () =>
      shipped
        .sort()
        .map((name) => withSystemNamespace(readDocument(join(folder, name), "a preset", terminal).document)),
    presets: stored.sort().map((name) => readJson(join(folder, name)) as JsonObject),
    settings: readJson(join(folder, "inferenceservice-config.data.json")) as Record<string, string>,
  };
}

function withSystemNamespace(preset: JsonObject): JsonObject {
  return { ...preset, metadata: { namespace: SYSTEM_NAMESPACE, ...(preset.metadata as JsonObject) } };
}

function inputSide(file: JsonObject): CaseInput {
  const phases = file.phases as JsonObject[] | undefined;
  return {
    input: (phases?.[0]?.input ?? file.input ?? null) as JsonObject | null,
    oldInput: file.oldInput as JsonObject | undefined,
    configs: (file.configs ?? []) as JsonObject[],
    preconditions: objectsOf(file.preconditions).map(asObject),
    settings: (file.inferenceserviceConfigOverrides ?? {}) as Record<string, string | null>,
    omitPresets: (file.omitPresets ?? []) as string[],
    specs: (file.specs ?? []) as JsonObject[],
    config: (file.config ?? null) as JsonObject | null,
    globalConfig: (file.globalConfig ?? null) as JsonObject | null,
  };
}
