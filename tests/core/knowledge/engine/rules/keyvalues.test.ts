import assert from "node:assert/strict";
import { readSpan, releaseNumber } from "../../../../../core/knowledge/engine/release.ts";
import { judgeCombined } from "../../../../../core/knowledge/engine/rules/combined.ts";
import { KEYS } from "../../../../../core/knowledge/engine/rules/keytable.ts";
import { KEY_VALUES } from "../../../../../core/knowledge/engine/rules/keyvaluetable.ts";

function found(release: string, ...args: string[]): string[] {
  const judged = judgeCombined(args, { text: release, number: releaseNumber(release) ?? 0 });
  // An image of the release itself turns a warning about its words into an error.
  return judged.map(
    ({ message, fix, severity = "error", refusedByRelease }) =>
      `${refusedByRelease === true ? "error" : severity}: ${message} — ${fix}`,
  );
}

/** Release, flag, document, and what is reported. */
const WRONG = [
  [
    "0.33.0",
    "pooler-config",
    '{"pooling_type": "mean"}',
    'pooling_type is "mean", but vLLM 0.33.0 accepts only ALL, CLS, LAST, MEAN or STEP — set pooling_type in it to MEAN',
  ],
  [
    "0.16.0",
    "structured-outputs-config",
    '{"backend": "foo"}',
    'backend is "foo", but vLLM 0.16.0 accepts only auto, guidance, lm-format-enforcer, outlines or xgrammar',
  ],
  [
    "0.33.0",
    "eplb-config",
    '{"step_interval": 1.5}',
    "step_interval is 1.5, but vLLM 0.33.0 accepts only a whole number above 0 — set step_interval in it to a whole number above 0",
  ],
  [
    "0.20.0",
    "eplb-config",
    '{"window_size": 0}',
    "window_size is 0, but vLLM 0.20.0 accepts only a whole number above 0",
  ],
  [
    "0.30.0",
    "eplb-config",
    '{"communicator": "torch_xccl"}',
    'communicator is "torch_xccl", but vLLM 0.30.0 accepts only nixl, pynccl, torch_gloo or torch_nccl',
  ],
  [
    "0.27.1",
    "compilation-config",
    '{"cudagraph_copy_inputs": "maybe"}',
    'cudagraph_copy_inputs is "maybe", but vLLM 0.27.1 accepts only true or false',
  ],
  [
    "0.27.1",
    "compilation-config",
    '{"cudagraph_capture_sizes": "1,2,4"}',
    'cudagraph_capture_sizes is "1,2,4", but vLLM 0.27.1 accepts only a list of whole numbers',
  ],
  [
    "0.27.1",
    "compilation-config",
    '{"splitting_ops": [1]}',
    "splitting_ops is [1], but vLLM 0.27.1 accepts only a list of texts",
  ],
  ["0.27.1", "compilation-config", '{"mode": 7}', "mode is 7, which is not a compilation mode"],
  [
    "0.27.1",
    "compilation-config",
    '{"cudagraph_mode": "FULL_ONLY"}',
    'cudagraph_mode is "FULL_ONLY", which is not a mode of CUDA graphs',
  ],
  [
    "0.27.1",
    "compilation-config",
    '{"custom_ops": ["rms_norm"]}',
    '"rms_norm" in custom_ops turns an operation neither on nor off — write +rms_norm',
  ],
  [
    "0.27.1",
    "compilation-config",
    '{"custom_ops": ["all", "none"]}',
    'custom_ops has more than one of "all" and "none"',
  ],
  [
    "0.27.0",
    "compilation-config",
    '{"custom_ops": ["+rms_norm", "-rms_norm"]}',
    "custom_ops turns rms_norm on and off",
  ],
  [
    "0.27.1",
    "compilation-config",
    '{"cudagraph_capture_sizes": []}',
    "cudagraph_capture_sizes is empty, but CUDA graphs are on",
    "warning",
  ],
  [
    "0.27.1",
    "compilation-config",
    '{"cudagraph_capture_sizes": [1, 4], "max_cudagraph_capture_size": 8}',
    "max_cudagraph_capture_size is 8, but the largest of cudagraph_capture_sizes is 4",
    "warning",
  ],
  [
    "0.31.0",
    "kv-transfer-config",
    '{"kv_connector_extra_config": "x"}',
    'kv_connector_extra_config is "x", but vLLM 0.31.0 accepts only an object',
  ],
] as const;

/** Release, flag and documents that vLLM accepts. */
const RIGHT = [
  ["0.15.1", "compilation-config", '{"cudagraph_mode": "FULL_ONLY", "cudagraph_copy_inputs": "maybe"}'],
  ["0.33.0", "compilation-config", '{"mode": "vllm_compile", "cudagraph_mode": "full_and_piecewise"}'],
  ["0.33.0", "compilation-config", '{"mode": "3", "custom_ops": ["none", "+rms_norm"], "cudagraph_copy_inputs": 1}'],
  ["0.26.0", "compilation-config", '{"custom_ops": ["+rms_norm", "-rms_norm"]}'],
  ["0.33.0", "compilation-config", '{"cudagraph_mode": "NONE", "cudagraph_capture_sizes": []}'],
  ["0.33.0", "compilation-config", '{"cudagraph_capture_sizes": ["8", 16.0, "1k"], "cudagraph_num_of_warmups": null}'],
  ["0.33.0", "compilation-config", '{"cudagraph_capture_sizes": [1, 16], "max_cudagraph_capture_size": 8}'],
  ["0.19.1", "eplb-config", '{"window_size": 0}'],
  ["0.33.0", "eplb-config", '{"step_interval": "$(STEPS)", "log_balancedness": "yes"}'],
  ["0.34.0", "attention-config", '{"flash_attn_version": 3}'],
] as const;

describe("values of keys in the JSON documents of flags", () => {
  for (const [release, flag, document, reported, severity = "error"] of WRONG) {
    it(`--${flag} ${document} gets the severity ${severity} for vLLM ${release}`, () => {
      const [only = "", ...more] = found(release, `--${flag}`, document);
      assert.deepEqual(more, []);
      assert.ok(only.startsWith(`${severity}: --${flag}: ${reported}`), only);
    });
  }

  for (const [release, flag, document] of RIGHT)
    it(`--${flag} ${document} is right for vLLM ${release}`, () => {
      assert.deepEqual(found(release, `--${flag}`, document), []);
    });

  it("an unknown word is a warning for a release after the last one of the table", () => {
    assert.match(found("0.40.0", "--pooler-config", '{"pooling_type": "FOO"}')[0] ?? "", /^warning: .* is "FOO"/);
  });

  it("every key with a type is a key of its document", () => {
    const names = (text: string): string[] =>
      text
        .trim()
        .split(/\s+/)
        .map((token) => readSpan(token).name);
    for (const [flag, types] of Object.entries(KEY_VALUES)) {
      const keys = new Set(names(KEYS[flag] ?? ""));
      assert.deepEqual(
        Object.values(types)
          .flatMap(names)
          .filter((key) => !keys.has(key)),
        [],
        flag,
      );
    }
  });
});
