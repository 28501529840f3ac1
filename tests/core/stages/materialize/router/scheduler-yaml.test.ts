import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { toGoYaml } from "../../../../../core/kubernetes/go/goyaml.ts";
import type { Json } from "../../../../../core/kubernetes/json.ts";
import { readConfigs } from "../../../../../core/stages/materialize/router/epp/eppconfig.ts";

/** What sigs.k8s.io/yaml v1.6.0 wrote for each value. */
const CASES = JSON.parse(readFileSync(new URL("./cases/goyaml.json", import.meta.url), "utf8")) as {
  value: Json;
  yaml: string;
}[];

describe("YAML as Go writes it", () => {
  for (const { value, yaml } of CASES) {
    it(`is the same to the byte: ${JSON.stringify(value).slice(0, 70)}`, () => assert.equal(toGoYaml(value), yaml));
  }

  it("is read as Go reads it: words are booleans, times and numbers of base 60 are text", () => {
    const text = "kind: K\na: yes\nb: 2020-01-01\nc: 1:20\nd: e5\ne: 1e3\nf: 0x1F\ng: ~\nh: .\ni: .5\nj: .inf";
    const [read] = readConfigs(["--config-text", text]);
    assert.deepEqual(read, {
      kind: "K",
      a: true,
      b: "2020-01-01",
      c: "1:20",
      d: "e5",
      e: 1000,
      f: 31,
      g: null,
      h: ".",
      i: 0.5,
      j: Number.POSITIVE_INFINITY,
    });
  });

  it("reads back as the value that was written, whatever it is", () => {
    const word = fc.stringMatching(/^[ -~é\n]{0,12}$/);
    const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-zA-Z][ -~]{0,8}$/), tie("value"), { maxKeys: 4 }),
      ),
    }));
    const document = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value, { maxKeys: 4, noNullPrototype: true });
    const same = (written: object) => {
      const config = { ...written, kind: "K" };
      const [read] = readConfigs(["--config-text", toGoYaml(config)]);
      assert.deepEqual(read, JSON.parse(JSON.stringify(config)));
    };
    fc.assert(fc.property(document, same), { numRuns: 300 });
  });
});
