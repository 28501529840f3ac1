import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { buildPlugin } from "../../tools/build/plugin.ts";
import { generateSdks } from "../../tools/sdk/generate.ts";
import { installJava, javaProblem, mavenEnvironment, mavenRepository, packJava } from "../../tools/sdk/java.ts";
import { cacheRoot } from "../../tools/toolchain/cache.ts";
import { ensureToolchain, type Toolchain } from "../../tools/toolchain/ensure.ts";
import { ensurePython, pipInstall, pythonOf } from "../../tools/toolchain/python.ts";
import { LEAN, ROOT, settings, UNDISTURBED } from "./engine.ts";
import { configure, openAt } from "./stack.ts";

export type Language = "library" | "typescript" | "python" | "go" | "yaml" | "java";

/** The same service in each language; the library's is the quickstart's. */
export const EXAMPLES: Readonly<Record<Language, string>> = {
  library: "examples/quickstart",
  typescript: "examples/typescript-sdk",
  yaml: "examples/yaml",
  python: "examples/python",
  go: "examples/go",
  java: "examples/java",
};

/** Why a language cannot be tested on this machine; undefined if it can. */
export function problemOf(language: Language): string | undefined {
  return language === "java" ? javaProblem() : undefined;
}

/** What programs of any language need: engine and hosts, the plugin, the SDKs. */
export interface Workshop {
  /** The environment of a program. */
  env(language: Language): NodeJS.ProcessEnv;
  /** The plugin's folder. */
  plugin: string;
  /** The folder of the SDKs. Each test file runs in a process of its own, and generates its own. */
  sdk: string;
}

const PYTHON = ["pulumi==3.272.0", "pulumi-kubernetes==4.34.2", "mypy==2.4.1"];

let workshop: Promise<Workshop> | undefined;

/** Builds plugin and SDKs, and a virtual environment of Python in the user's cache; once for all tests of a run. */
export function openWorkshop(): Promise<Workshop> {
  workshop ??= furnish(temporary());
  return workshop;
}

