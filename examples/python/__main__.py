"""The platform and one model service, rendered to YAML."""

import pulumi
import pulumi_kserve_llm as kserve
import pulumi_kubernetes as kubernetes

config = pulumi.Config()

# A folder of YAML. An empty one deploys to the current kubeconfig.
folder = config.get("renderTo")
provider = kubernetes.Provider(
    "provider", render_yaml_to_directory="rendered" if folder is None else folder
)
options = pulumi.ResourceOptions(providers={"kubernetes": provider})

platform = kserve.Platform("platform", opts=options)

chat = kserve.LLMInferenceService(
    "chat",
    platform=platform.bundle,
    model={"uri": "hf://Qwen/Qwen2.5-7B-Instruct", "name": "Qwen/Qwen2.5-7B-Instruct"},
    # Two pods, each a full copy of the model over two GPUs.
    parallelism={"tensor": 2, "data": 2},
    accelerator="nvidia-h100-80gb",
    tuning={"max_model_len": 32768, "gpu_memory_utilization": 0.92},
    opts=options,
)

pulumi.export("url", chat.url)
pulumi.export("objects", chat.objects)
