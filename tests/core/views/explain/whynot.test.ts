import assert from "node:assert/strict";
import { explain } from "../../../../core/views/explain/explain.ts";
import { whyNot } from "../../../../core/views/explain/whynot.ts";
import { config, main, planned } from "./plans.ts";

const FLAG = "template.containers[name=main].args[--max-model-len]";

function plan() {
  return planned(
    {
      baseRefs: [{ name: "b" }, { name: "c" }],
      unsetArgs: ["--max-num-seqs"],
      ...main({ args: ["--max-model-len=4096"], env: [{ name: "X", $patch: "delete" }], terminationMessagePath: null }),
    },
    [
      config("b", { replicas: 3, ...main({ args: ["--max-model-len=100"], env: [{ name: "X", value: "1" }] }) }),
      config("c", { tuning: { maxModelLen: 8192, maxNumSeqs: 7 } }),
    ],
  );
}

describe("whyNot", () => {
  it("lists the flag's history and the layer that overrode the wanted value", () => {
    const { asked, wanted, places, answer } = whyNot(plan(), "--max-model-len=8192");
    assert.deepEqual([asked, wanted], ["--max-model-len", "8192"]);
    assert.deepEqual(places, [
      {
        path: FLAG,
        values: [
          { layer: "config default/b", value: "100" },
          { layer: "config default/c", rule: "tuning", value: "8192" },
          { layer: "service", value: "4096" },
        ],
        holds: "4096",
      },
    ]);
    assert.equal(
      answer,
      `${FLAG} is 4096, not 8192: service sets it, config default/c (tuning) sets 8192 but is overridden`,
    );
  });

  const answers: [question: string, answer: RegExp][] = [
    ["max_model_len", /is 4096, set by service over 100 of config default\/b, 8192 of config default\/c \(tuning\)$/],
    ["--max-model-len=7", /is 4096, not 7: service sets it, no layer sets 7$/],
    ["--max-modl-len", /^no layer sets --max-modl-len; did you mean --max-model-len\?$/],
    ["--max-num-seqs=7", /\[--max-num-seqs\] is not set: service deletes it$/],
    ["--enforce-eager", /^no layer sets --enforce-eager$/],
    ["template.containers[main].terminationMessagePath", /is not set: service deletes it$/],
    ["template.containers[main].env[X].value=1", /is not set: config default\/b sets 1, but a later layer replaces/],
    ["replicas=1", /is 3, not 1: config default\/b sets it, no layer sets 1$/],
  ];
  for (const [question, answer] of answers) {
    it(`${question}`, () => assert.match(whyNot(plan(), question).answer, answer));
  }

  it("reports that an autoscaler decides the replicas", () => {
    const scaled = planned({ baseRefs: [{ name: "c" }], scaling: { maxReplicas: 9, wva: { hpa: {} } } }, [
      config("c", { replicas: 3 }),
    ]);
    const { answer } = whyNot(scaled, "replicas=3");
    assert.equal(
      answer,
      "replicas is 1 to 9, not 3: service (autoscaler) sets it, config default/c sets 3 but is overridden",
    );
  });

  it("knows the layers of a plan that was refused after its merge", () => {
    const refused = planned({ parallelism: { tensor: 2 }, ...main({ args: ["--tensor-parallel-size=4"] }) });
    assert.equal(refused.spec, undefined);
    assert.match(whyNot(refused, "-tp").answer, /args\[--tensor-parallel-size\] is 4, set by service$/);
    assert.ok(explain(refused, "template.containers[main].args").length > 2);
  });

  it("names the errors if nothing was merged", () => {
    assert.match(whyNot(planned({ baseRefs: [{ name: "missing" }] }), "--port").answer, /see its errors/);
  });
});
