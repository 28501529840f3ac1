import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { planInput } from "../../../../components/index.ts";
import { OWN } from "../../../../core/contract/behaviour.ts";
import type { Issue } from "../../../../core/contract/issues/issue.ts";
import { planOptions } from "../../../../core/contract/options/options.ts";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { judgeArgs } from "../../../../core/knowledge/engine/flags/judge.ts";
import { releaseOfImage, sglangRelease } from "../../../../core/knowledge/engine/images.ts";
import { releaseNumber } from "../../../../core/knowledge/engine/release.ts";
import { PLATFORMS, type Stack } from "../../../../core/knowledge/stacks/stack.ts";
import { DEFAULT_STACK, presets, STACKS, stackNamed } from "../../../../core/knowledge/stacks/stacks.ts";
import { field, isObject, objectOf, objectsOf } from "../../../../core/kubernetes/json.ts";
import { plan } from "../../../../core/plan.ts";
import { validateConfig } from "../../../../core/stages/admit/validate.ts";
import { chat } from "../../../../examples/promotion/service/chat.ts";
import { type ExampleProgram, examplePrograms } from "../../../components/programs.ts";
import { fileServices, goldenServices, type NamedService } from "../../services.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const FOLDERS = join(ROOT, "core/knowledge/stacks");
const sha256 = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/**
 * Digests of what each published release renders and contains. A digest here never changes, because services that run
 * the release would change. New content needs a new release, with a separate folder.
 */
const PUBLISHED: Readonly<Record<string, { presets: string; sglang: string }>> = {
  "llm-d-0.8": {
    presets: "1302d5597f82af58299a9bf0867ad09091c2d0fa3cb81f8d31eb5b4ecaffc08f",
    sglang: "7d7ea2b89f28dfd5b8533ac5cf983e73c25d1125535a89c65a753397483787cd",
  },
  "llm-d-0.9": {
    presets: "fe645e729f1d775271d10da7f918dc0647aef91dc1b7aa3c7ea7d6a008050239",
    sglang: "d18159793a1c693d9938523e70e0937f265555b9f8fbda8b80738604cc8f1178",
  },
};

/** The presets of one engine: those of SGLang came later, and changed none of the others. */
const presetsOf = (stack: Stack, engine: "vllm" | "sglang") =>
  presets({ namespace: "kserve", stack }).filter(
    ({ metadata }) => metadata.name.startsWith("kserve-config-sglang-") === (engine === "sglang"),
  );

describe("the releases of the stack", () => {
  it("each have a folder and a line in the index", () => {
    const folders = readdirSync(FOLDERS, { withFileTypes: true }).filter((one) => one.isDirectory());
    assert.deepEqual(STACKS.map(({ name }) => name).sort(), folders.map(({ name }) => name).sort());
    const index = readFileSync(join(FOLDERS, "stacks.ts"), "utf8");
    for (const { name } of folders) assert.ok(index.includes(`"./${name}/release.ts"`), name);
  });

  it("have different names and versions of presets, and the default is the oldest release", () => {
    assert.equal(new Set(STACKS.map(({ name }) => name)).size, STACKS.length);
    assert.equal(new Set(STACKS.map(({ presetVersion }) => presetVersion)).size, STACKS.length);
    assert.equal(DEFAULT_STACK, STACKS[0]);
    assert.ok(planOptions.stack.meta()?.description?.includes(DEFAULT_STACK.name));
  });

  for (const stack of STACKS) {
    const { name } = stack;
    it(`${name}: the presets are byte for byte those that were published`, () => {
      assert.equal(sha256(presetsOf(stack, "vllm")), PUBLISHED[name]?.presets);
      assert.equal(sha256(presetsOf(stack, "sglang")), PUBLISHED[name]?.sglang);
    });

    it(`${name}: the presets are configs that their CRD accepts`, () => {
      for (const preset of presets({ namespace: "kserve", stack })) {
        assert.deepEqual(validateConfig(preset, OWN).errors, [], preset.metadata.name);
      }
    });

    it(`${name}: every fact has a source, and every image a fixed tag`, () => {
      const facts = factsIn(stack);
      assert.ok(facts.length > 8);
      for (const fact of facts) assert.ok(String(fact["source"]).length > 10, JSON.stringify(fact));
      for (const image of imagesOf(stack)) assert.match(image, /:(vllm-)?v?\d[^:]*(@sha256:[0-9a-f]{64})?$/, image);
    });

    it(`${name}: the image for CUDA has the release of vLLM that the stack names`, () => {
      const { image } = stack.engines.cuda;
      assert.equal(releaseOfImage(image), stack.vllm);
      assert.ok(releaseNumber(stack.vllm));
      assert.ok(PLATFORMS.some((platform) => stack.engines[platform] !== undefined));
    });

    it(`${name}: the images of the CUDA image's build and those that name their vLLM are recognised by their tags`, () => {
      const { cpu, neuron } = stack.engines;
      assert.equal(releaseOfImage(cpu?.image ?? ""), stack.vllm);
      assert.ok(neuron?.vllm);
      assert.equal(releaseOfImage(neuron.image), neuron.vllm);
    });

    it(`${name}: the images of SGLang have the release that the stack names, and the tables know its flags`, () => {
      const { sglang } = stack;
      for (const { image } of Object.values(sglang?.engines ?? {})) assert.equal(sglangRelease(image), sglang?.version);
      for (const { metadata, spec } of presetsOf(stack, "sglang")) {
        const { template, worker } = spec.prefill ?? spec;
        for (const pod of [template, worker]) {
          const args = pod?.containers?.[0]?.args ?? [];
          const release = { text: sglang?.version ?? "", number: releaseNumber(sglang?.version ?? "") ?? 0 };
          assert.deepEqual(judgeArgs(args, release, "sglang"), [], metadata.name);
        }
      }
    });
  }
});

