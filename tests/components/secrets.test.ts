import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, LLMInferenceServiceConfig, Platform } from "../../components/index.ts";
import { restore } from "../../components/inputs/restore.ts";
import { annotating } from "../../components/resources/register.ts";
import { isFine } from "../../core/contract/issues/issue.ts";
import { invoke } from "../../provider/invoke.ts";
import { runMocked, secretOf } from "./mocks.ts";
import {
  byName,
  CANARY,
  leaksIn,
  leavesOf,
  manifestsOf,
  othersFor,
  type Path,
  refusedScenarios,
  type Scenario,
  scenarios,
  shown,
  withLeaf,
} from "./planted.ts";
import { prepareRemembered } from "./remembered.ts";

interface Reading {
  isFine: boolean;
  /** Messages: issues, errors, failures. */
  said: string;
  /** What is stored: registered objects and outputs by name, secrets sealed. */
  written: Record<string, unknown>;
}
type Reader = (scenario: Scenario) => Promise<Reading>;

/** Plans a service as its component does, and reads what would be registered. */
async function readPlan({ args, ...scenario }: Scenario): Promise<Reading> {
  const configs = manifestsOf({ args, ...scenario });
  const { deferred, result, issues } = await prepareRemembered({ ...args, ...(configs && { configs }) } as never);
  const said = JSON.stringify(issues);
  if (!isFine(issues)) return { isFine: false, said, written: {} };
  const { objects, values } = restore(result, deferred, annotating(result.planning.planned.await));
  const seen = (await shown(objects.map(({ inputs }) => inputs))) as Record<string, unknown>[];
  return { isFine: true, said, written: { ...byName(seen), outputs: await shown(values) } };
}

/** Runs a program of a platform, configs and a service, and reads the registrations. */
async function readProgram({ args, platform, configs = [], release }: Scenario): Promise<Reading> {
  const program = async (): Promise<void> => {
    const made = new Platform("platform", platform);
    const all = configs.map(
      (config, index) => new LLMInferenceServiceConfig(`config${index}`, { ...config, platform: made }),
    );
    const pin = release === undefined ? {} : { release };
    await output(new LLMInferenceService("chat", { ...args, ...pin, configs: all, platform: made }).url);
  };
  try {
    const { registered, outputs, requests } = await runMocked(program);
    const objects = registered.filter(({ type }) => type.startsWith("kubernetes:")).map(({ inputs }) => inputs);
    const seen = (await shown(objects)) as Record<string, unknown>[];
    const given = Object.entries((await shown(outputs)) as Record<string, { issues?: unknown; objects?: unknown }>);
    // The existence of findings and objects may depend on secrets; their messages and content must not show them.
    const issues = given.map(([, one]) => [one.issues, one.objects]);
    const others = given.map(([urn, { issues: _said, objects: _made, ...one }]) => [urn, one]);
    const said = JSON.stringify([requests, issues]);
    return { isFine: true, said, written: { ...byName(seen), outputs: Object.fromEntries(others) } };
  } catch (error) {
    return { isFine: false, said: String(error), written: {} };
  }
}

function output(value: pulumi.Output<unknown>): Promise<unknown> {
  return (value as unknown as { promise(): Promise<unknown> }).promise();
}

/** Calls the functions of the package, with the marks that secrets have on the wire. */
async function readFunctions({ args, ...scenario }: Scenario): Promise<Reading> {
  const configs = manifestsOf({ args, ...scenario });
  const given = { name: "chat", args: (await marked({ ...args, ...(configs && { configs }) })) as object };
  const calls = FUNCTIONS.map((name) => invoke(`kserve-llm:index:${name}`, given));
  const answers = await Promise.all(calls);
  const failures = answers.flatMap((one) => one.failures ?? []);
  type Shown = { objects?: Record<string, unknown>[]; issues?: unknown };
  const seen = (await shown(answers.map(({ outputs }) => outputs))) as Shown[];
  const said = JSON.stringify([failures, seen.map(({ issues }) => issues)]);
  const [{ objects = [] } = {}] = seen;
  const made = Array.isArray(objects) ? byName(objects) : { objects };
  const told = seen.map(({ issues: _said, objects: _made, ...others }) => others);
  return { isFine: failures.length === 0, said, written: { ...made, told } };
}

/** The first call makes objects. */
const FUNCTIONS = ["render", "explain", "fit", "validate"];

async function marked(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) return secretOf(await output(value));
  if (Array.isArray(value)) return Promise.all(value.map(marked));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await marked(item)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Names are shown, because nothing can be registered without them: these leaves become names of objects. */
function isName(path: Path): boolean {
  return path.includes("metadata") && ["name", "namespace"].includes(String(path.at(-1)));
}

