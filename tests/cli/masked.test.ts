import assert from "node:assert/strict";
import { masked } from "../../cli/text/masked.ts";
import type { Json } from "../../core/kubernetes/json.ts";

const CASES: Readonly<Record<string, { value: Json; name?: string; shown: Json }>> = {
  "the value of a variable whose name says so": {
    value: [{ name: "HF_TOKEN", value: "abc" }],
    shown: [{ name: "HF_TOKEN", value: "[secret]" }],
  },
  "the value of a flag, in both of its forms": {
    value: ["--api-key=abc", "--api-key", "abc", "--port", "8000"],
    shown: ["--api-key=[secret]", "--api-key", "[secret]", "--port", "8000"],
  },
  "the value of a field whose name says so": { value: "abc", name: "--api-key", shown: "[secret]" },
  "a token by its form, wherever it stands": { value: { a: "see hf_abcdefghij1" }, shown: { a: "see [secret]" } },
  "the user and password in a URL": { value: "https://me:abc@example.com/x", shown: "https://[secret]@example.com/x" },
  "nothing of a reference to a Secret": {
    value: { name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "token" } } },
    shown: { name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "token" } } },
  },
  "nothing of other settings": {
    value: ["--max-model-len=8192", "--max-num-batched-tokens", "64"],
    shown: ["--max-model-len=8192", "--max-num-batched-tokens", "64"],
  },
};

describe("what is masked of a value that is printed", () => {
  for (const [what, { value, name, shown }] of Object.entries(CASES))
    it(`is ${what}`, () => assert.deepEqual(masked(value, name), shown));
});
