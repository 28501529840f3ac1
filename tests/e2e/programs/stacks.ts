import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, Platform } from "../../../components/index.ts";
import { STACKS } from "../../../core/knowledge/stacks/stacks.ts";
import { pinned } from "./pinned.ts";

// A release of the platform for each release of the serving stack, and a service that pins one of them.
const config = new pulumi.Config();
const providers = { kubernetes: new Provider("cluster") };
const platform = new Platform(
  "platform",
  {
    namespace: { name: "stacks-system", mode: "own" },
    releases: Object.fromEntries(STACKS.map(({ name }) => [name, { stack: name }])),
  },
  { providers },
);

new LLMInferenceService(
  "chat",
  { ...pinned(config.require("release")), platform },
  { providers, customTimeouts: { create: "8m", update: "8m" } },
);
export const releases = platform.releases;
