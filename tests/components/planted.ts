import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse, parseAllDocuments } from "yaml";
import type { LLMInferenceServiceArgs, PlatformArgs } from "../../components/index.ts";

/** Services, with their platform and configs, whose leaves are planted. */
export interface Scenario {
  name: string;
  args: LLMInferenceServiceArgs;
  platform?: PlatformArgs;
  configs?: object[];
  release?: string;
}

const ROOT = join(import.meta.dirname, "../..");
interface Document {
  kind: string;
  metadata: { name: string };
  spec: LLMInferenceServiceArgs & { baseRefs?: object[] };
}

/** The scenarios of the file next to this one, the services of the goldens, and those of the examples' YAML files. */
export function scenarios(): Scenario[] {
  const own = parse(readFileSync(join(import.meta.dirname, "secrets.yaml"), "utf8")) as Scenario[];
  return [...own, ...goldens(), ...examples()];
}

function goldens(): Scenario[] {
  const folder = join(ROOT, "tests/core/stages/materialize/goldens");
  return readdirSync(folder).map((name) => {
    const [given = ""] = readFileSync(join(folder, name), "utf8").split("---\n", 1);
    const { metadata, spec } = parse(given) as Document;
    return { name: `golden ${name}`, args: { ...spec, metadata } };
  });
}

/** Every service of a file with the configs of the same file, or without configs if they are in another file. */
function examples(): Scenario[] {
  const files = readdirSync(join(ROOT, "examples"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".yaml") && !file.endsWith("Pulumi.yaml"))
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, "examples", file), "utf8");
      const documents = parseAllDocuments(text).map((document) => document.toJS() as Document | null);
      const configs = documents.filter((one) => one?.kind === "LLMInferenceServiceConfig");
      const named = configs.map((config) => ({ ...config?.spec, metadata: config?.metadata }));
      return documents.flatMap((document) => {
        if (document?.kind !== "LLMInferenceService") return [];
        const { baseRefs, ...spec } = document.spec;
        const args = { ...spec, metadata: document.metadata, ...(configs.length > 0 && { baseRefs }) };
        return [
          { name: `example ${file} ${document.metadata.name}`, args: args as LLMInferenceServiceArgs, configs: named },
        ];
      });
    });
}

/** Services that a check refuses, each once: its messages must not show a secret either. */
export function refusedScenarios(): Scenario[] {
  const cases = parse(readFileSync(join(ROOT, "tests/core/stages/check/checks.yaml"), "utf8")) as {
    name: string;
    spec?: object;
  }[];
  const model = { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" };
  const all = cases.flatMap(({ name, spec }) => (spec ? [{ name: `check ${name}`, args: { model, ...spec } }] : []));
  return [...new Map(all.map((one) => [JSON.stringify(one.args), one])).values()];
}

/** Configs as a service's `configs` takes them. */
export function manifestsOf({ configs }: Scenario): object[] | undefined {
  return configs?.map((config) => {
    const { metadata, ...spec } = config as Record<string, unknown>;
    return { metadata, spec };
  });
}

export type Path = readonly (string | number)[];

/** The path of every scalar in a document. */
export function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) =>
    leavesOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy of a document with one leaf replaced. */
export function withLeaf<T>(document: T, [step, ...rest]: Path, planted: (value: unknown) => unknown): T {
  if (step === undefined) return planted(document) as T;
  const copy = (Array.isArray(document) ? [...document] : { ...document }) as Record<string | number, unknown>;
  copy[step] = withLeaf(copy[step], rest, planted);
  return copy as T;
}

export const CANARY = "c4n4ry";

/**
 * Other values of the same kind for a leaf: the first that can be planned is used. The scheme of a URI and the name of
 * a flag decide structure, which is not hidden, so they stay.
 */
export function othersFor(value: unknown): unknown[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [value * 4, value + 3, value * 3];
  const text = String(value);
  const [, flag = "", said = ""] = /^(--[\w-]+=)(.*)$/s.exec(text) ?? [];
  if (flag !== "") return othersFor(said).map((other) => flag + String(other));
  const [, number, unit = ""] = /^(\d+)([A-Za-z]*)$/.exec(text) ?? [];
  const before = text.includes("://") || text.startsWith("--") ? [] : [`${CANARY}${text}`];
  return [...(number === undefined ? [] : [`${Number(number) + 2}${unit}`]), `${text}-${CANARY}`, ...before];
}

const SEALED = "[sealed]";

/** The public part of a value on the wire or in a program: secrets are not shown. */
export async function shown(value: unknown): Promise<unknown> {
  if (value instanceof Promise) return shown(await value);
  if (pulumi.Output.isInstance(value)) {
    const output = value as unknown as { promise(withUnknowns: boolean): Promise<unknown> };
    const inner = await output.promise(true);
    return (await pulumi.isSecret(value)) ? SEALED : shown(inner);
  }
  if (Array.isArray(value)) return Promise.all(value.map(shown));
  if (typeof value !== "object" || value === null || pulumi.isUnknown(value)) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return SEALED;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await shown(item)] as const),
  );
  return Object.fromEntries(entries);
}

/** Where two readings of one document differ in a part that is sealed in neither: a secret shows there. */
export function leaksIn(one: unknown, other: unknown, path: Path = []): Path[] {
  if (one === SEALED || other === SEALED) return [];
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null)
    return Object.is(one, other) ? [] : [path];
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  if (keys.length !== others.length || keys.some((key) => !(key in other))) return [path];
  return keys.flatMap((key) =>
    leaksIn((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key], [...path, key]),
  );
}

/** Objects by kind and name, which are always shown: a different name in another reading is not a fault. */
export function byName(objects: readonly Record<string, unknown>[]): Record<string, unknown> {
  return Object.fromEntries(
    objects.map(({ metadata, ...object }) => {
      const { name, namespace: _namespace, ...others } = metadata as Record<string, unknown>;
      return [`${object["kind"]} ${name}`, { ...object, metadata: others }] as const;
    }),
  );
}
