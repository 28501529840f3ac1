// The platform and one model service, rendered to YAML.
package main

import (
	"github.com/pulumi-kserve-llm/pulumi-kserve-llm/sdk/go/kservellm"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		// A folder of YAML. An empty one deploys to the current kubeconfig.
		folder, err := config.New(ctx, "").Try("renderTo")
		if err != nil {
			folder = "rendered"
		}
		provider, err := kubernetes.NewProvider(ctx, "provider", &kubernetes.ProviderArgs{
			RenderYamlToDirectory: pulumi.String(folder),
		})
		if err != nil {
			return err
		}

		platform, err := kservellm.NewPlatform(ctx, "platform", nil, pulumi.Providers(provider))
		if err != nil {
			return err
		}

		chat, err := kservellm.NewLLMInferenceService(ctx, "chat", &kservellm.LLMInferenceServiceArgs{
			Platform: platform.Bundle,
			Model: &kservellm.ModelArgs{
				Uri:  pulumi.String("hf://Qwen/Qwen2.5-7B-Instruct"),
				Name: pulumi.String("Qwen/Qwen2.5-7B-Instruct"),
			},
			// Two pods, each a full copy of the model over two GPUs.
			Parallelism: &kservellm.ParallelismArgs{Tensor: pulumi.Int(2), Data: pulumi.Int(2)},
			Accelerator: pulumi.String("nvidia-h100-80gb"),
			Tuning: &kservellm.TuningArgs{
				MaxModelLen:          pulumi.Int(32768),
				GpuMemoryUtilization: pulumi.Float64(0.92),
			},
		}, pulumi.Providers(provider))
		if err != nil {
			return err
		}

		ctx.Export("url", chat.Url)
		ctx.Export("objects", chat.Objects)
		return nil
	})
}
