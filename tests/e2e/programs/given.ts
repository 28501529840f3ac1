import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import {
  LLMInferenceService,
  type LLMInferenceServiceArgs,
  Platform,
  type PlatformArgs,
} from "../../../components/index.ts";

// The services in the stack's configuration, in one namespace, and the platform's settings.
const config = new pulumi.Config();
const namespace = config.require("namespace");
const providers = { kubernetes: new Provider("cluster") };
const settings = config.getObject<PlatformArgs["settings"]>("settings");
const stack = config.get("stack");
const platform = new Platform(
  "platform",
  {
    namespace: { name: `${namespace}-system`, mode: "own" },
    crds: config.get<"install" | "skip">("crds") ?? "skip",
    ...(settings && { settings }),
    ...(stack !== undefined && { stack }),
  },
  { providers },
);
const customTimeouts = { create: "8m", update: "8m" };

for (const [name, args] of Object.entries(config.requireObject<Record<string, LLMInferenceServiceArgs>>("services"))) {
  new LLMInferenceService(name, { ...args, platform, metadata: { namespace } }, { providers, customTimeouts });
}
