import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../core/contract/options/settings.ts";
import { presets } from "../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../core/plan.ts";
import { diffObjects } from "../../../core/views/diff/diff.ts";
import { explain } from "../../../core/views/explain/explain.ts";
import { whyNot } from "../../../core/views/explain/whynot.ts";
import { reportHtml } from "../../../core/views/graph/report.ts";

function planned(key: string, more: readonly string[] = []) {
  const env = [{ name: "HF_TOKEN", value: `token-${key}` }];
  const containers = [{ name: "main", env, args: [`--api-key=key-${key}`, ...more] }];
  return plan({
    service: {
      ...{ apiVersion: "serving.kserve.io/v1alpha2", kind: "LLMInferenceService" },
      metadata: { name: "chat", namespace: "team" },
      spec: { model: { uri: "hf://facebook/opt-125m" }, template: { containers } },
    },
    configs: presets({ namespace: "kserve" }),
    settings: DEFAULT_SETTINGS,
  });
}

const WORDS = /(?:key|token)-(?:one|two)/;

describe("views of a service with credentials as text", () => {
  const [one, two] = [planned("one"), planned("two")];

  it("show where credentials come from, but not their text", () => {
    const rows = explain(one).filter(({ value }) => value === "[secret]");
    assert.equal(rows.length, 2, JSON.stringify(one.issues));
    assert.doesNotMatch(JSON.stringify(explain(one)), WORDS);
    assert.doesNotMatch(JSON.stringify(whyNot(one, "--api-key=key-two")).replace('"--api-key=key-two"', ""), WORDS);
    assert.doesNotMatch(reportHtml([one]), WORDS);
  });

  it("show that a credential differs, but not its text", () => {
    const [change] = diffObjects(one.objects, two.objects);
    assert.equal(change?.fields.length, 2);
    assert.doesNotMatch(JSON.stringify(change), WORDS);
  });

  it("do not change the objects", () => assert.match(JSON.stringify(one.objects), WORDS));

  it("do not quote a credential in a message", () => {
    const { issues } = planned("one", ["--max-num-seqs=key-one"]);
    const found = issues.find(({ code }) => code === "InvalidFlagValue");
    assert.match(found?.message ?? "", /\[secret\]/);
    assert.doesNotMatch(JSON.stringify(issues.map(({ message, fix }) => [message, fix])), WORDS);
  });
});
