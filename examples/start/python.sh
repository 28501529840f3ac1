#!/bin/sh
# A first project in Python, in an empty folder, from the files of a release.
# Needs: the Pulumi CLI, logged in; Python 3.10 or later. RELEASE is the folder with the files of the release, TARGET names this machine.
set -eu
version=0.1.0

pulumi plugin install resource kserve-llm "v$version" \
  --file "$RELEASE/pulumi-resource-kserve-llm-v$version-${TARGET:-linux-amd64}.tar.gz"

# The wheel brings pulumi and pulumi-kubernetes.
python3 -m venv venv
. venv/bin/activate
pip install --quiet "$RELEASE/pulumi_kserve_llm-$version-py3-none-any.whl"

cat > Pulumi.yaml <<'END'
name: first
runtime:
  name: python
  options:
    virtualenv: venv
END

cat > __main__.py <<'END'
import pulumi
import pulumi_kserve_llm as kserve
import pulumi_kubernetes as kubernetes

# Writes YAML. Without `render_yaml_to_directory` it deploys to the current kubeconfig.
provider = kubernetes.Provider("provider", render_yaml_to_directory="rendered")
options = pulumi.ResourceOptions(providers={"kubernetes": provider})

platform = kserve.Platform("platform", opts=options)
chat = kserve.LLMInferenceService(
    "chat",
    platform=platform.bundle,
    model={"uri": "hf://Qwen/Qwen2.5-7B-Instruct"},
    accelerator="nvidia-l4",
    opts=options,
)

pulumi.export("url", chat.url)
END

pulumi stack init dev
pulumi up --yes
