import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { parse } from "yaml";
import * as library from "../../components/index.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../core/plan.ts";
import { type Registered, resolved, runMocked } from "../components/mocks.ts";
import { blocksOf, PROGRAMS } from "./listed.ts";

const ROOT = join(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);

/** A cloud's resource, of whatever kind: the recipe only orders it before its services. */
class OfCloud extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super("cloud:index:Resource", name, args, opts);
  }
}
const MODULES: Readonly<Record<string, unknown>> = {
  "pulumi-kserve-llm": library,
  "@pulumi/aws": { eks: { NodeGroup: OfCloud } },
  "@pulumi/gcp": { container: { NodePool: OfCloud } },
  "@pulumi/azure-native/containerservice": { AgentPool: OfCloud },
};
const CONFIG = {
  ...{ cluster: "c", location: "europe-west4", nodeRoleArn: "arn", subnetIds: '["a"]', resourceGroup: "group" },
  kubeconfig: "apiVersion: v1",
};

/** Runs a program against mocks of the engine, with this package unchanged and replacements for the clouds. */
async function registeredBy(code: string): Promise<Registered[]> {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const run = new Function("require", "exports", outputText) as (load: unknown, exported: object) => void;
  const { registered } = await runMocked(() => {
    pulumi.runtime.setAllConfig(
      Object.fromEntries(Object.entries(CONFIG).map(([key, value]) => [`project:${key}`, value])),
    );
    const exported: Record<string, unknown> = {};
    run((name: string): unknown => MODULES[name] ?? require(name), exported);
    // A refused service has no URL; its error is shown.
    return Promise.all(Object.values(exported).filter(pulumi.Output.isInstance).map(resolved));
  });
  return registered;
}

describe("the programs in the docs", () => {
  it("are found in every recipe except the one for KServe's own files", () => {
    assert.ok(PROGRAMS.length >= 14, `${PROGRAMS.length} programs`);
  });

  for (const { title, code } of PROGRAMS) {
    it(`${title} registers what it describes, and the plan refuses nothing`, async () => {
      const registered = await registeredBy(code);
      const services = code.match(/new LLMInferenceService\(/g)?.length ?? 0;
      const workloads = registered.filter(({ type }) => /:(Deployment|LeaderWorkerSet)$/.test(type));
      assert.ok(workloads.length >= services, `${workloads.length} workloads of ${services} services`);
      if (code.includes("const registry =")) {
        const images = [...JSON.stringify(registered).matchAll(/"image":"([^"]+)"/g)].map(([, image = ""]) => image);
        const used = workloads.flatMap(({ inputs }) =>
          [...JSON.stringify(inputs).matchAll(/"image":"([^"]+)"/g)].map(([, image = ""]) => image),
        );
        assert.ok(images.length > 0 && used.length >= 3);
        assert.deepEqual(
          used.filter((image) => !image.startsWith("registry.example.com/")),
          [],
        );
      }
    });
  }
});

describe("docs/getting-started.md", () => {
  for (const [language, file] of Object.entries({
    python: "examples/python/__main__.py",
    go: "examples/go/main.go",
    typescript: "examples/typescript-sdk/index.ts",
    yaml: "examples/yaml/Pulumi.yaml",
  })) {
    it(`quotes ${file} to the letter`, () => {
      assert.ok(blocksOf("docs/getting-started.md", language).includes(readFileSync(join(ROOT, file), "utf8")));
    });
  }
});

/** The parts that a page with only the spec of a service leaves out. */
const WHOLE = {
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceService",
  metadata: { name: "chat", namespace: "team" },
};

describe("the services in the docs", () => {
  for (const page of ["README.md", ...globSync("docs/**/*.md", { cwd: ROOT }).sort()]) {
    const services = blocksOf(page, "yaml").filter((text) => /^(kind|spec):/m.test(text));
    for (const [index, text] of services.entries()) {
      it(`service ${index + 1} of ${page} is planned without an error`, () => {
        const service = { ...WHOLE, ...(parse(text) as { kind?: string }) };
        assert.equal(service.kind, "LLMInferenceService");
        const { issues } = plan({ service, configs: presets({ namespace: "kserve" }), settings: DEFAULT_SETTINGS });
        assert.deepEqual(
          issues.filter(({ severity }) => severity === "error"),
          [],
        );
      });
    }
  }
});
