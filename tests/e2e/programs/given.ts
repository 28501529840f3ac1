import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import {
  LLMInferenceService,
  type LLMInferenceServiceArgs,
  Platform,
  type PlatformArgs,
} from "../../../components/index.ts";

// The services that the stack's configuration holds, in one namespace, and the platform's settings. The CRDs are there already, but
// with `crds` as "install": in the state of a stack they are most of what a run costs, and no part of most cases.
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
