import assert from "node:assert/strict";
import { parse } from "yaml";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import type { PlanInput } from "../../core/contract/plan.ts";
import { flagName } from "../../core/knowledge/engine/flags/flags.ts";
import type { JsonObject } from "../../core/kubernetes/json.ts";
import { addQuantities, canonicalQuantity, quantityNumber, quantityValue } from "../../core/kubernetes/quantity.ts";
import { plan } from "../../core/plan.ts";
import { bundleOf, configsOf } from "../../core/platform/bundle.ts";
import { checkHistory } from "../../core/platform/history.ts";
import { checkPromotion } from "../../core/views/promote/promote.ts";
import { INHERITED } from "./inherited.ts";

const { bundle } = bundleOf({}, { systemNamespace: "kserve", recorded: false });
const { configs: PRESETS } = configsOf(bundle);
const ORDINARY = "ordinary";

/** A service in YAML, as people write it, with a word somewhere in it. */
function planned(fields: string, word: string, more: Partial<PlanInput> = {}): string {
  const head = "apiVersion: serving.kserve.io/v1alpha2\nkind: LLMInferenceService\n";
  const service = parse(`${head}${fields.replaceAll("WORD", word)}`) as JsonObject;
  const { objects, issues } = plan({ service, configs: PRESETS, settings: DEFAULT_SETTINGS, ...more });
  return JSON.stringify({ objects, issues });
}

const SPEC = 'model: {uri: "hf://Qwen/Qwen2.5-7B-Instruct"}';
const GPU = "accelerator: nvidia-l4";
const main = (fields: string): string =>
  `metadata: {name: chat}\nspec: {${SPEC}, ${GPU}, template: {containers: [{name: main, ${fields}}]}}`;
const spec = (fields: string): string => `metadata: {name: chat}\nspec: {${SPEC}, ${GPU}, ${fields}}`;

/**
 * Places at which a word of the user is a key or is looked up. An inherited name must have the same effect as any other
 * unknown word.
 */
const PLACES: Readonly<Record<string, string>> = {
  "a label of the service": `metadata: {name: chat, labels: {WORD: x}}\nspec: {${SPEC}, ${GPU}}`,
  "an annotation of the service": `metadata: {name: chat, annotations: {WORD: x}}\nspec: {${SPEC}, ${GPU}}`,
  "a label of the pods": spec("labels: {WORD: x}"),
  "an annotation of the pods": spec("annotations: {WORD: x}"),
  "a label of the scheduler": spec("router: {scheduler: {labels: {WORD: x}}, route: {}, gateway: {}}"),
  "a node selector": spec("template: {nodeSelector: {WORD: x}}"),
  "a node affinity": spec(
    "template: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: WORD, operator: In, values: [x]}]}]}}}}",
  ),
  "a resource": main("resources: {limits: {WORD: 1}}"),
  "an env variable": main("env: [{name: WORD, value: x}]"),
  "a container": spec("template: {containers: [{name: WORD, image: a}]}"),
  "a field of the spec": spec("WORD: x"),
  "a field of a container": main("WORD: x"),
  "an unset path": spec("unset: [WORD]"),
  "an unset step": spec("unset: [template.WORD]"),
  "an unset key": spec("unset: ['template.nodeSelector[WORD]']"),
  "a flag of one dash": main("args: ['-WORD']"),
  "a flag": main("args: ['--WORD=1']"),
  "a flag that is unset": spec("unsetArgs: ['-WORD']"),
  "a key of a JSON flag": main("args: ['--kv-transfer-config.WORD=1']"),
  "a KV connector": main(`args: ['--kv-transfer-config={"kv_connector":"WORD","kv_role":"kv_both"}']`),
  "a data type": main("args: ['--dtype=WORD', '--kv-cache-dtype=WORD', '--quantization=WORD']"),
  "an accelerator": `metadata: {name: chat}\nspec: {${SPEC}, accelerator: WORD}`,
  "a resource of an accelerator": `metadata: {name: chat}\nspec: {${SPEC}, accelerator: {resource: WORD}}`,
  "a label of a written accelerator": `metadata: {name: chat}\nspec: {${SPEC}, accelerator: {resource: nvidia.com/gpu, nodeSelector: {WORD: x}}}`,
  "a field of tuning": spec("tuning: {WORD: 1}"),
  "a field of operations": spec("operations: {WORD: true}"),
  "a label of a monitor": spec("operations: {monitoring: {podMonitor: {labels: {WORD: x}}}}"),
  "a scheme of a URI": `metadata: {name: chat}\nspec: {model: {uri: "WORD://a/b"}, ${GPU}}`,
  "a model": `metadata: {name: chat}\nspec: {model: {uri: "hf://WORD/WORD", name: WORD}, ${GPU}}`,
  "a config": spec("baseRefs: [{name: WORD}]"),
  "a function of a template": main("args: ['{{ WORD .Spec }}']"),
  "a field of a template": main("args: ['{{ .Spec.WORD }}']"),
  "a key of a template": main(`args: ['{{ index .ObjectMeta.Labels "WORD" }}']`),
  "a part of a URL in a template": main("args: ['{{ .Spec.Model.URI.WORD }}']"),
  "a setting in a template": main("args: ['{{ .GlobalConfig.WORD }}']"),
};

