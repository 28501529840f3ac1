#!/bin/sh
# A first project in Go, in an empty folder, from the files of a release. The first compile takes minutes: the kubernetes SDK is large.
# Needs: the Pulumi CLI, logged in; Go 1.24 or later. RELEASE is the folder with the files of the release, TARGET names this machine.
set -eu
version=0.1.0

pulumi plugin install resource kserve-llm "v$version" \
  --file "$RELEASE/pulumi-resource-kserve-llm-v$version-${TARGET:-linux-amd64}.tar.gz"

# The SDK beside the program, as long as no repository has it.
module=github.com/pulumi-kserve-llm/pulumi-kserve-llm/sdk/go
mkdir sdk
tar -xzf "$RELEASE/kserve-llm-sdk-go-v$version.tar.gz" -C sdk
go mod init first
go mod edit -require "$module@v$version" -replace "$module=./sdk"

cat > Pulumi.yaml <<'END'
name: first
runtime: go
END

cat > main.go <<'END'
package main

import (
	"github.com/pulumi-kserve-llm/pulumi-kserve-llm/sdk/go/kservellm"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		// Writes YAML. Without RenderYamlToDirectory it deploys to the current kubeconfig.
		provider, err := kubernetes.NewProvider(ctx, "provider", &kubernetes.ProviderArgs{
			RenderYamlToDirectory: pulumi.String("rendered"),
		})
		if err != nil {
			return err
		}
		platform, err := kservellm.NewPlatform(ctx, "platform", nil, pulumi.Providers(provider))
		if err != nil {
			return err
		}
		chat, err := kservellm.NewLLMInferenceService(ctx, "chat", &kservellm.LLMInferenceServiceArgs{
			Platform:    platform.Bundle,
			Model:       &kservellm.ModelArgs{Uri: pulumi.String("hf://Qwen/Qwen2.5-7B-Instruct")},
			Accelerator: pulumi.String("nvidia-l4"),
		}, pulumi.Providers(provider))
		if err != nil {
			return err
		}
		ctx.Export("url", chat.Url)
		return nil
	})
}
END
go mod tidy

pulumi stack init dev
pulumi up --yes
