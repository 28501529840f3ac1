import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../../../core/plan.ts";
import { deepFreeze } from "../merge/freeze.ts";

const GOLDENS = join(import.meta.dirname, "goldens");
const COMMENT = "# What follows is the plan of this service; UPDATE_GOLDENS=1 writes it anew.\n";

/** The whole plan in the form that the command line prints. */
function render(service: unknown): string {
  // The groups of one golden have contexts of different lengths, about which the plan warns.
  const checks = { GroupsDisagree: "off" } as const;
  const input = { service, configs: [...presets({ namespace: "kserve" })], settings: DEFAULT_SETTINGS, checks };
  const { objects, issues } = plan(deepFreeze(input));
  assert.deepEqual(
    issues.filter(({ severity }) => severity !== "info"),
    [],
  );
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}

/** Each golden is a service, followed by its objects, byte for byte. */
describe("whole plans", () => {
  for (const name of readdirSync(GOLDENS)) {
    it(`of ${name.replace(/\.yaml$/, "")} have not changed`, () => {
      const path = join(GOLDENS, name);
      const text = readFileSync(path, "utf8");
      const [given = ""] = text.split("---\n", 1);
      const [service] = parseAllDocuments(given);
      assert.ok(service !== undefined && "toJS" in service);
      const rendered = `${given}---\n${COMMENT}${render(service.toJS())}`;
      if (process.env["UPDATE_GOLDENS"]) writeFileSync(path, rendered);
      else assert.equal(text, rendered);
    });
  }

  it("are the same for the same input", () => {
    const service = {
      apiVersion: "serving.kserve.io/v1alpha2",
      kind: "LLMInferenceService",
      metadata: { name: "chat", namespace: "team" },
      spec: { model: { uri: "hf://org/model" } },
    };
    assert.equal(render(service), render(structuredClone(service)));
  });
});
