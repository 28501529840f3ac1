/**
 * What replaces a flag that a release of vLLM no longer has, or does not have yet. Source: the release notes and the
 * deprecation texts of vLLM next to the flags (vllm/engine/arg_utils.py); flags without an entry were removed without a
 * successor.
 */
const SPECULATIVE = 'use --speculative-config={"model": …, "num_speculative_tokens": …}';
const EPLB = "use --eplb-config";
const V1 = "remove it: the V1 engine has no such setting";
const GUIDED = 'use --structured-outputs-config={"backend": …}';
const ADAPTER = "remove it: vLLM no longer has prompt adapters; spec.model.lora lists LoRA adapters";

export const SUCCESSORS: Readonly<Record<string, string>> = {
  "calculate-kv-scales": "remove it: the checkpoint contains the scales of an fp8 KV cache",
  "cuda-graph-sizes": "use --cudagraph-capture-sizes",
  device: "remove it: the image determines the device",
  "disable-async-output-proc": V1,
  "disable-frontend-multiprocessing": "remove it",
  "disable-log-requests": "remove it: requests are logged only with --enable-log-requests",
  "disable-logprobs-during-spec-decoding": SPECULATIVE,
  "disable-mm-preprocessor-cache": "use --mm-processor-cache-gb=0",
  "enable-lora-bias": "remove it",
  "enable-multimodal-encoder-data-parallel": "use --mm-encoder-tp-mode=data",
  "enable-prompt-adapter": ADAPTER,
  "enable-reasoning": "remove it: --reasoning-parser alone turns reasoning on",
  "eplb-log-balancedness": EPLB,
  "eplb-step-interval": EPLB,
  "eplb-window-size": EPLB,
  "expand-tools-even-if-tool-choice-none": "remove it: --exclude-tools-when-tool-choice-none is the opposite",
  "guided-decoding-backend": GUIDED,
  "guided-decoding-disable-additional-properties": GUIDED,
  "guided-decoding-disable-any-whitespace": GUIDED,
  "guided-decoding-disable-fallback": GUIDED,
  "logits-processor-pattern": "use --logits-processors",
  "long-lora-scaling-factors": "remove it",
  "lora-extra-vocab-size": "remove it: adapters can no longer add tokens to the vocabulary",
  "max-prompt-adapter-token": ADAPTER,
  "max-prompt-adapters": ADAPTER,
  "max-seq-len-to-capture": "use --max-cudagraph-capture-size",
  "multi-step-stream-outputs": V1,
  "ngram-prompt-lookup-max": SPECULATIVE,
  "ngram-prompt-lookup-min": SPECULATIVE,
  "num-lookahead-slots": SPECULATIVE,
  "num-redundant-experts": EPLB,
  "num-scheduler-steps": V1,
  "num-speculative-tokens": SPECULATIVE,
  "override-neuron-config": "use --additional-config",
  "override-pooler-config": "use --pooler-config",
  "preemption-mode": V1,
  "prompt-adapters": ADAPTER,
  "qlora-adapter-name-or-path": "use spec.model.lora, or --lora-modules",
  "rope-scaling": 'use --hf-overrides={"rope_scaling": …}',
  "rope-theta": 'use --hf-overrides={"rope_theta": …}',
  "scheduler-delay-factor": V1,
  "spec-decoding-acceptance-method": SPECULATIVE,
  "speculative-disable-by-batch-size": SPECULATIVE,
  "speculative-disable-mqa-scorer": SPECULATIVE,
  "speculative-draft-tensor-parallel-size": SPECULATIVE,
  "speculative-max-model-len": SPECULATIVE,
  "speculative-model": SPECULATIVE,
  "speculative-model-quantization": SPECULATIVE,
  "swap-space": "use spec.kvCacheOffloading, or --kv-offloading-size",
  task: "use --runner and --convert",
  "typical-acceptance-sampler-posterior-alpha": SPECULATIVE,
  "typical-acceptance-sampler-posterior-threshold": SPECULATIVE,
  "use-v2-block-manager": V1,
};

const RAY =
  "run vLLM 0.11.1 or later: earlier releases need Ray for a pipeline over several pods, which the presets do not start";

/** What an older release has instead of a later flag. */
export const PREDECESSORS: Readonly<Record<string, string>> = {
  "all2all-backend": "use the environment variable VLLM_ALL2ALL_BACKEND",
  "attention-backend": "use the environment variable VLLM_ATTENTION_BACKEND",
  convert: "use --task",
  "cudagraph-capture-sizes": "use --cuda-graph-sizes, or --compilation-config",
  "enable-log-requests": "remove it: requests are logged unless --disable-log-requests",
  "eplb-config": "use --enable-eplb with --num-redundant-experts, --eplb-window-size and --eplb-step-interval",
  "master-addr": RAY,
  "master-port": RAY,
  "mm-encoder-tp-mode": "use --enable-multimodal-encoder-data-parallel",
  nnodes: RAY,
  "node-rank": RAY,
  "pooler-config": "use --override-pooler-config",
  runner: "use --task",
  "structured-outputs-config": "use --guided-decoding-backend",
};