const MODEL = { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" } };
const main = (more: object) => ({ template: { containers: [{ name: "main", ...more }] } });
/** Secrets that are a part of a text, or in a container that is a secret as a whole. */
const INSIDE: Readonly<Record<string, object>> = {
  "the names of fields of a JSON text that is refused": { model: { uri: pulumi.secret(`{"${CANARY}":1}`) } },
  "a JSON text without any value": { annotations: { note: pulumi.secret(`{"${CANARY}":null,"${CANARY}-2":[]}`) } },
  "a JSON text of an engine's flag": main({
    args: ["--kv-transfer-config", pulumi.secret(`{"kv_connector":"${CANARY}"}`)],
  }),
  "a scheme that there is not": { model: { uri: pulumi.secret(`${CANARY}://a/b`) } },
  "a URI without a path": { model: { uri: pulumi.secret(`${CANARY}:///`) } },
  "the user of a URL": { tracing: { exporterEndpoint: pulumi.secret(`https://user:${CANARY}@host:4317`) } },
  "a script": main({ command: ["/bin/sh", "-c", pulumi.secret(`export T=${CANARY}\nexec vllm serve --api-key $T\n`)] }),
  "a list of variables": main({
    env: pulumi.secret([
      { name: "A", value: CANARY },
      { name: CANARY, value: "b" },
    ]),
  }),
  "all labels": { metadata: { labels: pulumi.secret({ [CANARY]: CANARY }) } },
  "a container": {
    template: {
      containers: [pulumi.secret({ name: "main", args: [`--api-key=${CANARY}`], image: `host/${CANARY}:v1` })],
    },
  },
  "a template that is wrong": main({ args: [pulumi.secret(`{{ .Spec.${CANARY} }}`)] }),
  "a scheduler's configuration": {
    router: { route: {}, scheduler: { config: { inline: pulumi.secret({ plugins: [{ type: CANARY }] }) } } },
  },
};

interface Result {
  planted: number;
  planned: number;
  leaks: string[];
}

/** Plants a secret at each leaf, and looks for it, and for what it changes, in everything that is not sealed. */
async function plant(all: readonly Scenario[], read: Reader, tries = 3): Promise<Result> {
  const result: Result = { planted: 0, planned: 0, leaks: [] };
  for (const scenario of all) {
    const { args, platform = {}, configs = [] } = scenario;
    for (const path of leavesOf({ args, platform, configs })) {
      result.planted++;
      const { first, fine } = await readOthers(scenario, path, read, tries);
      const where = `${scenario.name}: ${path.join(".")}`;
      for (const reading of fine === undefined ? [first] : [first, fine]) {
        const text = JSON.stringify(reading);
        if (text.includes(CANARY) && !isName(path)) result.leaks.push(`${where} shows`);
      }
      if (fine === undefined) continue;
      result.planned++;
      const before = await read(withLeaf(scenario, path, (value) => pulumi.secret(value)));
      const both = Object.keys(fine.written).filter((key) => key in before.written);
      const changed = both.flatMap((key) => leaksIn(fine.written[key], before.written[key], [key]));
      result.leaks.push(...(isName(path) ? [] : changed.map((at) => `${where} changes ${at.join(".")}`)));
    }
  }
  return result;
}

/** The readings with the first other value, and with the first that can be planned. */
async function readOthers(
  scenario: Scenario,
  path: Path,
  read: Reader,
  tries: number,
): Promise<{ first: Reading; fine?: Reading }> {
  let others: unknown[] = [];
  withLeaf(scenario, path, (value) => {
    others = othersFor(value);
  });
  const readings: Reading[] = [];
  for (const other of others.slice(-tries)) {
    const reading = await read(withLeaf(scenario, path, () => pulumi.secret(other)));
    readings.push(reading);
    if (reading.isFine) return { first: readings[0] ?? reading, fine: reading };
  }
  return { first: readings[0] ?? assert.fail("a leaf has other values") };
}

const isAlone = ({ platform }: Scenario): boolean => platform === undefined;

describe("a secret at every leaf", () => {
  let planted = 0;

  it("of every example appears in no output of a service, and changes no value that is not secret", async () => {
    const all = scenarios().filter(isAlone);
    const { result } = await runMocked(async () => {
      for (const scenario of all) {
        const { isFine, said } = await readPlan(scenario);
        assert.ok(isFine, `${scenario.name}: ${said}`);
      }
      return await plant(all, readPlan);
    });
    planted += result.planted;
    assert.deepEqual(result.leaks, []);
    assert.ok(result.planned > result.planted / 2, JSON.stringify(result));
  });

  it("of services that a check refuses appears in no message", async () => {
    const { result } = await runMocked(() => plant(refusedScenarios(), readPlan, 1));
    planted += result.planted;
    assert.deepEqual(result.leaks, []);
  });

  it("of a platform, its releases and configs appears in no value that the engine receives", async () => {
    const all = scenarios().filter((scenario) => !isAlone(scenario));
    const result = await plant(all, readProgram);
    planted += result.planted;
    assert.deepEqual(result.leaks, []);
    assert.ok(result.planned > result.planted / 2, JSON.stringify(result));
  });

  it("of a function's arguments appears in none of its results and errors", async () => {
    const [scenario = assert.fail("there are scenarios")] = scenarios();
    const result = await plant([scenario], readFunctions);
    assert.deepEqual(result.leaks, []);
    assert.ok(result.planned > result.planted / 2, JSON.stringify(result));
  });

  for (const [what, args] of Object.entries(INSIDE)) {
    it(`inside of ${what} appears in no output`, async () => {
      const given = { name: "chat", args: (await marked({ ...MODEL, ...args })) as object };
      for (const name of FUNCTIONS) {
        const { outputs, failures } = await invoke(`kserve-llm:index:${name}`, given);
        const text = JSON.stringify([failures, await shown(outputs)]);
        assert.ok(!text.includes(CANARY), text.slice(Math.max(0, text.indexOf(CANARY) - 200)).slice(0, 400));
      }
    });
  }

  it("is planted in at least as many leaves as in the test that found the leaks", () => {
    assert.ok(planted >= 402, String(planted));
  });
});
