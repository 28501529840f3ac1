import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildLibrary } from "../../tools/build/library.ts";
import { buildPlugin } from "../../tools/build/plugin.ts";
import { run } from "../../tools/toolchain/processes/run.ts";
import { engine, ROOT, settings } from "../e2e/engine.ts";
import type { Workshop } from "../e2e/languages.ts";
import { OF_USERS } from "../provider/plugin.ts";

/** A service with route, pool and scheduler: ten objects. NAME stands for its name. */
const NAME = "bench-name";
const SPEC = {
  model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "Qwen/Qwen2.5-7B-Instruct" },
  parallelism: { tensor: 2 },
  accelerator: "nvidia-h100-80gb",
  router: { route: {}, gateway: {}, scheduler: {} },
};

/** What programs are written with: from this checkout, or from another beside it. */
export interface Built {
  /** The folder of the plugin. */
  plugin: string;
  /** What a program requires. */
  library: string;
  /** The objects of the service, as its command line renders them. */
  objects: readonly Rendered[];
}

interface Rendered {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

/** Builds the plugin and the library of a checkout into a folder, and renders the service by its command line. */
export async function built(folder: string, checkout: string = ROOT): Promise<Built> {
  const plugin = join(folder, "plugin");
  if (checkout === ROOT) await buildPlugin(plugin);
  else {
    const script = `import(${JSON.stringify(join(checkout, "tools/build/plugin.ts"))}).then((made) => made.buildPlugin(${JSON.stringify(plugin)}))`;
    await run(process.execPath, ["-e", script], { cwd: checkout });
  }
  const dist = join(folder, "dist");
  await libraryOf(dist, checkout);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const service = join(folder, "service.json");
  const metadata = { name: NAME, namespace: "default" };
  const head = { apiVersion: "serving.kserve.io/v1alpha2", kind: "LLMInferenceService" };
  writeFileSync(service, JSON.stringify({ ...head, metadata, spec: SPEC }));
  const printed = await run(process.execPath, [join(checkout, "cli/main.ts"), "render", "-f", service, "-o", "json"]);
  return { plugin, library: join(dist, "components/index.js"), objects: JSON.parse(printed) as Rendered[] };
}

/** The library as a checkout builds it for its package. Those before it was one file have a build that knows no other place than their own. */
async function libraryOf(dist: string, checkout: string): Promise<void> {
  if (checkout === ROOT) return await buildLibrary(dist);
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", join(checkout, "tsconfig.build.json"), "--outDir", dist]);
  writeFileSync(join(dist, "package.json"), JSON.stringify({ type: "commonjs" }));
}

/** How programs write down the same services. */
export type Way = "empty" | "plain" | "hand" | "library" | "shared" | "remote" | "python" | "pythonHand";

/** Where a program deploys to: YAML below its folder, or the cluster of its kubeconfig. */
export type To = "yaml" | "cluster";

const head = (to: To, first = 0): string => `const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/kubernetes/provider");
const kubernetes = new Provider("cluster", ${to === "yaml" ? '{ renderYamlToDirectory: "rendered", kubeconfig: pulumi.output(undefined) }' : "{}"});
const names = (count) => Array.from({ length: count }, (_, index) => "bench-" + String(${first} + index).padStart(4, "0"));
`;

/** The text of a program with as many services. */
export function programOf(way: Way, count: number, made: Built, to: To = "yaml", first = 0): string {
  const python = `import json
import pulumi
import pulumi_kubernetes as kubernetes
provider = kubernetes.Provider("cluster", render_yaml_to_directory=${to === "yaml" ? '"rendered"' : "None"})
names = ["bench-%04d" % index for index in range(${count})]
`;
  const texts: Readonly<Record<Way, () => string>> = {
    empty: () => head(to),
    plain: () => `${head(to)}${plain(count * made.objects.length)}`,
    hand: () => `${head(to)}${byHand(made.objects)}for (const name of names(${count})) write(name);\n`,
    library: () => `${head(to, first)}${library(made, count, false)}`,
    shared: () => `${head(to)}${library(made, count, true)}`,
    remote: () => `${head(to)}${remote(count)}`,
    python: () => `${python}${PYTHON}`,
    pythonHand: () => `${python}${pythonByHand(made.objects)}`,
  };
  return texts[way]();
}

/** As many of the smallest resources that the kubernetes package has. */
function plain(count: number): string {
  return `const { ConfigMap } = require("@pulumi/kubernetes/core/v1/configMap");
for (let index = 0; index < ${count}; index++)
  new ConfigMap("plain-" + index, { metadata: { name: "plain-" + index, namespace: "default" }, data: { index: String(index) } }, { provider: kubernetes });
`;
}

function library({ library }: Built, count: number, shared: boolean): string {
  const platform = 'const platform = new Platform("platform", {}, { providers: { kubernetes } });\n';
  return `const { LLMInferenceService, Platform } = require(${JSON.stringify(library)});
${shared ? platform : ""}for (const name of names(${count}))
  new LLMInferenceService(name, { ...${JSON.stringify(SPEC)}, ${shared ? "platform, record: false" : ""} }, { providers: { kubernetes } });
`;
}

/** The component by the plugin, as an SDK asks for it. */
function remote(count: number): string {
  return `class Service extends pulumi.ComponentResource {
  constructor(name, args, opts) { super("kserve-llm:index:LLMInferenceService", name, args, opts, true); }
}
for (const name of names(${count})) new Service(name, ${JSON.stringify(SPEC)}, { providers: { kubernetes } });
`;
}

/** The name of a service by its number. */
export function nameOf(index: number): string {
  return `bench-${String(index).padStart(4, "0")}`;
}

/** The objects of the service under another name. */
export function renamed(objects: readonly Rendered[], name: string): readonly Rendered[] {
  return JSON.parse(JSON.stringify(objects).replaceAll(NAME, name)) as Rendered[];
}

/** The same resources, written out: each by its class in the kubernetes package. */
function byHand(objects: readonly Rendered[]): string {
  return [
    `const { CustomResource } = require("@pulumi/kubernetes/apiextensions/customResource");`,
    "function write(name) {",
    ...objects.map((object) => {
      const { name, needs } = classOf(object);
      const text = JSON.stringify(JSON.stringify(object));
      const own = `JSON.parse(${text}.replaceAll(${JSON.stringify(NAME)}, name))`;
      const id = `name + ${JSON.stringify(`/${object.kind}/${object.metadata.name.replace(NAME, "")}`)}`;
      return `  new (${needs ? `require(${JSON.stringify(needs)}).${name}` : name})(${id}, ${own}, { provider: kubernetes });`;
    }),
    "}\n",
  ].join("\n");
}

const NATIVE = /^(v1|apps\/v1|rbac\.authorization\.k8s\.io\/v1)$/;

function classOf({ apiVersion, kind }: Rendered): { name: string; needs?: string } {
  if (!NATIVE.test(apiVersion)) return { name: "CustomResource" };
  const [group = "core", version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  const file = kind.charAt(0).toLowerCase() + kind.slice(1);
  return { name: kind, needs: `@pulumi/kubernetes/${group.split(".")[0]}/${version}/${file}` };
}

const PYTHON = `import pulumi_kserve_llm as kserve
spec = json.loads('''${JSON.stringify(SPEC)}''')
for name in names:
    kserve.LLMInferenceService(name, **spec, opts=pulumi.ResourceOptions(providers={"kubernetes": provider}))
`;

function pythonByHand(objects: readonly Rendered[]): string {
  const lines = objects.map((object) => {
    const { name } = classOf(object);
    const [group = "core", version] = object.apiVersion.includes("/") ? object.apiVersion.split("/") : ["core", "v1"];
    const isNative = name !== "CustomResource";
    const type = isNative
      ? `kubernetes.${group.split(".")[0]}.${version}.${object.kind}`
      : "kubernetes.apiextensions.CustomResource";
    const { apiVersion, kind, ...others } = object;
    // Names of arguments are written in Python's way; what is below them may be as Kubernetes has it.
    const fields = Object.fromEntries(Object.entries(others).map(([key, value]) => [snakeCase(key), value]));
    const given = isNative ? fields : { api_version: apiVersion, kind, ...fields };
    const id = JSON.stringify(`/${kind}/${object.metadata.name.replace(NAME, "")}`);
    return `    ${type}(name + ${id}, **json.loads(r'''${JSON.stringify(given)}'''.replace("${NAME}", name)), opts=options)`;
  });
  return `options = pulumi.ResourceOptions(provider=provider)\nfor name in names:\n${lines.join("\n")}\n`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Users' Node and Python keep what they compile of packages as they do by default. */
const AS_OF_USERS = { ...OF_USERS, PYTHONDONTWRITEBYTECODE: undefined };

export interface Project {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Makes the project of a program, with a stack in the backend of the folder. */
export async function project(
  folder: string,
  way: Way,
  text: string,
  { plugin }: Built,
  { workshop, env: more = {} }: { workshop?: Workshop; env?: NodeJS.ProcessEnv } = {},
): Promise<Project> {
  const cwd = join(folder, way);
  mkdirSync(join(folder, "backend"), { recursive: true });
  mkdirSync(cwd);
  const isPython = way === "python" || way === "pythonHand";
  if (!isPython) symlinkSync(join(ROOT, "node_modules"), join(cwd, "node_modules"));
  if (!isPython) writeFileSync(join(cwd, "package.json"), "{}");
  writeFileSync(join(cwd, isPython ? "__main__.py" : "index.js"), text);
  const plugins = { providers: [{ name: "kserve-llm", path: plugin }] };
  const runtime = isPython ? { name: "python" } : { name: "nodejs", options: { typescript: false } };
  writeFileSync(join(cwd, "Pulumi.yaml"), JSON.stringify({ name: `bench-${way}`, runtime, plugins }));
  const { env: found } = await engine();
  const language = isPython ? workshop?.env("python") : undefined;
  const paths = [...(language?.["PATH"]?.split(delimiter) ?? []), found.PATH].join(delimiter);
  const env = { ...process.env, ...found, ...language, PATH: paths, ...settings(folder), ...AS_OF_USERS, ...more };
  await run("pulumi", ["stack", "init", "bench"], { cwd, env });
  return { cwd, env };
}
