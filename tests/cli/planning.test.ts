import assert from "node:assert/strict";
import { bundleOf } from "../../core/platform/bundle.ts";
import { call, service } from "./cli.ts";

const OWN = { uri: "hf://acme/own" };
const SHAPE = { num_hidden_layers: 24, hidden_size: 2048, num_attention_heads: 16, vocab_size: 32000 };
const files = {
  "own.yaml": service({ model: OWN, accelerator: "nvidia-l4" }),
  "chat.yaml": service({ accelerator: "nvidia-l4" }),
  "both.yaml": [
    service({ model: OWN, accelerator: "nvidia-l4" }, { name: "own" }),
    service({ accelerator: "nvidia-l4" }),
  ],
  "config.json": SHAPE,
  "large.json": { ...SHAPE, num_hidden_layers: 240, hidden_size: 8192, num_attention_heads: 64 },
};
const SCALED = {
  accelerator: "nvidia-l4",
  scaling: { maxReplicas: 2, keda: {} },
  router: { route: {}, scheduler: {} },
};
const WITH_URL = JSON.stringify({ prometheus: { url: "http://prometheus:9090" } });
const SETTINGS = {
  "scaled.yaml": service(SCALED),
  "options.yaml": { autoscaling: { prometheus: { url: "http://prometheus:9090" } } },
  "data.yaml": { "autoscaling-wva-controller-config": WITH_URL },
  "map.yaml": {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "inferenceservice-config", namespace: "kserve" },
    data: {
      "autoscaling-wva-controller-config": WITH_URL,
      storageInitializer: '{"memoryLimit": "2Gi"}',
      opendatahub: "{}",
    },
  },
  "slip.yaml": { storageInitialiser: "{}", mine: "{}" },
  "wrong.yaml": { ingresGatewayName: "gateway", autoscaling: { prometheus: {} } },
};
const PLANNING = ["render", "merge", "validate", "explain", "graph", "fit"];
const run = (...args: string[]) => call(args, files);

