import pulumi
import pulumi_kserve_llm as kserve

args = kserve.LLMInferenceServiceArgs(
    model=kserve.ModelArgs(uri="hf://Qwen/Qwen2.5-7B-Instruct"),
    accelerator="nvidia-h100-80gb",
    tuning=kserve.TuningArgs(max_model_len=4096),
)
pulumi.export("yaml", kserve.render(name="chat", args=args).yaml)
pulumi.export("valid", kserve.validate(name="chat", args=args).valid)
leaves = kserve.explain(name="chat", args=args).leaves
pulumi.export("model", [leaf.layer for leaf in leaves if leaf.path == "model.uri"])
