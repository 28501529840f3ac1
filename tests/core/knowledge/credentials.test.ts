import assert from "node:assert/strict";
import {
  credentialsIn,
  credentialsInWords,
  mayBeCredential,
  shownValue,
  withoutCredentials,
  withoutTokens,
} from "../../../core/knowledge/credentials.ts";

describe("credentials that are written as text", () => {
  const found = (...words: string[]): string[] => credentialsInWords(words).map(({ value }) => value);

  it("are found after a flag, behind its equals sign, and in scripts", () => {
    assert.deepEqual(found("--api-key", "k1", "k2", "--port", "1"), ["k1", "k2"]);
    assert.deepEqual(found("--api_key=k1", "--port=1"), ["k1"]);
    assert.deepEqual(found("-c", "export HF_TOKEN='t1'; vllm serve /mnt/models --api-key=k1"), ["t1", "k1"]);
  });

  it("are neither references nor values of flags with similar names", () => {
    assert.deepEqual(found("--api-key=$(KEY)", "--hf-token", "--max-num-batched-tokens=8", "HF_TOKEN=$TOKEN"), []);
    assert.deepEqual(found("--reasoning-parser=x", "--ssl-keyfile=/k"), []);
  });

  it("are found in every part of a document", () => {
    const env = [{ name: "HF_TOKEN", value: "t1" }, { name: "LEVEL", value: "INFO" }, { name: "A_TOKEN" }];
    assert.deepEqual(credentialsIn({ spec: { template: { containers: [{ env, args: ["--api-key=k1"] }] } } }), [
      "t1",
      "k1",
    ]);
  });

  it("are hidden in texts, but words of three letters are too common to be searched for", () => {
    assert.equal(withoutCredentials("a word-1-2 and word-1", ["word-1", "word-1-2"]), "a [secret] and [secret]");
    assert.equal(withoutCredentials("an apple", ["app"]), "an apple");
  });

  it("are known by their form in any text, and by the name of their field", () => {
    assert.equal(withoutTokens("a hf_abcdefghij and hf_hub"), "a [secret] and hf_hub");
    assert.equal(withoutTokens("s3://me:word@host/path"), "s3://[secret]@host/path");
    assert.deepEqual(["HF_TOKEN", "--api-key", "accessKey", "tokenizer"].map(mayBeCredential), [
      true,
      true,
      true,
      false,
    ]);
  });

  it("are hidden in leaves, and other values stay as they are", () => {
    assert.equal(shownValue("template.containers[name=main].env[name=HF_TOKEN].value", "t"), "[secret]");
    assert.equal(shownValue("spec.containers[0].env[0].value", "t", "HF_TOKEN"), "[secret]");
    assert.equal(shownValue("env[name=HF_TOKEN].value", "$(OTHER)"), "$(OTHER)");
    assert.equal(shownValue("args[--api-key]", "t"), "[secret]");
    assert.equal(shownValue("args[--port]", "8000"), "8000");
    assert.deepEqual(shownValue("args", ["--api-key", "word", "--port"]), ["--api-key", "[secret]", "--port"]);
    assert.equal(shownValue("replicas", 3), 3);
  });
});