describe("planning options of kserve-llm", () => {
  it("every command that plans accepts all planning options", async () => {
    for (const command of PLANNING) {
      const { code, err } = await run(command, "-f", "chat.yaml", "--engine-version", "newest");
      assert.equal(code, 1, command);
      assert.match(err, /error InvalidValue engineVersion \(service\): "newest" is not a release of vLLM/, command);
    }
  });

  it("--model-info gives the shape of a model that the catalogue does not have", async () => {
    const strict = ["-f", "own.yaml", "--check", "UnknownModel=error"];
    assert.match((await run("validate", ...strict)).err, /error UnknownModel/);
    assert.equal((await run("validate", ...strict, "--model-info", "config.json")).code, 0);
    const large = await run("render", ...strict, "--model-info", "large.json");
    assert.deepEqual([large.code, large.out], [1, ""]);
    assert.match(large.err, /error MemoryFit/);
  });

  it("--model-info for several services gives each its own model", async () => {
    const one = await run("validate", "-f", "both.yaml", "--model-info", "large.json");
    assert.equal(one.code, 2);
    assert.match(one.err, /--model-info describes one model, but the services use 2: write it as MODEL=FILE/);
    const { code, out } = await run("validate", "-f", "both.yaml", "--model-info", "acme/own=large.json");
    assert.equal(code, 1);
    assert.match(out, /own: refused: 1 error\n.*chat: valid\n/);
  });

  it("--check overrides the severity that the platform sets", async () => {
    const content = { checks: { UnknownModel: "error" as const } };
    const { bundle } = bundleOf(content, { systemNamespace: "kserve", recorded: false });
    const args = ["validate", "-f", "own.yaml", "--platform", "bundle.json"];
    const ofPlatform = await call(args, { ...files, "bundle.json": bundle });
    assert.equal(ofPlatform.code, 1);
    assert.match(ofPlatform.err, /error UnknownModel/);
    assert.equal((await call([...args, "--check", "UnknownModel=off"], { ...files, "bundle.json": bundle })).code, 0);
    assert.match(
      (await run("validate", "-f", "own.yaml", "--check", "NoSuch=off")).err,
      /error InvalidValue checks\.NoSuch/,
    );
  });

  it("--free-devices compares a rollout with the free accelerators", async () => {
    const full = ["validate", "-f", "chat.yaml", "--free-devices", "nvidia.com/gpu=0"];
    assert.match((await run(...full)).err, /warning RolloutSurge/);
    assert.equal((await run(...full, "--check", "RolloutSurge=error")).code, 1);
    assert.equal((await run("validate", "-f", "chat.yaml", "--free-devices", "nvidia.com/gpu=8")).err, "");
  });

  it("an option without a side suffix applies to both sides of a comparison", async () => {
    const { code, out } = await run("diff", "chat.yaml", "--load-bytes-per-second-b", "20000000");
    assert.equal(code, 1);
    assert.match(out, /startupProbe\.failureThreshold .* restart$/m);
    assert.equal((await run("diff", "chat.yaml", "--load-bytes-per-second", "20000000")).code, 0);
    const check = ["promote", "check", "--from", "own.yaml", "--to", "own.yaml", "--check", "UnknownModel=error"];
    const refused = await run(...check, "--model-info-from", "config.json");
    assert.equal(refused.code, 1);
    assert.match(refused.out, /to: error UnknownModel/);
    assert.doesNotMatch(refused.out, /from: error/);
    assert.equal((await run(...check, "--model-info", "config.json")).code, 0);
  });

  for (const file of ["options.yaml", "data.yaml", "map.yaml"])
    it(`--settings keeps the defaults of this package for what ${file} leaves out`, async () => {
      const args = ["validate", "-f", "scaled.yaml", "--stack", "llm-d-0.9", "--settings", file];
      const { code, err } = await call(args, SETTINGS);
      assert.deepEqual([code, err], [0, ""]);
    });

  it("--settings reports the keys that nothing reads, and options that are misspelt or missing", async () => {
    const slip = await call(["validate", "-f", "scaled.yaml", "--settings", "slip.yaml"], SETTINGS);
    assert.match(slip.err, /warning SettingsInvalid storageInitialiser .* did you mean storageInitializer\?/);
    assert.match(slip.err, /warning SettingsInvalid mine \(settings\): unknown key mine: it is ignored/);
    const wrong = await call(["validate", "-f", "scaled.yaml", "--settings", "wrong.yaml"], SETTINGS);
    assert.match(wrong.err, /error SettingsInvalid ingresGatewayName .* did you mean ingressGatewayName\?/);
    assert.match(wrong.err, /error SettingsInvalid autoscaling\.prometheus\.url .* set url/);
  });

  it("--settings reports misspelt fields and values without their effect, and no field of a distribution", async () => {
    const ingress = { urlScheme: "htp", urlSchema: "https", domainTemplate: "{{ .Name }}", gatewayClass: "own" };
    const credentials = { s3: { s3UseHttps: "false", s3VerifySsl: "1", s3UseAccelerate: "maybe" }, gcss: {} };
    const data = { ingress: JSON.stringify(ingress), credentials: JSON.stringify(credentials), own: "{}" };
    const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "inferenceservice-config" }, data };
    const { code, err } = await call(["validate", "-f", "chat.yaml", "--settings", "set.yaml"], {
      ...files,
      "set.yaml": settings,
    });
    const found = [...err.matchAll(/: (\w+) (?:SettingsInvalid|InvalidValue) (\S+)/g)].map(([, ...one]) =>
      one.join(" "),
    );
    assert.equal(code, 0);
    assert.deepEqual(found, [
      "warning ingress.urlSchema",
      "warning credentials.s3.s3VerifySsl",
      "warning credentials.gcss",
      "warning settings.urlScheme",
      "warning settings.credentials.s3.s3UseHttps",
      "warning settings.credentials.s3.s3UseAccelerate",
    ]);
  });

  it("--settings with a file of another kind exits with 2 and names the expected file", async () => {
    const { code, err } = await run("render", "-f", "chat.yaml", "--settings", "own.yaml");
    assert.equal(code, 2);
    assert.match(err, /own\.yaml: the ConfigMap inferenceservice-config or its data was expected/);
  });

  it("exits with 2 for an option value that cannot be read", async () => {
    for (const [option = "", value = ""] of [
      ["--free-devices", "nvidia.com/gpu"],
      ["--free-devices", "nvidia.com/gpu=many"],
      ["--check", "MemoryFit"],
      ["--model-info", "absent.json"],
    ]) {
      assert.equal((await run("validate", "-f", "chat.yaml", option, value)).code, 2, `${option} ${value}`);
    }
  });
});
