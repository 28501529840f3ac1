import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../../../../components/index.ts";

const config = new pulumi.Config();
const kubernetes = new Provider("rendering", { renderYamlToDirectory: config.require("renderTo") });
const provider = kubernetes;
const renamed = config.getBoolean("renamed") ?? false;

class Team extends pulumi.ComponentResource {}
const upstream = new ConfigMap("upstream", {}, { provider });
const late = new Promise<pulumi.Resource>((resolve) => setTimeout(() => resolve(upstream), 500));

const service = new LLMInferenceService(
  renamed ? "chat" : "talk",
  { metadata: { name: "chat" }, model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-h100-80gb" },
  {
    providers: { kubernetes },
    parent: new Team("test:index:Team", "team"),
    dependsOn: pulumi.output(late) as unknown as pulumi.Input<pulumi.Resource>,
    protect: true,
    retainOnDelete: true,
    customTimeouts: { create: "45m" },
    aliases: renamed ? [{ name: "talk" }] : [],
    transforms: [
      ({ type, props, opts }) =>
        type === "kubernetes:core/v1:Service"
          ? { props: { ...props, metadata: { ...props["metadata"], labels: { seen: "by-a-transform" } } }, opts }
          : undefined,
    ],
  },
);
new ConfigMap("after", {}, { provider, dependsOn: service });
