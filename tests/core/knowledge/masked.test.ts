import assert from "node:assert/strict";
import { masked, shownValue, withoutCredentials } from "../../../core/knowledge/masked.ts";
import type { Json } from "../../../core/kubernetes/json.ts";

const variable =
  (value: string) =>
  (name: string): Json => ({ name, value });
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
  "a password under a name of any product": {
    value: ["PGPASS", "REDIS_PASS", "MYSQL_PWD", "AWS_SECRET_ACCESS_KEY", "DB_CONN", "HASH_KEY"].map(variable("abc")),
    shown: ["PGPASS", "REDIS_PASS", "MYSQL_PWD", "AWS_SECRET_ACCESS_KEY", "DB_CONN", "HASH_KEY"].map(
      variable("[secret]"),
    ),
  },
  "the password in a connection string": {
    value: ["Server=a;Password=abc;Port=1", "me:abc@tcp(a:1)/b", "AccountName=a;AccountKey=abc==;Suffix=x"],
    shown: ["Server=a;Password=[secret];Port=1", "[secret]@tcp(a:1)/b", "AccountName=a;AccountKey=[secret];Suffix=x"],
  },
  "the value of a header, also of the flag that adds headers to traces": {
    value: ["--otlp-traces-headers=team=abc", "-H", "Authorization: Bearer abcdefg", "curl -H 'X-Api-Key: abc' b"],
    shown: [
      "--otlp-traces-headers=[secret]",
      "-H",
      "Authorization: Bearer [secret]",
      "curl -H 'X-Api-Key: [secret]' b",
    ],
  },
  "the value of a header of a probe": {
    value: { httpHeaders: [{ name: "Authorization", value: "abc" }] },
    shown: { httpHeaders: [{ name: "Authorization", value: "[secret]" }] },
  },
  "the value of a header under any name but an ordinary one, also in filters of routes": {
    value: {
      httpHeaders: [variable("abc")("X-Team"), variable("text/html")("Accept")],
      requestHeaderModifier: { set: [variable("abc")("X-Team")] },
    },
    shown: {
      httpHeaders: [variable("[secret]")("X-Team"), variable("text/html")("Accept")],
      requestHeaderModifier: { set: [variable("[secret]")("X-Team")] },
    },
  },
  "the user and password of curl in each of its forms": {
    value: ["curl", "-u", "me:abc", "-ume:abc", "--user=me:abc", "--proxy-user", "me:abc", "https://a:1"],
    shown: ["curl", "-u", "[secret]", "-u[secret]", "--user=[secret]", "--proxy-user", "[secret]", "https://a:1"],
  },
  "nothing of keys that name or sort": {
    value: ["ROUTING_KEY", "PARTITION_KEY", "CACHE_KEY", "SORT_KEY"].map(variable("abc")),
    shown: ["ROUTING_KEY", "PARTITION_KEY", "CACHE_KEY", "SORT_KEY"].map(variable("abc")),
  },
  "a key of an account, and an authorization": {
    value: ["COSMOS_PRIMARY_KEY", "REDIS_AUTH"].map(variable("abc")),
    shown: ["COSMOS_PRIMARY_KEY", "REDIS_AUTH"].map(variable("[secret]")),
  },
  "a credential in a script": {
    value: ["-c", "PGPASSWORD=abc psql && vllm serve --api-key abcd --port 1"],
    shown: ["-c", "PGPASSWORD=[secret] psql && vllm serve --api-key [secret] --port 1"],
  },
  "a credential in JSON": { value: '{"password": "abc", "port": 1}', shown: '{"password": "[secret]", "port": 1}' },
  "a private key and a JSON Web Token": {
    value: ["-----BEGIN RSA PRIVATE KEY-----\nabc", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc"],
    shown: ["[secret]", "[secret]"],
  },
  "nothing of names and paths of credentials, and of tokens of a vocabulary": {
    value: { tokenFile: "/a", topologyKey: "kubernetes.io/hostname", secretName: "a", eos_token: "</s>", PWD: "/work" },
    shown: { tokenFile: "/a", topologyKey: "kubernetes.io/hostname", secretName: "a", eos_token: "</s>", PWD: "/work" },
  },
  "nothing of references": {
    value: ["A_PASS=$(A)", "--api-key=$(A)", "export DB_PASS=$B"],
    shown: ["A_PASS=$(A)", "--api-key=$(A)", "export DB_PASS=$B"],
  },
  "nothing of sentences about credentials": {
    value: ["the download needs a token: set it", "basic settings", "an image a/b:v1@sha256:0a1b", "the key: main"],
    shown: ["the download needs a token: set it", "basic settings", "an image a/b:v1@sha256:0a1b", "the key: main"],
  },
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

describe("the value of a leaf as views show it", () => {
  const cases: readonly [path: string, value: string, shown: string][] = [
    ["template.containers[name=main].args[--u]", "me:abc", "[secret]"],
    ["template.containers[name=main].livenessProbe.httpGet.httpHeaders[0].value", "abc", "[secret]"],
    ["router.route.http.spec.rules[0].filters[0].requestHeaderModifier.set[0].value", "abc", "[secret]"],
    ["template.containers[name=main].env[name=ROUTING_KEY].value", "abc", "abc"],
    ["router.route.http.spec.rules[0].matches[0].headers[0].value", "abc", "abc"],
  ];
  for (const [path, value, shown] of cases)
    it(`is ${shown} at ${path}`, () => assert.equal(shownValue(path, value), shown));
});

describe("the credentials of a document in a text", () => {
  it("are hidden inside of a longer word, too", () => {
    assert.equal(withoutCredentials('"xhunter2y" and hunter2', ["hunter2"]), '"x[secret]y" and [secret]');
  });

  it("are hidden only as whole words if they are ordinary words", () => {
    assert.equal(withoutCredentials('"model" or models', ["model"]), '"[secret]" or models');
  });
});
