import { flagValue } from "../../knowledge/engine/commandline.ts";
import { releaseNumber } from "../../knowledge/engine/release.ts";
import type { Check, CheckFinding, CheckSubject } from "./check.ts";
import { connectorsOf, handingConnectors } from "./connectors.ts";
import type { Engine } from "./engine.ts";

/** The releases that refuse it: of connectors that hand cache to other pods, and of all. vllm-project/vllm#41237 was merged in May 2026. */
const REFUSED = { handing: "0.27.0", all: "0.32.0" };
const VARIABLE = "PYTORCH_CUDA_ALLOC_CONF";

/** Memory that PyTorch may move under the connector, which has told the network adapter where it lies. */
export const ALLOCATOR_CHECK: Check = {
  name: "memory that a KV connector hands out stays where it is",
  source: "VllmConfig._verify_kv_transfer_compat, vllm/config/vllm.py, vLLM 0.32.0",
  codes: ["InvalidFlagValue"],
  judge: ({ engines }: CheckSubject) => engines.filter(({ isVllm }) => isVllm).flatMap(judgeEngine),
};

function judgeEngine(engine: Engine): CheckFinding[] {
  const { container, path, traced, release, args } = engine;
  const index = container.env?.findLastIndex(({ name }) => name === VARIABLE) ?? -1;
  const value = container.env?.[index]?.value ?? "";
  const isOn = value.split(",").some((one) => one.trim() === "expandable_segments:True");
  const isExempt = ["enable-sleep-mode", "enable-cumem-allocator"].some((flag) => flagValue(args, flag) === "true");
  const [handing] = handingConnectors(engine);
  const [name = handing?.name] = connectorsOf(engine).map((one) => one.name);
  if (!isOn || isExempt || name === undefined) return [];
  const number = release?.number ?? 0;
  const isRefused = number >= (releaseNumber(handing === undefined ? REFUSED.all : REFUSED.handing) ?? 0);
  if (handing === undefined && !isRefused) return [];
  const rest = value.split(",").filter((one) => one.trim() !== "expandable_segments:True");
  const at = `spec.${traced}.env[name=${VARIABLE}]`;
  return [
    {
      code: "InvalidFlagValue",
      ...(!isRefused && { severity: "warning" as const }),
      path: `${path}.env[${index}]`,
      layer: "merged",
      message: `${VARIABLE} has expandable_segments:True, by which memory moves that ${name} has registered: ${isRefused ? "vLLM refuses to start with both" : "transfers of KV cache fail or are wrong"}`,
      fix: "remove expandable_segments:True from the variable",
      fixes: [rest.length === 0 ? { path: at } : { path: `${at}.value`, value: rest.join(",") }],
    },
  ];
}
