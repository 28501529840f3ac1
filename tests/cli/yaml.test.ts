import assert from "node:assert/strict";
import fc from "fast-check";
import { documentsText } from "../../cli/text/output.ts";
import { DEEPEST, readYaml } from "../../cli/text/yaml.ts";
import { call, service } from "./cli.ts";

const read = (text: string): unknown => {
  const { documents, problems } = readYaml(text);
  assert.deepEqual(problems, []);
  return documents[0]?.value;
};
const problemsOf = (text: string): string[] =>
  readYaml(text).problems.map(({ line, text: problem }) => `${line}: ${problem}`);

/** How sigs.k8s.io/yaml 1.6.0, which kubectl uses, reads these. */
const SAME_AS_KUBECTL: Readonly<Record<string, unknown>> = {
  "a: 08\nb: 0o17\nc: 0x1F\nd: +5\ne: -0\nf: 00": { a: 8, b: 15, c: 31, d: 5, e: 0, f: 0 },
  "a: 1e3\nb: .5\nc: 1.\nd: 09.5\ne: 5e-3": { a: 1000, b: 0.5, c: 1, d: 9.5, e: 0.005 },
  "a: 12:30:00\nb: 2024-01-01\nc: 1e400\nd: 0o9\ne: 0b12\nf: 0x\ng: _1": {
    a: "12:30:00",
    b: "2024-01-01",
    c: "1e400",
    d: "0o9",
    e: "0b12",
    f: "0x",
    g: "_1",
  },
  "a: ~\nb:\nc: Null\nd: NULL\ne: oN": { a: null, b: null, c: null, d: null, e: "oN" },
  "a: <<\n'<<': {b: 1}": { a: "<<", "<<": { b: 1 } },
  "x: &x {a: 2}\nb: {<<: *x, a: 1}": { x: { a: 2 }, b: { a: 1 } },
  "b: {<<: [{a: 1}, {a: 2, c: 3}]}": { b: { a: 1, c: 3 } },
  'a: !!str 5\nb: !!int "5"\nc: !!float 1\nd: !!timestamp 2024-01-01': { a: "5", b: 5, c: 1, d: "2024-01-01" },
  "defaultMode: 0400\nmode: 0644": { defaultMode: 256, mode: 420 },
  "data: {9000: a, true: b, -1: c}": { data: { "9000": "a", true: "b", "-1": "c" } },
  "a: y\nb: Yes\nc: ON\nd: n\ne: off": { a: true, b: true, c: true, d: false, e: false },
  "a: \"yes\"\nb: '0400'\nc: |\n  on\n": { a: "yes", b: "0400", c: "on\n" },
};

/** Texts with an ambiguous meaning, or that JSON cannot represent: the line, and words of the problem. */
const REFUSED: Readonly<Record<string, readonly [text: string, problem: RegExp]>> = {
  "an octal number that is not a mode": [
    "a: 1\nb: 010",
    /^2: 010 is the number 8 to kubectl, but the number 10 to .* — write 8 or 10, or "010"/,
  ],
  "a number with underscores": ["a: 1_000", /^1: 1_000 is the number 1000 to kubectl, but the text "1_000"/],
  "a binary number": ["a: 0b11", /^1: 0b11 is the number 3 to kubectl/],
  "a negative hexadecimal number": ["a: -0x1F", /^1: -0x1F is the number -31 to kubectl/],
  infinity: ["a: .inf", /^1: \.inf is not a number that JSON can represent/],
  "an integer that a double cannot hold": [
    "a: 12345678901234567890",
    /^1: 12345678901234567890 is too large to be represented/,
  ],
  "a merge key below a field that it sets otherwise": [
    "x: &x {a: 2}\nb: {a: 1, <<: *x}",
    /^2: "a" is set before << and inside it/,
  ],
  "two merge keys": ["b: {<<: {a: 1}, <<: {c: 2}}", /^1: duplicate << in one mapping/],
  "a merge key with a text": ["<<: a", /^1: << takes a mapping or a list of mappings/],
  "a key that stands twice": ["a: 1\n\na: 2", /^3: duplicate key "a" in one mapping/],
  "a key that is a boolean to kubectl": ["y: 1", /^1: the key y is the boolean true to kubectl/],
  "a key that is a number which is written otherwise": ["010: a", /^1: the key 010 is the number 8 to kubectl/],
  "a key that is a fraction": ["1.5: a", /^1: the key 1\.5 is the number 1\.5 to kubectl/],
  "a key that is null": ["~: a", /^1: the key ~ is null/],
  "an empty key": [": a", /^1: an empty key is null/],
  "a key that is a list": ["[a, b]: c", /^1: a key must be a string, not a mapping or list/],
  "an alias without an anchor": ["a: *x", /^1: the alias \*x refers to an anchor that is not defined/],
  "an alias inside of its own anchor": ["a: &x\n- *x", /^2: the alias \*x is inside its own anchor/],
  "an ordered mapping": ["a: !!omap [{b: 1}]", /^1: the tag !!omap has no meaning/],
  "a set": ["a: !!set {b, c}", /^1: the tag !!set has no meaning/],
  "binary data": ["a: !!binary aGk=", /^1: the tag !!binary has no meaning/],
  "a tag of its own": ["a: !ref b", /^1: the tag !ref has no meaning/],
  "a value that is not of its tag": ["a: !!int 5.5", /^1: 5\.5 does not match its tag !!int/],
  "half of a surrogate pair": ['a: "\\ud800"', /^1: a text contains half of a surrogate pair/],
  "a document of YAML 1.2": ["%YAML 1.2\n---\na: yes", /kubectl does not read documents of YAML 1\.2/],
  "a flow list nested too deep": [
    `a: ${"[".repeat(5000)}${"]".repeat(5000)}`,
    new RegExp(`^1: .* more than ${DEEPEST} deep`),
  ],
  "a broken document": ["a: [\nb", /^\d+: /],
};

