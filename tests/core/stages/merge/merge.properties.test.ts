import assert from "node:assert/strict";
import fc from "fast-check";
import { KSERVE_0_20, OWN } from "../../../../core/contract/behaviour.ts";
import { mergedOrder } from "../../../../core/kubernetes/patch/order.ts";
import { mergeSpecs } from "../../../../core/stages/merge/merge.ts";
import { deepFreeze } from "./freeze.ts";

const text = fc.constantFrom("a", "b", "c", "");
/** Maps as JSON and YAML create them: a merge shares values with its layers, including prototypes. */
const PLAIN = { noNullPrototype: true };
const option = { requiredKeys: [], ...PLAIN };
const byName = <T>(item: fc.Arbitrary<T>) =>
  fc.uniqueArray(item, { maxLength: 4, selector: (one) => (one as { name: string }).name });
const env = byName(
  fc.record({ name: fc.constantFrom("A", "B", "C"), value: text }, { requiredKeys: ["name"], ...PLAIN }),
);
const containers = byName(
  fc.record(
    {
      name: fc.constantFrom("main", "proxy", "init"),
      image: text,
      command: fc.array(text, { maxLength: 2 }),
      env,
      tty: fc.boolean(),
      resources: fc.record({ limits: fc.dictionary(text, fc.constantFrom("1", "0.5", "1024Mi"), PLAIN) }, option),
    },
    { requiredKeys: ["name"], ...PLAIN },
  ),
);
const pod = fc.record(
  {
    containers,
    initContainers: containers,
    hostNetwork: fc.boolean(),
    nodeSelector: fc.dictionary(text, text, PLAIN),
    tolerations: fc.array(fc.record({ key: text }, PLAIN)),
  },
  option,
);
const workload = { replicas: fc.nat({ max: 3 }), labels: fc.dictionary(text, text, PLAIN), template: pod, worker: pod };
const spec = fc.record(
  { ...workload, model: fc.record({ uri: text, name: text }, option), prefill: fc.record(workload, option) },
  option,
);

const merge = (specs: unknown[], behaviour = OWN) => mergeSpecs(specs, behaviour).spec as Record<string, unknown>;

for (const [mode, behaviour] of [["our own mode", OWN] as const, ["KServe's mode", KSERVE_0_20] as const]) {
  describe(`a merge in ${mode}`, () => {
    it("never changes its inputs, and gives the same bytes for the same input", () => {
      fc.assert(
        fc.property(fc.array(spec, { maxLength: 4 }), (specs) => {
          const once = JSON.stringify(mergeSpecs(deepFreeze(specs), behaviour));
          assert.equal(JSON.stringify(mergeSpecs(specs, behaviour)), once);
        }),
      );
    });
    it("is idempotent: the same layer twice is that layer once", () => {
      fc.assert(
        fc.property(spec, (layer) => assert.deepEqual(merge([layer, layer], behaviour), merge([layer], behaviour))),
      );
    });
    it("has the empty layer as neutral element on both sides", () => {
      fc.assert(
        fc.property(spec, (layer) => {
          assert.deepEqual(merge([{}, layer], behaviour), merge([layer], behaviour));
          assert.deepEqual(merge([layer, {}], behaviour), merge([layer], behaviour));
        }),
      );
    });
    it("is associative, except for the order of list items that layers order differently", () => {
      fc.assert(
        fc.property(spec, spec, spec, (a, b, c) => {
          const left = merge([merge([a, b], behaviour), c], behaviour);
          const right = merge([a, merge([b, c], behaviour)], behaviour);
          assert.deepEqual(sorted(left), sorted(right));
        }),
      );
    });
  });
}

describe("a merge by default", () => {
  it("lets the later layer win in every field that it sets", () => {
    fc.assert(fc.property(spec, spec, (a, b) => assertContains(merge([a, b]), b, "spec")));
  });
});

describe("mergedOrder", () => {
  const names = fc.uniqueArray(fc.constantFrom<string[]>("a", "b", "c", "d", "e", "f"));
  it("keeps all items once, the later ones in their order, the earlier ones in theirs", () => {
    fc.assert(
      fc.property(names, names, (earlier, later) => {
        const union = [...new Set([...earlier, ...later])];
        const out = mergedOrder(union, later, earlier, (item) => item);
        assert.deepEqual([...out].sort(), [...union].sort());
        assert.deepEqual(
          out.filter((item) => later.includes(String(item))),
          later,
        );
        const only = earlier.filter((item) => !later.includes(item));
        assert.deepEqual(
          out.filter((item) => only.includes(String(item))),
          only,
        );
      }),
    );
  });
});

/** Lists of named items by name, because their order would hide differences. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    const isNamed = items.every((item) => typeof item === "object" && item !== null && "name" in item);
    return isNamed ? items.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sorted(item)]));
}

function nameOf(item: unknown): string {
  return (item as { name: string }).name;
}

function assertContains(merged: unknown, layer: unknown, path: string): void {
  if (Array.isArray(layer) && layer.some((item) => typeof item === "object" && "name" in item)) {
    for (const item of layer) {
      const found = (merged as { name: string }[]).find(({ name }) => name === item.name);
      assertContains(found, item, `${path}[name=${item.name}]`);
    }
  } else if (typeof layer === "object" && layer !== null && !Array.isArray(layer)) {
    for (const [key, item] of Object.entries(layer)) {
      const isEmptyList = Array.isArray(item) && item.length === 0 && /ontainers$|env/.test(key);
      if (!isEmptyList) assertContains((merged as Record<string, unknown>)[key], item, `${path}.${key}`);
    }
  } else assert.deepEqual(merged, layer, path);
}