/** Builds what programs in Pulumi YAML need: the plugin, and no SDK. */
export async function openPluginWorkshop(): Promise<Workshop> {
  const folder = temporary();
  const { env, plugin } = await withPlugin(folder);
  return { plugin, sdk: join(folder, "sdk"), env: () => env };
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-languages-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function withPlugin(folder: string): Promise<{ env: NodeJS.ProcessEnv & { PATH: string }; plugin: string }> {
  const toolchain = await ensureToolchain({ groups: ["engine", "languages", "sdk"], log: () => undefined });
  const env = { ...process.env, ...toolchain.env };
  process.env["PATH"] = env.PATH;
  const plugin = join(folder, "plugin");
  await buildPlugin(plugin);
  adaptSchema(join(plugin, "schema.json"), toolchain);
  return { env, plugin };
}

async function furnish(folder: string): Promise<Workshop> {
  const { env, plugin } = await withPlugin(folder);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const sdk = join(folder, "sdk");
  await generateSdks(env, sdk);
  const java = javaProblem() === undefined ? await provideJava(join(sdk, "java"), folder) : {};
  const python = join(folder, "python");
  const venv = await ensurePython(PYTHON.join("-").replaceAll(/[^\w.-]/g, ""), (own) => pipInstall(own, PYTHON));
  await pipInstall(pythonOf(venv), ["--no-deps", "--no-compile", "--target", python, join(sdk, "python")]);
  const path = [join(venv, "bin"), env.PATH].join(delimiter);
  const checked = { MYPYPATH: python, MYPY_CACHE_DIR: join(cacheRoot(), "mypy") };
  const own: Partial<Record<Language, NodeJS.ProcessEnv>> = {
    library: LEAN,
    typescript: LEAN,
    python: { PATH: path, PYTHONPATH: python, ...checked },
    java,
    go: { GOFLAGS: goFlags() },
  };
  return { plugin, sdk, env: (language) => ({ ...env, ...own[language] }) };
}

/**
 * Go caches its results by content, but also by the path of the sources if it is part of the result: the SDK in a new
 * temporary folder would be compiled each time, which takes 15 seconds.
 */
export function goFlags(): string {
  return `${process.env["GOFLAGS"] ?? ""} -trimpath -ldflags=-w`.trim();
}

/** Compiles the SDK and passes it to the Maven of the programs. */
async function provideJava(sources: string, folder: string): Promise<{ MAVEN_OPTS?: string }> {
  await packJava(sources, folder);
  const repository = mavenRepository(join(folder, "maven"));
  installJava(sources, repository);
  const { MAVEN_OPTS } = mavenEnvironment(repository);
  return { ...(MAVEN_OPTS !== undefined && { MAVEN_OPTS }) };
}

/**
 * Pulumi YAML checks programs against schemas, including those of the kubernetes package, and requests the exact
 * version that the schema of this package refers to. The kubernetes plugin that can be built from Go modules is older;
 * its types work too.
 */
export function adaptSchema(file: string, { sources }: Toolchain): void {
  const built = sources.map((source) => /^pulumi-kubernetes (\S+)/.exec(source)?.[1]).find(Boolean);
  if (built === undefined) return;
  const schema = readFileSync(file, "utf8");
  writeFileSync(file, schema.replaceAll(/\/kubernetes\/v[\d.]+\//g, `/kubernetes/v${built}/`));
}

/** A copy of a program that uses this clone, and a stack of its own. It renders below the folder where no cluster is given. */
export async function openProgram(
  folder: string,
  program: string,
  language: Language,
  workshop: Workshop,
  kubeconfig?: string,
): Promise<Stack> {
  const workDir = join(folder, language);
  copyProgram(join(ROOT, program), workDir, workshop);
  if (language === "typescript" || language === "library") linkPackages(workDir, workshop);
  const backend = join(folder, "backend");
  mkdirSync(backend, { recursive: true });
  const wanted = { ...workshop.env(language), ...settings(folder), ...UNDISTURBED, KUBECONFIG: kubeconfig };
  const envVars = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
  const { name } = parse(readFileSync(join(workDir, "Pulumi.yaml"), "utf8")) as { name: string };
  const stack = await openAt({ project: name, stackName: "test", workDir, backend, envVars });
  const renderTo = kubeconfig ? "" : join(folder, `rendered-${language}`);
  await configure(stack, { renderTo, ...(kubeconfig && { target: "cluster" }) });
  return stack;
}

function copyProgram(from: string, to: string, { plugin, sdk }: Workshop): void {
  cpSync(from, to, { recursive: true });
  for (const name of readdirSync(to)) {
    const file = join(to, name);
    if (!statSync(file).isFile()) continue;
    const text = readFileSync(file, "utf8");
    const placed = text.replaceAll(/(\.\.\/)+dist\/plugin/g, plugin).replaceAll(/(\.\.\/)+sdk(?=\/)/g, sdk);
    writeFileSync(file, placed.replaceAll(/(\.\.\/)+(?=components)/g, `${ROOT}/`));
  }
}

function linkPackages(workDir: string, { sdk }: Workshop): void {
  const modules = join(workDir, "node_modules");
  mkdirSync(modules);
  symlinkSync(join(ROOT, "node_modules/@pulumi"), join(modules, "@pulumi"));
  symlinkSync(join(sdk, "nodejs/bin"), join(modules, "pulumi-kserve-llm-sdk"));
  writeFileSync(join(workDir, "package.json"), JSON.stringify({ type: "module" }));
}

/** What a program rendered: every file, by its path below the folder. */
export function renderedBy(folder: string, language: Language): Record<string, string> {
  const root = join(folder, `rendered-${language}`);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((name) => join(root, name))
    .filter((file) => statSync(file).isFile());
  return Object.fromEntries(files.sort().map((file) => [relative(root, file), readFileSync(file, "utf8")]));
}
