import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { run } from "../../cli/run.ts";
import { decodedText } from "../../cli/text/decode.ts";
import type { Result } from "../../cli/text/terminal.ts";
import { readYaml } from "../../cli/text/yaml.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { plan } from "../../core/plan.ts";
import { bundleOf } from "../../core/platform/bundle.ts";
import { Violation } from "./invariants.ts";
import { asDocument, mutated } from "./mutate.ts";
import type { Odd } from "./oddvalues.ts";
import { type Kind, planInput, SERVICE, seeded } from "./planned.ts";
import type { Random } from "./random.ts";
import { EXPECTED, KNOWN, MODEL_INFO, PLATFORM } from "./samples.ts";
import { configOf, serviceOf } from "./services.ts";
import { editedText, writtenText } from "./texts.ts";

/** A command line with the files that it reads; `@/` in an argument is the folder of the files. */
interface Command {
  args: string[];
  files: Record<string, string>;
}

export const COMMAND_KINDS: readonly Kind[] = [
  { name: "command", share: 4, make: commandOf, run: (command: Command) => execute(command, judgeResult) },
  { name: "command: fix", share: 3, make: fixOf, run: (command: Command) => execute(command, judgeFix) },
];

const OBJECTS = plan(planInput({ service: SERVICE })).objects;

/** What a cluster has of a service that KServe manages, as `kubectl get -o yaml` exports it. */
const EXPORTED = {
  apiVersion: "v1",
  kind: "List",
  items: [
    {
      ...SERVICE,
      metadata: { ...SERVICE.metadata, uid: "u", finalizers: ["serving.kserve.io/llmisvc-finalizer"] },
      status: { annotations: { "serving.kserve.io/config-llm-template": "v0-20-config-llm-template" } },
    },
    ...OBJECTS.slice(0, 4).map((object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        uid: "v",
        ownerReferences: [{ uid: "u", kind: "LLMInferenceService", name: "chat" }],
      },
    })),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "inferenceservice-config", namespace: "kserve" },
      data: { ingress: '{"kserveIngressGateway": "a/b"}', credentials: "{}" },
    },
  ],
};

const CHILD = "urn:pulumi:dev::serving::kserve-llm:index:LLMInferenceService$kubernetes:apps/v1:Deployment::chat";
/** What `pulumi stack export` writes. */
const STATE = {
  version: 3,
  deployment: { resources: OBJECTS.map((inputs) => ({ urn: CHILD, type: "kubernetes:apps/v1:Deployment", inputs })) },
};
const BUNDLE = bundleOf(PLATFORM, { systemNamespace: "kserve", recorded: true }, "r1").bundle;
const SETTINGS = { ingress: '{"kserveIngressGateway": "a/b", "urlScheme": "https"}', storageInitializer: "{}" };
const PRICES = { "nvidia-l4": 0.8, "nvidia.com/gpu": 2 };

type Make = (random: Random, odd: Odd) => unknown;
const anyOf =
  (sample: () => unknown): Make =>
  (random, odd) =>
    mutated(sample(), random, odd, random.below(4));

/** Files by their names, with their content. */
const FILES: Readonly<Record<string, Make>> = {
  "a.yaml": serviceOf,
  "b.yaml": (random, odd) => serviceOf(random, odd, 1),
  "config.yaml": configOf,
  "known.yaml": anyOf(() => ({ apiVersion: "v1", kind: "List", items: KNOWN })),
  "export.yaml": anyOf(() => EXPORTED),
  "expected.yaml": anyOf(() => EXPECTED),
  "settings.yaml": anyOf(() => SETTINGS),
  "prices.yaml": anyOf(() => PRICES),
  "config.json": seeded(() => MODEL_INFO),
  "bundle.json": seeded(() => BUNDLE),
  "state.json": seeded(() => STATE),
};

