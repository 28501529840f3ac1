import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { planOf } from "../plan.ts";

interface Case {
  name: string;
  /** The tag of the image. */
  image?: string;
  /** The release of the annotation, to which the plan migrates the configuration, and of the image. */
  release?: string;
  args?: string[];
  /** Labels of the pods of engines. */
  labels?: Record<string, string>;
  tokenizer?: true;
  /** Where the configuration is written, if not in its own field. */
  path?: string;
  config: Record<string, unknown>;
  issues?: { severity?: string; says: string; fix: string }[];
}
const casesOf = (file: string) => parse(readFileSync(new URL(file, import.meta.url), "utf8")) as Case[];
const CASES = ["config.yaml", "migrated.yaml"].flatMap(casesOf);
const PATH = "spec.router.scheduler.config";

/** A service whose scheduler has the image and the configuration. Without a release, the plan migrates nothing. */
function service({ release, image = release ?? "0.7.1", config, args = [], path, tokenizer, labels }: Case) {
  const name = image === "" ? "registry.example.com/epp:7" : `ghcr.io/llm-d/llm-d-inference-scheduler:v${image}`;
  const inline = { apiVersion: "inference.networking.x-k8s.io/v1alpha1", kind: "EndpointPickerConfig", ...config };
  const words = path === undefined ? args : [...args, "--config-text", JSON.stringify(inline)];
  const scheduler = {
    annotations: { "app.kubernetes.io/version": release ?? "0.0.0" },
    template: { containers: [{ name: "main", image: name, args: words }] },
    ...(path === undefined && { config: { inline } }),
    ...(tokenizer && { tokenizer: {} }),
  };
  return { model: { uri: "hf://facebook/opt-125m" }, router: { route: {}, scheduler }, ...(labels && { labels }) };
}

describe("configurations of the scheduler", () => {
  for (const one of CASES) {
    const { name, issues = [] } = one;
    it(`report ${issues.length > 0 ? "" : "nothing about "}${name}`, () => {
      const found = planOf(service(one), one.tokenizer ? { stack: "llm-d-0.9" } : {}).issues.filter(
        ({ code }) => code === "SchedulerConfig",
      );
      assert.deepEqual(
        found.map(({ severity }) => severity),
        issues.map(({ severity = "error" }) => severity),
        found.map(({ message }) => message).join("\n"),
      );
      assert.ok(found.every(({ path }) => path === (one.path ?? PATH)));
      for (const [i, { says, fix }] of issues.entries()) {
        assert.ok(found[i]?.message.includes(says), found[i]?.message);
        assert.ok(found[i]?.fix?.includes(fix), found[i]?.fix);
      }
    });
  }
});