/** Every object of a release that contains an image or a requirement. */
function factsIn(value: unknown): Record<string, unknown>[] {
  if (!isObject(value)) return Array.isArray(value) ? value.flatMap(factsIn) : [];
  const own = "image" in value || "what" in value || "tag" in value || "discovery" in value ? [value] : [];
  return [...own, ...Object.values(value).flatMap(factsIn)];
}

function imagesOf({ engines, sglang, scheduler, sidecar, tokenizer }: Stack): string[] {
  const all = [...Object.values(engines), ...Object.values(sglang?.engines ?? {})];
  const ofEngines = all.flatMap(({ image, roles = {}, accelerators = [] }) => [
    image,
    ...Object.values(roles),
    ...accelerators.map(([, other]) => other),
  ]);
  return [...ofEngines, scheduler.image, sidecar.image, tokenizer.image];
}

const errorsOf = (issues: readonly Issue[]): Issue[] => issues.filter(({ severity }) => severity === "error");
const SERVICES = [...fileServices(), ...goldenServices()];

function rendered({ service, configs }: NamedService, stack: string | undefined) {
  const { systemNamespace } = DEFAULT_SETTINGS;
  const chosen = stackNamed(stack ?? "") ?? DEFAULT_STACK;
  const shipped = presets({ namespace: systemNamespace, stack: chosen });
  const all = [...shipped, ...configs];
  const names = all.map((config) => field(field(objectOf(config), "metadata"), "name"));
  const spec = objectOf(field(objectOf(service), "spec"));
  // Configs that an example keeps in several versions, each in a separate folder, do not depend on the stack.
  const baseRefs = objectsOf(spec["baseRefs"]).filter(({ name }) => names.includes(name));
  return plan({
    service: { ...service, spec: { ...spec, baseRefs } },
    settings: DEFAULT_SETTINGS,
    stack,
    configs: all,
  });
}

describe("every example and every golden", () => {
  it("is found", () => assert.ok(SERVICES.length > 15, String(SERVICES.length)));

  for (const { name } of STACKS) {
    for (const one of SERVICES) {
      it(`${one.name} renders without an error on ${name}`, () => {
        const { issues, objects } = rendered(one, name);
        assert.deepEqual(errorsOf(issues), []);
        assert.ok(objects.length > 0);
      });
    }
  }
});

describe("every service that a program of the examples declares", () => {
  const declared: ExampleProgram["declared"] = [];
  before(async () => {
    for (const { name, declared: own } of await examplePrograms()) {
      assert.ok(own.length > 0, `${name} declares no service`);
      declared.push(...own);
    }
    // Its program needs a platform of another stack, which decides the pinned release.
    declared.push({ name: "promotion", args: chat(() => undefined) });
  });

  for (const { name: stack } of STACKS) {
    it(`renders without an error on ${stack}`, async () => {
      assert.ok(declared.length > 5, String(declared.length));
      for (const { name, args } of declared) {
        const { input, issues } = await planInput(name, { ...args, stack });
        assert.equal(input.stack, stack);
        const planned = plan(input);
        assert.deepEqual(errorsOf([...issues, ...planned.issues]), [], name);
        assert.ok(planned.objects.length > 0, name);
      }
    });
  }
});

describe("a stack that does not exist", () => {
  it("is refused with the names of the existing ones", () => {
    const [first] = SERVICES;
    assert.ok(first !== undefined);
    const { issues, objects } = rendered(first, "no-such-release");
    assert.deepEqual(objects, []);
    const found = issues.find(({ code }) => code === "ReleaseNotFound");
    assert.equal(found?.path, "stack");
    for (const { name } of STACKS) assert.ok(found?.fix?.includes(name), found?.fix);
  });
});