/** Command lines that read some of them. */
const COMMANDS: readonly string[] = [
  "render -f @/a.yaml -f @/known.yaml",
  "render -f @/a.yaml -o json --configs @/config.yaml",
  "merge -f @/a.yaml --compat kserve-0.21 --configs @/config.yaml",
  "validate -f @/a.yaml -f @/config.yaml --settings @/settings.yaml",
  "validate -f @/a.yaml --old @/b.yaml --model-info @/config.json",
  "validate -f @/a.yaml --platform @/bundle.json --release r1",
  "explain -f @/a.yaml",
  "explain template.containers[main] -f @/a.yaml -o json --configs @/config.yaml",
  "explain -f @/a.yaml --why-not --max-model-len=8192",
  "graph -f @/a.yaml --html @/out.html --prices @/prices.yaml",
  "graph -f @/a.yaml -o svg",
  "graph -f @/a.yaml -o json",
  "fit -f @/a.yaml --model-info @/config.json",
  "fit -f @/a.yaml -o json --concurrency 4",
  "diff @/a.yaml @/b.yaml --prices @/prices.yaml",
  "diff @/a.yaml @/known.yaml -o json",
  "diff state:@/state.json @/a.yaml",
  "diff @/a.yaml --configs-a @/config.yaml --platform-b @/bundle.json",
  "promote check --from @/a.yaml --to @/b.yaml --expected @/expected.yaml",
  "promote check --from @/a.yaml --to @/b.yaml --now state:@/state.json -o json",
  "import -f @/export.yaml -n team --restarts --out @/out",
  "import chat -f @/export.yaml -f @/known.yaml -n team",
  "permissions -f @/a.yaml --with-platform --subject user:a",
];

function commandOf(random: Random, odd: Odd): Command {
  const args = random.pick(COMMANDS).split(" ");
  return { args, files: filesOf(args, random, odd) };
}

function filesOf(args: readonly string[], random: Random, odd: Odd): Record<string, string> {
  const names = Object.keys(FILES).filter((name) => args.some((arg) => arg.endsWith(`@/${name}`)));
  // One of them is not what a program would write.
  const broken = random.chance(0.4) ? random.pick(names) : undefined;
  const texts = names.map((name) => {
    const document = FILES[name]?.(random, odd);
    const text = name.endsWith(".json") ? jsonOf(document) : yamlOf(document, random);
    return [name, name === broken ? editedText(text, random, 1 + random.below(3)) : text] as const;
  });
  return Object.fromEntries(texts);
}

function yamlOf(document: unknown, random: Random): string {
  return writtenText(asDocument(document), random);
}

function jsonOf(document: unknown): string {
  return JSON.stringify(asDocument(document));
}

/** Specs with errors that have fixes, of many checks. */
const WRONG: readonly ((random: Random) => object)[] = [
  () => ({ template: { containers: [{ name: "main", args: ["--port=9000", "--max-model-len=99999999"] }] } }),
  () => ({
    template: {
      containers: [
        { name: "main", args: ["--served-model-name", "x", "--nonsense=1"], ports: [{ containerPort: 9000 }] },
      ],
    },
  }),
  () => ({
    template: {
      containers: [{ name: "main", livenessProbe: { httpGet: { path: "/health", port: 8000, scheme: "HTTPS" } } }],
    },
  }),
  () => ({ tuning: { maxModelLen: 999_999_999, gpuMemoryUtilization: 0.01 } }),
  () => ({ parallelism: { tensor: 3 } }),
  () => ({
    parallelism: { tensor: 2 },
    template: { containers: [{ name: "main", args: ["--tensor-parallel-size=4"] }] },
  }),
  () => ({ parallelism: { pipeline: 2 } }),
  () => ({
    router: { route: {}, gateway: {}, scheduler: {} },
    prefill: { tuning: { blockSize: 64 } },
    tuning: { blockSize: 16 },
  }),
  () => ({ router: { rout: {} }, replica: 2, Model: { uri: "x" } }),
  () => ({ replicas: "2", accelerator: "nvidia-l44" }),
  () => ({ model: { uri: "hf:/Qwen/Qwen2.5-7B-Instruct", name: "qwen" } }),
  () => ({ unset: ["template.containers[main].args"], unsetArgs: ["--port"], tuning: { port: 9000 } }),
  () => ({ groups: { a: { accelerator: "nvidia-l4", replicas: -1 }, b: { operations: {} } }, replicas: 2 }),
  (random) => ({
    template: {
      containers: [
        {
          name: "main",
          env: random.times(3, () => ({ name: random.pick(["A", "CUDA_VISIBLE_DEVICES", "VLLM_PORT"]), value: "1" })),
        },
      ],
    },
  }),
];

