import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { run } from "../../tools/toolchain/processes/run.ts";
import { ROOT, withFolder } from "./engine.ts";
import {
  EXAMPLES,
  type Language,
  openProgram,
  openWorkshop,
  problemOf,
  renderedBy,
  type Workshop,
} from "./languages.ts";
import { skipWhere } from "./skip.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
/** The key of a secret's representation in an event. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("every language", () => {
  let folder: string;
  let workshop: Workshop;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-languages-"));
    workshop = await openWorkshop();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const render = (language: Language): Promise<Record<string, string>> =>
    withFolder(async (folder) => {
      const stack = await openProgram(folder, EXAMPLES[language], language, workshop);
      const { outputs } = await stack.up();
      assert.match(String(outputs["url"]?.value), /^http:\/\/chat-kserve-workload-svc\.default\.svc/);
      // The owner annotation contains the stack, and each program has a separate project.
      const withoutStack = ([name, text]: [string, string]): [string, string] => [
        name,
        text.replaceAll(/kserve-llm\/stack: \S+/g, "kserve-llm/stack: STACK"),
      ];
      const files = Object.fromEntries(Object.entries(renderedBy(folder, language)).map(withoutStack));
      assert.deepEqual(await changesOf(stack), [], "a second preview is clean");
      return files;
    });

  describe("renders the same service to the same bytes", () => {
    let expected: Record<string, string>;
    before(async () => {
      expected = await render("library");
      assert.ok(Object.keys(expected).some((name) => name.includes("deployment-default-chat-kserve")));
    });
    for (const language of ["typescript", "yaml", "python", "go", "java"] as const) {
      it(language, async function () {
        skipWhere(this, problemOf(language));
        assert.deepEqual(await render(language), expected);
      });
    }
  });

  describe("shows an unknown image tag and an unknown secret as exactly those leaves", () => {
    let expected: unknown;
    for (const language of ["library", "typescript", "yaml", "python"] as const) {
      it(language, () =>
        withFolder(async (folder) => {
          const stack = await openProgram(folder, `tests/e2e/programs/unknown/${language}`, language, workshop);
          const deployment = await inputsOf(stack, DEPLOYMENT);
          assert.deepEqual(eventualLeaves(deployment), [
            "spec.template.metadata.annotations.acme.com/token: secret",
            "spec.template.spec.containers.0.image: unknown",
          ]);
          expected ??= deployment;
          assert.deepEqual(deployment, expected);
        }),
      );
    }
  });

  describe("plans without a cluster, by the functions of the package", () => {
    let expected: unknown;
    for (const language of ["typescript", "python", "yaml"] as const) {
      it(language, () =>
        withFolder(async (folder) => {
          const stack = await openProgram(folder, `tests/e2e/programs/functions/${language}`, language, workshop);
          const { outputs } = await stack.up();
          assert.match(String(outputs["yaml"]?.value), /--max-model-len=4096/);
          assert.equal(outputs["valid"]?.value, true);
          assert.deepEqual(outputs["model"]?.value, ["service"]);
          expected ??= outputs["yaml"]?.value;
          assert.equal(outputs["yaml"]?.value, expected);
        }),
      );
    }
  });

  it("has a schema that the engine loads without a warning", async () => {
    const executable = join(workshop.plugin, "pulumi-resource-kserve-llm");
    const script = 'pulumi package get-schema "$0" 2>&1 >/dev/null';
    const warnings = await run("sh", ["-c", script, executable], { cwd: folder, env: workshop.env("yaml") });
    const others = warnings.split("\n").filter((line) => line !== "" && !/^warning: using \S+ from \$PATH/.test(line));
    assert.deepEqual(others, []);
  });

  describe("checks the types of the example", () => {
    const program = (language: Language): string => join(folder, "checked", language);
    before(async () => {
      for (const language of ["typescript", "python", "go"] as const) {
        await openProgram(join(folder, "checked"), EXAMPLES[language], language, workshop);
      }
    });

    it("typescript, by tsc", async () => {
      const options = { target: "ES2022", module: "nodenext", strict: true, noEmit: true, skipLibCheck: true };
      const types = { types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] };
      const config = { compilerOptions: { ...options, ...types }, include: ["*.ts"] };
      writeFileSync(join(program("typescript"), "tsconfig.json"), JSON.stringify(config));
      const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
      assert.equal(await run(process.execPath, [tsc, "-p", program("typescript")]), "");
    });

    it("python, by mypy", async () => {
      const args = ["-m", "mypy", "--follow-imports=silent", "__main__.py"];
      const printed = await run("python", args, { cwd: program("python"), env: workshop.env("python") });
      assert.match(printed, /^Success: no issues found/);
    });

    it("python, and mypy finds a wrong type", async () => {
      const example = readFileSync(join(program("python"), "__main__.py"), "utf8");
      const broken = example.replace('{"tensor": 2, "data": 2}', 'kserve.ParallelismArgs(tensor="two")');
      writeFileSync(join(program("python"), "broken.py"), broken);
      const args = ["-m", "mypy", "--follow-imports=silent", "broken.py"];
      const where = { cwd: program("python"), env: workshop.env("python"), timeoutMs: 600_000 };
      await assert.rejects(run("python", args, where), /failed \(1\)/);
    });

    it("go, by go vet", async () => {
      assert.equal(await run("go", ["vet", "./..."], { cwd: program("go"), env: workshop.env("go") }), "");
    });
  });
});

/** The paths whose value a preview does not show, and why. */
function eventualLeaves(value: unknown, path: readonly string[] = []): string[] {
  if (value === UNKNOWN) return [`${path.join(".")}: unknown`];
  if (typeof value !== "object" || value === null) return [];
  if (SIGNATURE in value) return [`${path.join(".")}: secret`];
  return Object.entries(value).flatMap(([key, item]) => eventualLeaves(item, [...path, key]));
}

async function eventsOf(stack: Stack): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  await stack.preview({ onEvent: (event) => void events.push(event) });
  return events;
}

async function inputsOf(stack: Stack, type: string): Promise<unknown> {
  const events = await eventsOf(stack);
  const found = events.find(({ resourcePreEvent }) => resourcePreEvent?.metadata.type === type);
  return found?.resourcePreEvent?.metadata.new?.inputs;
}

async function changesOf(stack: Stack): Promise<string[]> {
  const events = await eventsOf(stack);
  return events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ op }) => op !== "same")
    .map(({ op, urn }) => `${op} ${urn}`);
}
