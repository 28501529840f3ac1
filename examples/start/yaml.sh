#!/bin/sh
# A first project in YAML, in an empty folder, from the files of a release.
# Needs: the Pulumi CLI, logged in; no Node and no SDK. RELEASE is the folder with the files of the release, TARGET names this machine.
set -eu
version=0.1.0

pulumi plugin install resource kserve-llm "v$version" \
  --file "$RELEASE/pulumi-resource-kserve-llm-v$version-${TARGET:-linux-amd64}.tar.gz"

cat > Pulumi.yaml <<'END'
name: first
runtime: yaml
resources:
  provider:
    type: pulumi:providers:kubernetes
    properties:
      # Writes YAML. Without this line it deploys to the current kubeconfig.
      renderYamlToDirectory: rendered
  platform:
    type: kserve-llm:Platform
    options:
      providers:
        - ${provider}
  chat:
    type: kserve-llm:LLMInferenceService
    properties:
      platform: ${platform.bundle}
      model:
        uri: hf://Qwen/Qwen2.5-7B-Instruct
      accelerator: nvidia-l4
    options:
      providers:
        - ${provider}
outputs:
  url: ${chat.url}
END

pulumi stack init dev
pulumi up --yes
