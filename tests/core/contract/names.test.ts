import assert from "node:assert/strict";
import fc from "fast-check";
import {
  childName,
  eppAuthBindingName,
  LABEL,
  labelsOf,
  nameOf,
  workloadNameOf,
} from "../../../core/contract/names.ts";

const LONG = "a-very-long-llm-inference-service-name-that-exceeds-limits";

describe("childName", () => {
  const rows: [what: string, parent: string, suffix: string, expected: string][] = [
    ["a short name stays as it is", "chat", "-kserve", "chat-kserve"],
    ["exactly 63 characters stay", "a".repeat(56), "-kserve", `${"a".repeat(56)}-kserve`],
    [
      "a long parent is cut and hashed",
      LONG,
      "-kserve-mn",
      "a-very-long-llm-infer3c0dce73060cbb11be992c73fb29beda-kserve-mn",
    ],
    [
      "a long suffix is cut behind the hash of both",
      "llm-demo",
      `-${LONG}-epp-auth-rb`,
      "llm-demoa575430d7ed35eab0c8796f26d8f9354-a-very-long-llm-infere",
    ],
  ];
  for (const [what, parent, suffix, expected] of rows) {
    it(what, () => assert.equal(childName(parent, suffix), expected));
  }

  it("never exceeds 63 characters and is a valid name if its parts are", () => {
    const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,90}[a-z0-9])?$/);
    fc.assert(
      fc.property(label, label, (parent, suffix) => {
        const name = childName(parent, `-${suffix}`);
        assert.ok(name.length <= 63 && /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name), name);
      }),
    );
  });

  it("gives two long parents with the same beginning different names", () => {
    assert.notEqual(childName(`${LONG}-a`, "-kserve"), childName(`${LONG}-b`, "-kserve"));
  });
});

describe("names of children", () => {
  it("are KServe's", () => {
    assert.equal(nameOf("chat", "workloadService"), "chat-kserve-workload-svc");
    assert.equal(workloadNameOf("chat", "deployment", { role: "prefill" }), "chat-kserve-prefill");
    assert.equal(workloadNameOf("chat", "leaderWorkerSet", { role: "main" }), "chat-kserve-mn");
    assert.equal(eppAuthBindingName("team", "chat"), "team-chat-epp-auth-rb");
  });

  it("labels contain the component only if there is one", () => {
    assert.deepEqual(labelsOf("chat"), { [LABEL.name]: "chat", [LABEL.partOf]: "llminferenceservice" });
    assert.equal(labelsOf("chat", "llminferenceservice-workload")[LABEL.component], "llminferenceservice-workload");
  });
});
