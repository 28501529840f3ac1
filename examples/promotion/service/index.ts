import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../../components/index.ts";
import { target } from "../target.ts";

const config = new pulumi.Config();
const platform = new pulumi.StackReference(config.require("platform"));

const chat = new LLMInferenceService(
  "chat",
  {
    platform: platform.requireOutput("releases"),
    // What is promoted: the release that was tested, and by its digest that very content.
    release: config.require("release"),
    digest: config.require("digest"),
    metadata: { namespace: config.get("namespace") ?? "default" },
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct", name: "Qwen/Qwen2.5-7B-Instruct" },
    // What differs from stack to stack on purpose.
    replicas: config.getNumber("replicas") ?? 1,
    accelerator: config.get("accelerator") ?? "nvidia-h100-80gb",
  },
  { providers: { kubernetes: target() } },
);

export const pin = chat.pin;
export const url = chat.url;
