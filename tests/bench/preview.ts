import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPlugin } from "../../tools/build/plugin.ts";
import { run } from "../../tools/toolchain/run.ts";
import { engine, ROOT, settings } from "../e2e/engine.ts";
import { interleaved, median } from "./measure.ts";

const RUNS = 10;
const SPEC = {
  model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
  parallelism: { tensor: 2 },
  accelerator: "nvidia-h100-80gb",
};

const HEAD = `const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/kubernetes/provider");
const kubernetes = new Provider("yaml", { renderYamlToDirectory: "rendered", kubeconfig: pulumi.output(undefined) });
`;
/** The component by the plugin, as an SDK asks for it. */
const REMOTE = `${HEAD}
class Service extends pulumi.ComponentResource {
  constructor(name, args, opts) { super("kserve-llm:index:LLMInferenceService", name, args, opts, true); }
}
new Service("chat", ${JSON.stringify(SPEC)}, { providers: { kubernetes } });
`;
/** The same resources, written out: each by its class in the kubernetes package. */
const byHand = (objects: readonly { apiVersion: string; kind: string; metadata: { name: string } }[]): string =>
  [
    HEAD,
    ...objects.map((object) => {
      const [group = "core", version] = object.apiVersion.includes("/")
        ? object.apiVersion.split("/")
        : ["core", object.apiVersion];
      const kind = object.kind.charAt(0).toLowerCase() + object.kind.slice(1);
      const path = `@pulumi/kubernetes/${group.split(".")[0]}/${version}/${kind}`;
      return `new (require(${JSON.stringify(path)}).${object.kind})(${JSON.stringify(object.metadata.name)}, ${JSON.stringify(object)}, { provider: kubernetes });`;
    }),
  ].join("\n");

/** The preview of one remote component, beside a program in JavaScript with the same resources. */
export async function benchPreview(folder: string): Promise<string[]> {
  const plugin = join(folder, "preview-plugin");
  await buildPlugin(plugin);
  const service = join(folder, "service.json");
  const metadata = { name: "chat", namespace: "default" };
  writeFileSync(
    service,
    JSON.stringify({ apiVersion: "serving.kserve.io/v1alpha2", kind: "LLMInferenceService", metadata, spec: SPEC }),
  );
  const printed = await run(process.execPath, [join(ROOT, "cli/main.ts"), "render", "-f", service, "-o", "json"]);
  const programs = { remote: REMOTE, hand: byHand(JSON.parse(printed)) };
  const preview = Object.entries(programs).map(([name, text]) => project(folder, name, text, plugin));
  const [remote, hand] = [await preview[0], await preview[1]] as [Preview, Preview];
  const resources = [await remote(), await hand()].map(({ resources }) => resources);
  const [own, other] = await interleaved(RUNS, remote, hand);
  const cpu = (runs: typeof own): number => median(runs.map(({ cpuSeconds }) => cpuSeconds));
  return [
    `preview of one remote component: ${cpu(own).toFixed(2)} s of CPU (${resources[0]} resources), by hand ${cpu(other).toFixed(2)} s (${resources[1]}): ${(cpu(own) / cpu(other)).toFixed(2)} ×`,
  ];
}

type Preview = () => Promise<{ cpuSeconds: number; resources: number }>;

/** Makes a project of a program; what is given back previews it, with the processor time of all that the engine started. */
async function project(folder: string, name: string, text: string, plugin: string): Promise<Preview> {
  const cwd = join(folder, name);
  mkdirSync(join(folder, "backend"), { recursive: true });
  mkdirSync(cwd);
  symlinkSync(join(ROOT, "node_modules"), join(cwd, "node_modules"));
  writeFileSync(join(cwd, "package.json"), "{}");
  writeFileSync(join(cwd, "index.js"), text);
  const plugins = { providers: [{ name: "kserve-llm", path: plugin }] };
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(join(cwd, "Pulumi.yaml"), JSON.stringify({ name, runtime, plugins }));
  const env = { ...process.env, ...(await engine()).env, ...settings(folder) };
  await run("pulumi", ["stack", "init", "bench"], { cwd, env });
  return async () => {
    // The shell's `times` tells its own time, then that of all its children that ended, theirs included.
    const script = "pulumi preview --json --non-interactive; times";
    const output = await run("bash", ["-c", script], { cwd, env });
    const spent = [...(output.split("\n").at(-2) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
    const cpuSeconds = spent.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
    return { cpuSeconds, resources: output.match(/"op": "create"/g)?.length ?? 0 };
  };
}