/** Words that the form of a name or label refuses, like any other word of that form. */
const judgedApart = (word: string, place: string): boolean =>
  word.startsWith("__") || (place === "a container" && /[A-Z]/.test(word));

describe("names that JavaScript objects inherit", () => {
  for (const [place, fields] of Object.entries(PLACES)) {
    it(`are treated in ${place} like any other word`, () => {
      const expected = planned(fields, ORDINARY);
      for (const word of INHERITED) {
        const got = planned(fields, word);
        assert.ok(!/native code/.test(got), word);
        // Results that depend on the order, length or form of the word only have to contain it.
        assert.ok(got.includes(word) || !expected.includes(ORDINARY), `${word}: ${got.slice(0, 500)}`);
        if (judgedApart(word, place)) continue;
        const [mine, others] = [JSON.parse(got), JSON.parse(expected)] as {
          objects: object[];
          issues: { code: string }[];
        }[];
        assert.equal(mine?.objects.length, others?.objects.length, word);
        assert.deepEqual(
          mine?.issues.map(({ code }) => code),
          others?.issues.map(({ code }) => code),
          word,
        );
      }
    });
  }

  it("are kept as keys in the objects, __proto__ too", () => {
    for (const word of INHERITED) {
      const objects = planned(
        `metadata: {name: chat}\nspec: {${SPEC}, ${GPU}, template: {nodeSelector: {WORD: x}}}`,
        word,
      );
      // A key of a label begins and ends with a letter or digit: any other one is refused by its name, and not dropped.
      const kept = new RegExp(`"nodeSelector":\\{[^}]*"${word}":"x"`);
      assert.match(objects, word.startsWith("__") ? new RegExp(`nodeSelector\\[${word}\\]`) : kept, word);
    }
  });

  it("do not count as accelerators of a platform", () => {
    const lowering = { accelerators: { ours: { resource: "nvidia.com/gpu", nodeSelector: { a: "b" } } } };
    for (const word of INHERITED) {
      const got = planned(`metadata: {name: chat}\nspec: {${SPEC}, accelerator: WORD}`, word, { lowering });
      assert.match(got, /"objects":\[\],.*UnknownAccelerator/, word);
    }
  });

  it("do not count as suffixes of quantities", () => {
    for (const word of INHERITED) {
      assert.equal(canonicalQuantity(`1${word}`), undefined, word);
      assert.equal(quantityValue(`1${word}`), 0n, word);
      assert.ok(quantityNumber(`1${word}`) <= 1 && Number(addQuantities(`1${word}`, "0")) <= 1, word);
    }
  });

  it("do not count as short flags", () => {
    for (const word of INHERITED) {
      assert.equal(flagName(`-${word}`), word.replaceAll("_", "-"), word);
    }
  });

  it("do not count as published releases, or as fields that differ between environments", () => {
    const published = Object.fromEntries(
      INHERITED.map((word) => [word, bundleOf({}, { systemNamespace: "a", recorded: false }, word).bundle]),
    );
    assert.deepEqual(
      checkHistory(published, {}, []).map(({ code }) => code),
      [],
    );
    const service = parse(
      `apiVersion: serving.kserve.io/v1alpha2\nkind: LLMInferenceService\nmetadata: {name: chat}\nspec: {${SPEC}, ${GPU}}`,
    );
    const input = { service, configs: PRESETS, settings: DEFAULT_SETTINGS };
    for (const word of INHERITED) {
      const expected = { service: [word, `template.${word}`], settings: [], objects: [] };
      assert.equal(checkPromotion({ from: input, to: input, expected }).verdict, "fine", word);
    }
  });
});