describe("the YAML of the command line", () => {
  for (const [text, value] of Object.entries(SAME_AS_KUBECTL)) {
    it(`reads ${JSON.stringify(text)} as kubectl does`, () => assert.deepEqual(read(text), value));
  }

  for (const [name, [text, problem]] of Object.entries(REFUSED)) {
    it(`refuses ${name}, with its line`, () => {
      const problems = problemsOf(text);
      assert.ok(
        problems.some((one) => problem.test(one)),
        problems.join("\n"),
      );
    });
  }

  it("quotes no number that may be a credential by its field, its variable or its flag", () => {
    for (const text of [
      "password: 0123456",
      "env: [{name: DB_PASSWORD, value: 0123456}]",
      "args: [--api-key, 0123456]",
      "apiKey: 12345678901234567890",
      "apiKey: !!bool 0123456",
    ]) {
      const [problem] = readYaml(text).problems;
      assert.match(problem?.text ?? "", /^the value of \S+ is|does not match its tag/, text);
      assert.doesNotMatch(problem?.text ?? "", /123456|42798/, text);
    }
  });

  it("prints a note for a boolean that YAML 1.2 reads as text", () => {
    const [note] = readYaml("a: 1\nb: yes").notes;
    assert.equal(note?.line, 2);
    assert.match(
      note?.text ?? "",
      /^yes is the boolean true to kubectl, but the text "yes" .* — write true, or "yes" in quotes$/,
    );
    assert.deepEqual(readYaml('a: "yes"\ndefaultMode: 0400').notes, []);
  });

  it("refuses aliases that expand endlessly, within a bounded time", () => {
    const levels = Array.from(
      { length: 30 },
      (_, at) => `l${at + 1}: &l${at + 1} [*l${at}, *l${at}, *l${at}, *l${at}]`,
    );
    assert.match(
      problemsOf(["l0: &l0 [x, x]", ...levels].join("\n")).join("\n"),
      /aliases repeat more than 100000 values/,
    );
  });

  it("copies the value that an alias refers to", () => {
    const { x, z } = read("x: &x {a: [1]}\nz: *x") as { x: object; z: object };
    assert.deepEqual(x, z);
    assert.notEqual(x, z);
  });

  it("reads its own output as the same values, whatever they are", () => {
    const odd = fc.constantFrom(
      "yes",
      "on",
      "y",
      "0400",
      "010",
      "1_000",
      "0X1F",
      "<<",
      "~",
      "null",
      "",
      "\u001b[2J",
      "\u0085",
      "a\u2028b",
      "\u202e",
      "\u{e0001}",
      "\n",
      " a ",
      "- b",
      "12:30:00",
      "#",
      "a: b",
    );
    const leaf = fc.oneof(odd, fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("tree")),
        fc.dictionary(fc.oneof(odd, fc.string()), tie("tree")),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tree), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        for (const format of ["yaml", "json"] as const) {
          const text = documentsText([value], format);
          assert.doesNotMatch(text, /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
          const again = readYaml(text);
          assert.deepEqual(again.problems.concat(again.notes), [], text);
          assert.deepEqual(JSON.parse(JSON.stringify(again.documents[0]?.value)), plain, text);
        }
      }),
    );
  });
});

