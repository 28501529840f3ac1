import pulumi
import pulumi_kserve_llm as kserve
import pulumi_kubernetes as kubernetes

rendering = kubernetes.Provider(
    "rendering", render_yaml_to_directory=pulumi.Config().require("renderTo")
)
upstream = kubernetes.core.v1.ConfigMap(
    "upstream", opts=pulumi.ResourceOptions(provider=rendering)
)

kserve.LLMInferenceService(
    "chat",
    model={"uri": "hf://Qwen/Qwen2.5-7B-Instruct"},
    accelerator="nvidia-h100-80gb",
    annotations={"acme.com/token": pulumi.Output.secret(upstream.id)},
    template={
        "containers": [
            {
                "name": "main",
                "image": pulumi.Output.concat("ghcr.io/acme/vllm:", upstream.id),
            }
        ]
    },
    opts=pulumi.ResourceOptions(providers={"kubernetes": rendering}),
)
