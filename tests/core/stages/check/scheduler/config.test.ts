import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { planOf } from "../plan.ts";

interface Case {
  name: string;
  image?: string;
  config: Record<string, unknown>;
  issues?: { severity?: string; says: string; fix: string }[];
}
const CASES = parse(readFileSync(new URL("config.yaml", import.meta.url), "utf8")) as Case[];

/** A service whose scheduler has the image and the configuration; no release is stated, so the plan migrates nothing. */
function service({ image = "0.7.1", config }: Case): Record<string, unknown> {
  const name = image === "" ? "registry.example.com/epp:7" : `ghcr.io/llm-d/llm-d-inference-scheduler:v${image}`;
  const inline = { apiVersion: "inference.networking.x-k8s.io/v1alpha1", kind: "EndpointPickerConfig", ...config };
  const scheduler = {
    annotations: { "app.kubernetes.io/version": "0.0.0" },
    template: { containers: [{ name: "main", image: name }] },
    config: { inline },
  };
  return { model: { uri: "hf://facebook/opt-125m" }, router: { route: {}, scheduler } };
}

describe("configurations of the scheduler", () => {
  for (const one of CASES) {
    const { name, issues = [] } = one;
    it(`report ${issues.length > 0 ? "" : "nothing about "}${name}`, () => {
      const found = planOf(service(one), {}).issues.filter(({ code }) => code === "SchedulerConfig");
      assert.deepEqual(
        found.map(({ severity }) => severity),
        issues.map(({ severity = "error" }) => severity),
        found.map(({ message }) => message).join("\n"),
      );
      for (const [i, { says, fix }] of issues.entries()) {
        assert.ok(found[i]?.message.includes(says), found[i]?.message);
        assert.ok(found[i]?.fix?.includes(fix), found[i]?.fix);
      }
    });
  }
});
