import * as kserve from "pulumi-kserve-llm-sdk";

const args: kserve.LLMInferenceServiceArgs = {
  model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
  accelerator: "nvidia-h100-80gb",
  tuning: { maxModelLen: 4096 },
};
export const yaml = kserve.render({ name: "chat", args }).then((result) => result.yaml);
export const valid = kserve.validateOutput({ name: "chat", args }).valid;
export const model = kserve
  .explain({ name: "chat", args })
  .then(({ leaves }) => leaves.filter(({ path }) => path === "model.uri").map(({ layer }) => layer));