describe("files of the command line", () => {
  const good = "apiVersion: serving.kserve.io/v1alpha2\nkind: LLMInferenceService\nmetadata: {name: chat}\n";
  const model = "spec:\n  model: {uri: hf://Qwen/Qwen2.5-7B-Instruct}\n";
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));

  const UNREADABLE: Readonly<Record<string, readonly [content: string | Uint8Array, message: RegExp]>> = {
    "a NUL": [`${good}${model}  labels: {a: "\0"}\n`, /x\.yaml:6: the control character U\+0000 is not allowed/],
    "a control character of C1": [`${good}# \u009b2J\n${model}`, /x\.yaml:4: the control character U\+009B/],
    "a line separator, which ends the line for kubectl alone": [
      `${good}# a\u2028b: c\n${model}`,
      /x\.yaml:4: U\+2028 ends the line/,
    ],
    "bytes that are not UTF-8": [
      bytes(good, "# ", [0xe9], "\n", model),
      /x\.yaml:4: the line contains bytes that are not UTF-8/,
    ],
    "UTF-16": [bytes([0xff, 0xfe], [0x61, 0x00]), /x\.yaml:1: the file is UTF-16/],
    "a list": ["- a\n", /x\.yaml:1: a Kubernetes object was expected, not a list/],
    "a list with an item that is not an object": [
      "kind: List\nitems: [null]\n",
      /x\.yaml:1: a Kubernetes object was expected, not null/,
    ],
  };
  for (const [name, [content, message]] of Object.entries(UNREADABLE)) {
    it(`exit with 2 and name file and line for ${name}`, async () => {
      const { code, out, err } = await call(["render", "-f", "x.yaml"], { "x.yaml": content });
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, message);
    });
  }

  it("may start with a byte order mark", async () => {
    const files = { "x.yaml": bytes([0xef, 0xbb, 0xbf], good, model) };
    assert.equal((await call(["validate", "-f", "x.yaml"], files)).code, 0);
  });

  it("are read from standard input too", async () => {
    const stdin = () => Buffer.from(good + model);
    const { code, out } = await call(["validate", "-f", "-"], {}, { stdin });
    assert.deepEqual([code, out], [0, "stdin: LLMInferenceService chat: valid\n"]);
  });

  it("are read in the same way for every option", async () => {
    const files = { "chat.yaml": service({}), "odd.yaml": "a: 1_000\n" };
    const options = ["--settings", "--platform", "--model-info", "--configs"];
    const calls = options.map((option) => ["validate", "-f", "chat.yaml", option, "odd.yaml"]);
    const sides = ["promote", "check", "--from", "chat.yaml", "--to", "chat.yaml", "--expected", "odd.yaml"];
    calls.push(sides, ["diff", "chat.yaml", "chat.yaml", "--prices", "odd.yaml"], ["import", "-f", "odd.yaml"]);
    for (const args of calls) {
      const { code, err } = await call(args, files);
      assert.equal(code, 2, args.join(" "));
      assert.match(err, /odd\.yaml:1: 1_000 is the number 1000 to kubectl/, args.join(" "));
    }
  });

  it("with the mode of a volume in octal render the mode that kubectl applies", async () => {
    const volumes =
      "  template:\n    containers: [{name: main}]\n    volumes: [{name: k, secret: {secretName: s, defaultMode: 0400}}]\n";
    const { code, out, err } = await call(["render", "-f", "x.yaml"], { "x.yaml": good + model + volumes });
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /defaultMode: 256\n/);
  });

  it("with two services of one name are refused, with both places; the same service twice counts once", async () => {
    const files = { "a.yaml": [service({}), service({ replicas: 2 })], "b.yaml": service({}) };
    for (const command of ["render", "merge", "validate", "explain", "graph", "fit"]) {
      const { code, out, err } = await call([command, "-f", "a.yaml"], files);
      assert.deepEqual([code, out], [2, ""], command);
      assert.match(
        err,
        /LLMInferenceService default\/chat appears in a\.yaml#1 \(line 1\) and in a\.yaml#2 \(line 9\) with different content/,
      );
    }
    const { code, out, err } = await call(["render", "-f", "b.yaml", "-f", "b.yaml"], files);
    assert.equal(code, 0);
    assert.equal(out, (await call(["render", "-f", "b.yaml"], files)).out);
    assert.match(err, /warning: LLMInferenceService default\/chat appears in b\.yaml .* one of them is used/);
  });

  it("documents that are not Kubernetes objects are skipped with a warning", async () => {
    const { code, err } = await call(["validate", "-f", "."], { "chat.yaml": service({}), "values.yaml": { a: 1 } });
    assert.equal(code, 0);
    assert.match(err, /values\.yaml \(line 1\): warning: the document is ignored: it is not a Kubernetes object/);
  });

  it("items of a list of services need no kind, as for kubectl", async () => {
    const { apiVersion: _apiVersion, kind: _kind, ...bare } = service({}) as Record<string, unknown>;
    const list = {
      apiVersion: "serving.kserve.io/v1alpha2",
      kind: "LLMInferenceServiceList",
      metadata: {},
      items: [bare],
    };
    const { code, out } = await call(["validate", "-f", "chat.yaml"], { "chat.yaml": list });
    assert.equal(code, 0);
    assert.match(out, /LLMInferenceService chat: valid/);
  });

  it("an object whose kind is nearly LLMInferenceService is not read as a service, and a warning names the nearest kind", async () => {
    const misspelt = { ...service({}), kind: "LLMInferencService" };
    const { code, err } = await call(["validate", "-f", "."], { "a.yaml": service({}), "b.yaml": misspelt });
    assert.equal(code, 0);
    assert.match(
      err,
      /b\.yaml \(line 1\): warning: objects of kind LLMInferencService are not planned: did you mean LLMInferenceService\?/,
    );
  });
});
