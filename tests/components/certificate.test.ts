import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService, type LLMInferenceServiceArgs } from "../../components/index.ts";
import { certificateOptions, issueCertificate, MADE_FOR } from "../../components/planning/certificate.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { type Registered, resolved, runMocked } from "./mocks.ts";

const ARGS: LLMInferenceServiceArgs = { model: { uri: "hf://o/m" }, settings: { enableTLS: true } };
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

async function planned(
  args: Partial<LLMInferenceServiceArgs>,
  config: Record<string, string> = {},
): Promise<{ registered: Registered[]; failure: string; warnings: string[] }> {
  const { result, registered } = await runMocked(async () => {
    for (const [key, value] of Object.entries(config)) pulumi.runtime.setConfig(key, value);
    const service = new LLMInferenceService("chat", { ...ARGS, ...args });
    const issues = await resolved(service.issues).catch((error: Error) => error.message);
    return typeof issues === "string" ? issues : issues.map(({ path }) => path);
  }).catch((error: Error) => ({ result: error.message, registered: [] }));
  const failed = typeof result === "string";
  return { registered, failure: failed ? result : "", warnings: failed ? [] : result };
}

describe("a self-signed certificate", () => {
  const HOSTS = ["localhost", "chat.team.svc.cluster.local"];
  const NOW = new Date("2026-01-01T00:00:00Z");

  it("is valid for its hosts and ten years, matches its key and is signed by its authority", async () => {
    const { ca, cert, key, renewBy } = await issueCertificate(HOSTS, NOW);
    const [server, authority] = [new X509Certificate(cert), new X509Certificate(ca)];
    for (const host of HOSTS) assert.equal(server.checkHost(host), host);
    assert.equal(server.checkHost("other.team.svc.cluster.local"), undefined);
    assert.ok(server.checkPrivateKey(createPrivateKey(key)));
    assert.ok(server.checkIssued(authority) && server.verify(authority.publicKey));
    assert.ok(authority.ca && !server.ca && !authority.checkPrivateKey(createPrivateKey(key)));
    assert.equal(server.validToDate.toISOString(), "2035-12-30T00:00:00.000Z");
    assert.equal(renewBy, "2033-12-30T00:00:00.000Z");
  });

  it("is secret in the state, and its annotation names its hosts", async () => {
    const { registered } = await planned({});
    const secret = registered.find(({ type }) => type === "kubernetes:core/v1:Secret");
    assert.ok(secret);
    const data = secret.inputs["data"] as Record<string, unknown>;
    assert.ok(JSON.stringify(data).includes(SECRET));
    assert.equal(secret.inputs["stringData"], undefined);
    const { annotations } = secret.inputs["metadata"] as { annotations: Record<string, string> };
    assert.match(annotations[MADE_FOR] ?? "", /^localhost chat-kserve-workload-svc\.default\.svc /);
    assert.ok(new Date(annotations["certificates.kserve.io/expiration"] ?? "") > new Date());
  });

  it("stays in the state until its hosts change", () => {
    const annotations = { [MADE_FOR]: "a", "certificates.kserve.io/expiration": "2033" };
    const object: KubernetesObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "x", annotations } };
    assert.deepEqual(certificateOptions(object), {
      ignoreChanges: ["data", 'metadata.annotations["certificates.kserve.io/expiration"]'],
      replaceOnChanges: ['metadata.annotations["kserve-llm/certificate-for"]'],
      deleteBeforeReplace: true,
    });
    assert.equal(certificateOptions({ ...object, metadata: { name: "x" } }), undefined);
  });

  it("is rendered to YAML only on request", async () => {
    const rendering = { "kubernetes:renderYamlToDirectory": "out" };
    for (const { failure, registered } of [await planned({ rendersYaml: true }), await planned({}, rendering)]) {
      assert.match(failure, /Conflict allowPlaintextSecrets/);
      assert.ok(!registered.some(({ type }) => type.startsWith("kubernetes:")));
    }
    assert.equal((await planned({ allowPlaintextSecrets: true }, rendering)).failure, "");
    assert.equal((await planned({ rendersYaml: false }, rendering)).failure, "");
    const mine = { enableTLS: true, tls: { secretName: "mine" } };
    assert.equal((await planned({ settings: mine }, rendering)).failure, "");
  });

  it("is replaced in every pod by the Secret that the user names", async () => {
    const { registered } = await planned({ settings: { enableTLS: true, tls: { secretName: "mine" } } });
    const deployment = registered.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
    assert.match(JSON.stringify(deployment?.inputs), /"secret":\{"secretName":"mine"\}/);
  });

  it("a certificate setting is reported as unused while TLS is off", async () => {
    const { warnings } = await planned({ settings: { tls: { secretName: "mine" } } });
    assert.deepEqual(warnings, ["settings.tls"]);
  });
});