function fixOf(random: Random, odd: Odd): Command {
  const parts = random.times(1 + random.below(3), () => random.pick(WRONG)(random));
  const spec = Object.assign({}, { model: SERVICE.spec.model }, ...parts) as object;
  const service = mutated({ ...SERVICE, spec }, random, odd, random.below(2));
  const name = random.chance(0.1) ? "a.json" : "a.yaml";
  const other = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "team" }, data: { a: "b" } };
  const documents = random.chance(0.2) ? [other, service] : [service];
  if (name === "a.json") return { args: ["validate", "--fix", "-f", `@/${name}`], files: { [name]: jsonOf(service) } };
  const text = documents.map((document) => yamlOf(document, random)).join("---\n");
  const edited = editedText(text, random, random.below(3));
  return { args: ["validate", "--fix", "-f", `@/${name}`], files: { [name]: edited } };
}

let folder: string | undefined;

/** One folder a thread, which ends with the process. */
function emptyFolder(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "kserve-llm-fuzz-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

type Judge = (result: Result, command: Command, folder: string) => void | Promise<void>;

async function execute(command: Command, judge: Judge): Promise<void> {
  const { args, files } = command;
  const place = emptyFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  process.env["KSERVE_LLM_DEBUG"] = "1";
  const result = await run(args.map((arg) => arg.replace("@/", `${place}/`)));
  judgeExit(result);
  await judge(result, command, place);
}

/** Exit codes of sysexits.h begin at 64; the commands' own are below. */
function judgeExit({ code, stderr, stdout }: Result): void {
  if (code > 2) {
    const error = new Error(stderr.slice(0, 1_500));
    error.stack = stderr.replaceAll("\\n", "\n");
    throw error;
  }
  if (code === 2 && stderr === "") throw new Violation("a command that cannot read its input prints no message");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern searches for these
  if (/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(stdout + stderr))
    throw new Violation("a command prints control characters");
}

function judgeResult({ stdout, code }: Result, { args }: Command): void {
  if (code === 0 && args.includes("json")) JSON.parse(stdout);
  if (code === 0 && args[0] === "render" && !args.includes("json")) readsAs(stdout);
}

function readsAs(yaml: string): KubernetesObject[] {
  const { problems, documents } = readYaml(yaml);
  if (problems.length > 0) throw new Violation("the rendered output cannot be read again", JSON.stringify(problems[0]));
  return documents.map(({ value }) => value as unknown as KubernetesObject);
}

const BOM = "\ufeff";
const othersIn = ({ documents }: ReturnType<typeof readYaml>): unknown[] =>
  documents.map(({ value }) => value).filter((value) => (value as { kind?: unknown } | null)?.kind === "ConfigMap");
/** Line ends that Windows does not write. */
const BARE_END = /(?<!\r)\n/;

/**
 * A fixed file is unchanged except for the fixes: it can be read, its comments stay, and a second run changes nothing.
 */
async function judgeFix({ stdout }: Result, { args, files }: Command, place: string): Promise<void> {
  const [[name = "", given = ""] = []] = Object.entries(files);
  const before = Buffer.from(given).toString();
  const read = (): string => readFileSync(join(place, name), "utf8");
  const after = read();
  if (after === before) return;
  const [was, is] = [before, after].map((text) => readYaml(decodedText(Buffer.from(text)).text));
  if (was === undefined || is === undefined || is.problems.length > 0)
    throw new Violation("a fixed file cannot be read", JSON.stringify(is?.problems[0]));
  if (was.documents.length !== is.documents.length) throw new Violation("a fixed file has more or fewer documents");
  if (!isDeepStrictEqual(othersIn(was), othersIn(is))) throw new Violation("a fix changes another document", after);
  if (before.startsWith(BOM) !== after.startsWith(BOM)) throw new Violation("a fix changes the byte order mark");
  if (before.includes("\r\n") && !BARE_END.test(before) && BARE_END.test(after))
    throw new Violation("a fix changes the line endings", JSON.stringify(after));
  const lost = commentsIn(before).filter((comment) => !commentsIn(after).includes(comment));
  if (lost.length > 0 && !stdout.includes(": removed "))
    throw new Violation("a fix loses a comment", `${lost.join()} in ${after}`);
  await run(args.map((arg) => arg.replace("@/", `${place}/`)));
  if (read() !== after) throw new Violation("a second fix changes a fixed file", read());
}

function commentsIn(text: string): string[] {
  return [...text.matchAll(/# note \d+/g)].map(([comment]) => comment);
}
