import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../../components/index.ts";

// A namespace in the same program as the service, which takes its name from it; with `literal`, the same name as a
// text.
const config = new pulumi.Config();
const renderTo = config.get("renderTo");
const kubernetes = new Provider("target", renderTo === undefined ? {} : { renderYamlToDirectory: renderTo });
const team = new Namespace("team", { metadata: { name: "team" } }, { provider: kubernetes });
const others = new ConfigMap(
  "others",
  { metadata: { name: "chat", namespace: "team" } },
  { provider: kubernetes, dependsOn: team },
);
const isLiteral = config.getBoolean("literal") ?? false;
const isNamed = config.getBoolean("named") ?? false;

const chat = new LLMInferenceService(
  "chat",
  {
    metadata: {
      namespace: isLiteral ? "team" : team.metadata.name,
      ...(isNamed && { name: others.metadata.name.apply((name) => `${name}-named`) }),
    },
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "qwen" },
    accelerator: "nvidia-h100-80gb",
    operations: { modelCache: { size: "10Gi" } },
    router: { route: {}, gateway: {}, scheduler: {} },
    await: false,
  },
  { providers: { kubernetes }, dependsOn: team },
);

export const url = chat.url;
