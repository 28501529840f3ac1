import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import {
  LLMInferenceService,
  type LLMInferenceServiceArgs,
  LLMInferenceServiceConfig,
  Platform,
} from "../../../components/index.ts";

// Secrets wherever a plan splits, joins or quotes them. Each comes from the stack's configuration, under a separate
// key.
const config = new pulumi.Config();
const secret = (key: string): pulumi.Output<string> => config.requireSecret(key);
const renderTo = config.get("renderTo");
const kubernetes = new Provider("target", renderTo === undefined ? {} : { renderYamlToDirectory: renderTo });
const options = { providers: { kubernetes } };
const accelerator = "nvidia-h100-80gb";
const model = { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" };
const withEnv = (name: string, value: pulumi.Input<string>) => ({
  template: { containers: [{ name: "main", env: [{ name, value }] }] },
});
const defaults = { workerSpec: withEnv("HF_TOKEN", secret("platform")) };

const platform = new Platform(
  "platform",
  { namespace: { mode: "own" }, defaults, releases: { first: { defaults } } },
  options,
);
const team = new LLMInferenceServiceConfig("team", { ...withEnv("TEAM", secret("team")), platform }, options);

const services: Record<string, LLMInferenceServiceArgs> = {
  words: { model, ...withEnv("VLLM_ADDITIONAL_ARGS", pulumi.interpolate`--seed 3 --api-key ${secret("words")}`) },
  image: { model: { ...model, uri: pulumi.interpolate`oci://registry.example/${secret("image")}:v1` } },
  claim: { model: { ...model, uri: pulumi.interpolate`pvc://weights/${secret("claim")}/v1` } },
  json: {
    model,
    template: {
      containers: [
        { name: "main", args: [pulumi.interpolate`--override-generation-config={"stop":"${secret("json")}"}`] },
      ],
    },
  },
  two: { model, annotations: { "acme.com/both": pulumi.interpolate`${secret("two")}/${secret("words")}` } },
  port: {
    model,
    template: {
      containers: [{ name: "main", ports: [{ name: "extra", containerPort: config.requireSecretNumber("port") }] }],
    },
  },
  pinned: { model, release: "first" },
  based: { model, configs: [team], baseRefs: [{ name: "team" }] },
};
const chosen = config.get("services")?.split(" ") ?? Object.keys(services);
for (const [name, args] of Object.entries(services)) {
  if (!chosen.includes(name)) continue;
  new LLMInferenceService(name, { accelerator, platform, await: false, ...args }, options);
}

export const bundle = platform.bundle;
export const releases = platform.releases;
