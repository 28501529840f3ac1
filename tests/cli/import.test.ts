import assert from "node:assert/strict";
import { call, service } from "./cli.ts";

describe("kserve-llm import of a file", () => {
  it("reports objects that no API server would hold, and leaves them out", async () => {
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
});
