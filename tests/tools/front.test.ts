import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import forge from "node-forge";
import { forward, startFront } from "../../tools/cluster/front.ts";

describe("a server in front of the API server", () => {
  it("ends a watch when the API server ends it, so that the client starts a new watch", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kserve-llm-front-"));
    const certificate = selfSigned(folder);
    const apiServer = createServer(certificate.pem, (_, response) => {
      response.writeHead(200);
      response.write('{"type":"ADDED"}\n');
      setTimeout(() => response.destroy(), 50);
    }).listen(0, "127.0.0.1");
    await once(apiServer, "listening");
    const { port } = apiServer.address() as AddressInfo;
    const target = { host: "127.0.0.1", port, token: "", ca: certificate.pem.cert };
    const front = await startFront({ target, certificate }, async (one, answer) => forward(target, one, answer));
    try {
      const watch = request({ ...front.target, path: "/api/v1/pods?watch=true", agent: false }).end();
      const [answer] = await once(watch, "response");
      answer.resume();
      const [error] = await once(answer, "error");
      assert.equal(error.code, "ECONNRESET");
    } finally {
      await front.stop();
      apiServer.close();
      rmSync(folder, { recursive: true });
    }
  });
});

/** A certificate for loopback, as the test API server makes one for itself. */
function selfSigned(folder: string): { key: string; cert: string; pem: { key: string; cert: string } } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(publicKey);
  made.validity.notBefore = new Date(Date.now() - 60_000);
  made.validity.notAfter = new Date(Date.now() + 600_000);
  made.setSubject([{ name: "commonName", value: "127.0.0.1" }]);
  made.setIssuer([{ name: "commonName", value: "127.0.0.1" }]);
  made.setExtensions([{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }]);
  made.sign(forge.pki.privateKeyFromPem(privateKey));
  const pem = { key: privateKey, cert: forge.pki.certificateToPem(made) };
  const files = { key: join(folder, "tls.key"), cert: join(folder, "tls.crt") };
  writeFileSync(files.key, pem.key);
  writeFileSync(files.cert, pem.cert);
  return { ...files, pem };
}
