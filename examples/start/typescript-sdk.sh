#!/bin/sh
# A first project in TypeScript with the plugin and its SDK, in an empty folder, from the files of a release.
# Needs: the Pulumi CLI, logged in; Node 22.18 or later with npm. RELEASE is the folder with the files of the release, TARGET names this machine.
set -eu
version=0.1.0

pulumi plugin install resource kserve-llm "v$version" \
  --file "$RELEASE/pulumi-resource-kserve-llm-v$version-${TARGET:-linux-amd64}.tar.gz"

cat > package.json <<'END'
{ "name": "first", "private": true, "type": "module" }
END
npm install --no-audit --no-fund @pulumi/pulumi @pulumi/kubernetes "$RELEASE/pulumi-kserve-llm-sdk-$version.tgz"

# Node runs TypeScript as it is, so Pulumi need not compile it.
cat > Pulumi.yaml <<'END'
name: first
runtime:
  name: nodejs
  options:
    typescript: false
main: index.ts
END

cat > index.ts <<'END'
import { resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { LLMInferenceService, Platform } from "pulumi-kserve-llm-sdk";

// Writes YAML. Without `renderYamlToDirectory` it deploys to the current kubeconfig.
const kubernetes = new Provider("provider", { renderYamlToDirectory: resolve("rendered") });
const providers = { kubernetes };

const platform = new Platform("platform", {}, { providers });
const chat = new LLMInferenceService(
  "chat",
  { platform: platform.bundle, model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-l4" },
  { providers },
);

export const url = chat.url;
END

pulumi stack init dev
pulumi up --yes
