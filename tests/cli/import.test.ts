import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, service } from "./cli.ts";

describe("kserve-llm import of a file", () => {
  it("reports invalid objects, and ignores them", async () => {
    const metadata = { name: "chat", namespace: "team", uid: "u" };
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...metadata, ownerReferences: "text" } };
    const files = { "export.yaml": [service({}, metadata), account] };
    const { err, code } = await call(["import", "-f", "export.yaml", "-n", "team", "--restarts"], files);
    assert.match(err, /export: warning WrongType known\[1\]\.metadata\.ownerReferences/);
    assert.notEqual(code, 70, err);
    const odd = { "export.yaml": service({}, { ...metadata, finalizers: 5 }) };
    const refused = await call(["import", "-f", "export.yaml", "-n", "team"], odd);
    assert.equal(refused.code, 2, refused.err);
    assert.match(refused.err, /known\[0\]\.metadata\.finalizers[\s\S]*the namespace team has no LLMInferenceService/);
  });

  it("writes no data of a Secret into the program, and shows none in messages", async () => {
    const canary = "c4n4ry";
    const copy = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ data: { KEY: canary } }) };
    const annotations = { "serving.kserve.io/s3-endpoint": "minio", other: `{"data":"${canary}"}`, ...copy };
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s3", namespace: "team", annotations } };
    const spec = {
      model: { uri: "s3://bucket/m", name: "m" },
      template: { serviceAccountName: "sa", containers: [{ name: "main", image: "vllm/vllm-openai:v0.11.0" }] },
    };
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "sa", namespace: "team" } };
    const known = [
      service(spec, { namespace: "team", uid: "u" }),
      { ...account, secrets: [{ name: "s3" }] },
      { ...secret, data: { AWS_ACCESS_KEY_ID: canary }, stringData: { OTHER: canary } },
    ];
    const folder = mkdtempSync(join(tmpdir(), "kserve-llm-import-"));
    try {
      const args = ["import", "-f", "export.yaml", "-n", "team", "--restarts", "--out", folder];
      const { code, err } = await call(args, { "export.yaml": known });
      assert.equal(code, 0, err);
      const written = readFileSync(join(folder, "chat.kserve.json"), "utf8");
      assert.match(written, /"AWS_ACCESS_KEY_ID": ""/);
      assert.match(written, /s3-endpoint/);
      for (const file of readdirSync(folder))
        assert.ok(!readFileSync(join(folder, file), "utf8").includes(canary), file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const wrong = { "a.yaml": [service({}), { ...secret, stringData: { pin: 987_654 } }] };
    const { err } = await call(["validate", "-f", "a.yaml"], wrong);
    assert.match(err, /known\[0\]\.stringData\.pin/);
    assert.doesNotMatch(err, /987654/);
  });
});
