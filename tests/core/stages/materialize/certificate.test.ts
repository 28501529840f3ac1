import assert from "node:assert/strict";
import { KSERVE_0_20 } from "../../../../core/contract/behaviour.ts";
import type { TlsSettings } from "../../../../core/contract/options/settings.ts";
import { settingsOf } from "../../../../core/platform/bundle.ts";
import { issuesIn, type Made, make, namesIn, objectIn } from "./given.ts";

const withTls = (tls?: TlsSettings): Made => make({ settings: { enableTLS: true, ...(tls && { tls }) } });
const certificatesIn = (made: Made): string[] => namesIn(made).filter((name) => /^(Secret|Certificate)\//.test(name));

describe("the source of a service's certificate", () => {
  it("a Secret of the user: no Secret is created", () => {
    assert.deepEqual(certificatesIn(withTls({ secretName: "mine" })), []);
  });

  it("an issuer of cert-manager: a Certificate for the hosts, into the Secret that pods mount", () => {
    const made = withTls({ issuerRef: { name: "company", kind: "ClusterIssuer" } });
    assert.deepEqual(certificatesIn(made), ["Certificate/chat-kserve-self-signed-certs"]);
    const { apiVersion, metadata, spec } = objectIn(made, "Certificate");
    assert.equal(apiVersion, "cert-manager.io/v1");
    assert.equal(metadata.namespace, "team");
    assert.equal(spec.secretName, "chat-kserve-self-signed-certs");
    assert.deepEqual(spec.issuerRef, { group: "cert-manager.io", kind: "ClusterIssuer", name: "company" });
    assert.deepEqual(spec.dnsNames.slice(0, 2), ["localhost", "chat-kserve-workload-svc.team.svc"]);
  });

  it("no source: a Secret that the component fills", () => {
    for (const made of [withTls(), withTls({ renewal: "2027" })]) {
      assert.deepEqual(certificatesIn(made), ["Secret/chat-kserve-self-signed-certs"]);
    }
  });

  it("compat supports no other source", () => {
    const made = make({ behaviour: KSERVE_0_20, settings: { enableTLS: true, tls: { secretName: "mine" } } });
    assert.deepEqual(certificatesIn(made), ["Secret/chat-kserve-self-signed-certs"]);
  });

  const refused: [what: string, tls: TlsSettings, issues: string[]][] = [
    ["two sources", { secretName: "a", issuerRef: { name: "b" } }, ["error Conflict settings.tls"]],
    ["a renewal of what is not ours", { secretName: "a", renewal: "x" }, ["error Conflict settings.tls"]],
    ["a Secret without a name", { secretName: "" }, ["error InvalidValue settings.tls.secretName"]],
    ["an issuer with a wrong name", { issuerRef: { name: "A_b" } }, ["error InvalidValue settings.tls.issuerRef.name"]],
  ];
  for (const [what, tls, issues] of refused) {
    it(`${what} is refused`, () => assert.deepEqual(issuesIn(withTls(tls)), issues));
  }

  it("a service's source replaces its platform's", () => {
    const settings = settingsOf(
      undefined,
      { tls: { issuerRef: { name: "company" } } },
      { tls: { secretName: "mine" } },
    );
    assert.deepEqual(settings.tls, { secretName: "mine" });
  });
});
