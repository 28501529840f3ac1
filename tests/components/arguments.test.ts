import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import type { z } from "zod";
import type {
  DeepInput,
  LLMInferenceServiceArgs,
  LLMInferenceServiceConfigArgs,
  PlatformArgs,
} from "../../components/index.ts";
import { serviceSpec } from "../../core/api/service.ts";
import { factsOf } from "../../core/contract/options/option.ts";
import { planOptions } from "../../core/contract/options/options.ts";
import { partialSettings } from "../../core/contract/options/settings.ts";
import type { configArgs, platformArgs, serviceArgs } from "../../provider/schema/arguments.ts";
import { argumentsFile, TARGET } from "../../tools/generate/arguments.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Fields that only the library has, and those whose roles come from a table, so that their names are not types. */
type Apart = "platform" | "configs" | "defaults" | "releases";
/** By field, whether the type of an interface and that of a schema are interchangeable. */
type Agreeing<Written, Schema extends z.ZodType> = {
  [Field in Exclude<keyof z.infer<Schema>, Apart>]-?: [
    Field extends keyof Written ? Written[Field] : never,
    DeepInput<z.infer<Schema>[Field]>,
  ] extends [infer Ours, infer Theirs]
    ? [Ours, Theirs] extends [Theirs, Ours]
      ? true
      : Field
    : never;
};
type Wrong<Fields> = { [Field in keyof Fields]: Fields[Field] extends true ? never : Field }[keyof Fields];
type Same<One, Other> = [Exclude<One, Other>, Exclude<Other, One>] extends [never, never] ? true : false;

describe("the arguments of the components as interfaces", () => {
  it("are the generated file", () => {
    assert.equal(readFileSync(TARGET, "utf8"), argumentsFile(), "run npm run generate, and look at what changed");
  });

  it("accept what the schemas accept, field by field, and have no other fields", () => {
    const wrong: [
      Wrong<Agreeing<LLMInferenceServiceArgs, typeof serviceArgs>>[],
      Wrong<Agreeing<LLMInferenceServiceConfigArgs, typeof configArgs>>[],
      Wrong<Agreeing<PlatformArgs, typeof platformArgs>>[],
    ] = [[], [], []];
    const none: [never[], never[], never[]] = wrong;
    const same: [
      Same<keyof LLMInferenceServiceArgs, keyof z.infer<typeof serviceArgs>>,
      Same<keyof LLMInferenceServiceConfigArgs, keyof z.infer<typeof configArgs>>,
      Same<keyof PlatformArgs, keyof z.infer<typeof platformArgs>>,
    ] = [true, true, true];
    assert.deepEqual(
      [none, same],
      [
        [[], [], []],
        [true, true, true],
      ],
    );
  });

  it("require the fields that a service requires, and no others", () => {
    const args: LLMInferenceServiceArgs = { model: { uri: "hf://o/m" } };
    // @ts-expect-error the model is needed
    const without: LLMInferenceServiceArgs = {};
    // @ts-expect-error a misspelt option is an error in the editor already
    const misspelt: LLMInferenceServiceArgs = { ...args, loadBytesPerSecnd: 1 };
    const later = null as unknown as pulumi.Output<string>;
    const eventual: LLMInferenceServiceArgs = { model: { uri: later }, engineVersion: later, settings: { tls: {} } };
    assert.ok([without, misspelt, eventual].every(Boolean));
  });
});

describe("an editor", () => {
  const PROGRAM = `import { LLMInferenceService, type LLMInferenceServiceArgs, Platform } from "./components/index.ts";
const args: LLMInferenceServiceArgs = {
  model: { uri: "hf://o/m" },
  loadBytesPerSecond: 1,
  settings: { enableTLS: true },
};
new LLMInferenceService("chat", { ...args, preflight: true });
new Platform("platform", { nodeLabels: "gke", settings: { urlScheme: "https" } });
`;
  const FILE = join(ROOT, "editor.ts");
  let service: ts.LanguageService;
  const hover = (field: string): string => {
    const info = service.getQuickInfoAtPosition(FILE, PROGRAM.indexOf(`${field}:`));
    return ts.displayPartsToString(info?.documentation).replaceAll(/\s+/g, " ");
  };

  before(() => {
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
    const text = (file: string): string | undefined => (file === FILE ? PROGRAM : ts.sys.readFile(file));
    service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => [FILE],
      getScriptVersion: () => "1",
      getScriptSnapshot: (file) => {
        const found = text(file);
        return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
      },
      getCurrentDirectory: () => ROOT,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (file) => file === FILE || ts.sys.fileExists(file),
      readFile: text,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      realpath: ts.sys.realpath,
    });
  });

  it("shows the description of an option, of a setting and of KServe's own fields", () => {
    const { settings, ...fields } = {
      loadBytesPerSecond: planOptions.loadBytesPerSecond,
      uri: serviceSpec.shape.model.shape.uri,
      settings: partialSettings.shape,
    };
    for (const [field, schema] of Object.entries({
      ...fields,
      enableTLS: settings.enableTLS,
      urlScheme: settings.urlScheme,
    })) {
      const sentence = factsOf(schema).description ?? assert.fail(field);
      assert.ok(sentence.length > 10 && hover(field).includes(sentence), `${field}: ${hover(field)}`);
    }
    for (const field of ["preflight", "nodeLabels"]) assert.match(hover(field), /^\w.*\. Default: /, field);
  });
});
