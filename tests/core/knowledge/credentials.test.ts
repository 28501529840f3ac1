import assert from "node:assert/strict";
import type { Issue } from "../../../core/contract/issues/issue.ts";
import { credentialsInWords } from "../../../core/knowledge/credentials.ts";
import {
  credentialsIn,
  shownValue,
  withoutCredentials,
  withoutQuotedCredentials,
} from "../../../core/knowledge/masked.ts";
import { mayBeCredential, withoutTokens } from "../../../core/knowledge/secretforms.ts";

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
    assert.equal(withoutTokens("a hf_abcdefghij1 and hf_hub"), "a [secret] and hf_hub");
    assert.equal(withoutTokens("s3://me:word@host/path"), "s3://[secret]@host/path");
    assert.deepEqual(["HF_TOKEN", "--api-key", "accessKey", "tokenizer"].map(mayBeCredential), [
      true,
      true,
      true,
      false,
    ]);
  });

  it("are known by names in the plural, with a suffix and in short, and ordinary names are not", () => {
    const secret = [
      ...["API_KEYS", "HF_TOKENS", "DB_PASSWORDS", "HF_TOKEN_PROD", "DB_PWD_OLD", "DB_PW", "GITHUB_PAT"],
      ...["API_KEYS_OLD", "X-Amz-Signature"],
    ];
    const ordinary = [
      ...["MAX_TOKENS", "NUM_TOKENS", "MAX_NUM_BATCHED_TOKENS", "--max-num-batched-tokens", "tokens", "SORT_KEYS"],
      ...["MODEL_PROD", "PAT", "VLLM_STAGE", "LOG_DEV", "keys", "PATH", "sig"],
    ];
    assert.deepEqual(
      secret.filter((name) => !mayBeCredential(name)),
      [],
    );
    assert.deepEqual(ordinary.filter(mayBeCredential), []);
  });

  it("are signatures of URLs", () => {
    assert.equal(withoutTokens("https://a/b?sv=1&sig=ab%2Fc&se=2"), "https://a/b?sv=1&sig=[secret]&se=2");
    assert.equal(
      withoutTokens("https://a/b?X-Amz-Date=1&X-Amz-Signature=0a1b2c"),
      "https://a/b?X-Amz-Date=1&X-Amz-Signature=[secret]",
    );
  });

  it("are users of URLs, also with an at sign in the password", () => {
    assert.equal(withoutTokens("http://me:w@rd@host/path"), "http://[secret]@host/path");
    assert.equal(withoutTokens("hf://hf_abcdefghij1@a/b?token=hf_abcdefghij1"), "hf://[secret]@a/b?token=[secret]");
    assert.equal(withoutTokens('{"url":"redis://u:w@h:1"}'), '{"url":"redis://[secret]@h:1"}');
  });

  it("are neither digests of images, nor addresses of people, nor words with the same beginning", () => {
    const ordinary = [
      ...["reg.io/image@sha256:0a1b", "oci://reg.io:5000/image@sha256:0a1b", "oci://image@sha256:0a1b"],
      ...["me@host.org", "see http://host/path of me@host.org", "http://host?mail=me@host.org"],
      ...['["http://host","me@host.org"]', "--hf_overrides={}", "pip install hf_transfer", "hf_transformers"],
      ...["sk-learn-serving", "sk-llama-3-1-8b", "ASIAPACIFIC"],
    ];
    assert.deepEqual(
      ordinary.map((text) => withoutTokens(text)),
      ordinary,
    );
  });

  it("are hidden in issues and in leaves by their form too", () => {
    const issue = {
      code: "InvalidValue",
      severity: "error",
      path: "a",
      message: "http://u:w@h",
      fix: "use glpat-abcdef",
    };
    const documents = { service: {}, configs: [] };
    assert.deepEqual(withoutQuotedCredentials([issue as Issue], documents), [
      { ...issue, message: "http://[secret]@h", fix: "use [secret]" },
    ]);
    assert.equal(shownValue("env[name=HTTPS_PROXY].value", "http://u:w@h:1"), "http://[secret]@h:1");
    assert.equal(shownValue("args[--otlp-traces-endpoint]", "http://u:w@h:1"), "http://[secret]@h:1");
    assert.deepEqual(shownValue("args", ["--a=http://u:w@h"]), ["--a=http://[secret]@h"]);
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
