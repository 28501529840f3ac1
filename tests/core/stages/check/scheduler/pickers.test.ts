import assert from "node:assert/strict";
import { schedulerRelease } from "../../../../../core/knowledge/scheduler/releases.ts";
import { wrongPickers } from "../../../../../core/stages/check/scheduler/pickers.ts";

const GIE = "registry.k8s.io/gateway-api-inference-extension/epp";
const LLM_D = "ghcr.io/llm-d/llm-d-inference-scheduler";

const CASES: [refs: string[], image: string, says: RegExp | undefined][] = [
  [["queue-scorer", "max-score-picker"], `${GIE}:v0.5.1`, /^has queue-scorer without a weight in the profile default/],
  [["queue-scorer=2", "max-score-picker"], `${GIE}:v0.5.1`, undefined],
  [["queue-scorer"], `${LLM_D}:v0.2.1`, /no default for it/],
  [["queue-scorer", "max-score-picker"], `${GIE}:v1.0.2`, undefined],
  [["max-score-picker", "queue-scorer"], `${GIE}:v1.0.2`, /^has queue-scorer .* behind the picker max-score-picker/],
  [["max-score-picker", "queue-scorer"], `${LLM_D}:v0.4.0`, /and panics$/],
  [["max-score-picker", "queue-scorer=1"], `${GIE}:v1.2.1`, undefined],
  [["max-score-picker", "queue-scorer"], `${GIE}:v1.3.0`, undefined],
  [["max-score-picker", "random-picker"], `${GIE}:v1.5.0`, /^has 2 pickers in the profile default/],
  [["max-score-picker", "own-picker"], `${GIE}:v1.5.0`, undefined],
];

describe("pickers and scorers of a profile of the scheduler", () => {
  for (const [refs, image, says] of CASES)
    it(`${refs.join(", ")} ${says === undefined ? "run in" : "are wrong for"} ${image.split("/").at(-1)}`, () => {
      const entries = refs.map((ref) => {
        const [name = "", weight] = ref.split("=");
        return { pluginRef: name, ...(weight !== undefined && { weight: Number(weight) }) };
      });
      const config = {
        plugins: entries.map(({ pluginRef: type }) => ({ type })),
        schedulingProfiles: [{ name: "default", plugins: entries }],
      };
      const found = wrongPickers(config, (type) => type !== "own-picker", schedulerRelease(image));
      assert.equal(found.length, says === undefined ? 0 : 1);
      if (says !== undefined) assert.match(found[0]?.message ?? "", says);
    });
});
