import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeDefect } from "../../../../core/contract/issues/defect.ts";
import { PACKAGE } from "../../../../core/contract/version.ts";

const ROOT = "/there/pulumi-kserve-llm";
const WHERE = { root: ROOT, during: "the plan of chat", node: "v24.0.0" };

function mistake<Kind extends Error>(error: Kind, ...frames: string[]): Kind {
  error.stack = [`${error.name}: ${error.message}`, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}
const OWN = `judge (file://${ROOT}/core/stages/admit/rule.ts:3:7)`;

describe("describeDefect", () => {
  it("knows the version of package.json", () => {
    const { name, version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../../../package.json"), "utf8"));
    assert.deepEqual({ ...PACKAGE }, { name, version });
  });

  it("reports that the defect is in this package, and what to send", () => {
    const error = mistake(
      new TypeError("Cannot read properties of undefined (reading 'map')"),
      OWN,
      "main (/app.ts:1:1)",
    );
    assert.equal(
      describeDefect(error, WHERE),
      [
        `this is a bug in pulumi-kserve-llm ${PACKAGE.version}, not in your program: TypeError: Cannot read properties of undefined (reading 'map') during the plan of chat`,
        "Please report it with these lines, the version of Node.js (v24.0.0) and the input without its secrets.",
        "    at judge (core/stages/admit/rule.ts:3:7)",
      ].join("\n"),
    );
  });

  it("finds the mistake behind a library that this package calls", () => {
    const error = mistake(new TypeError("x"), "parse (/there/node_modules/yaml/index.js:1:1)", OWN);
    assert.match(describeDefect(error, WHERE) ?? "", /at judge/);
  });

  it("quotes nothing that may be a secret", () => {
    const keyed = mistake(new TypeError("Cannot read properties of undefined (reading 'hf_S3cr3t')"), OWN);
    const parsed = mistake(new SyntaxError('Unexpected token "S3cr3t" is not valid JSON'), OWN);
    for (const error of [keyed, parsed]) assert.doesNotMatch(describeDefect(error, WHERE) ?? "S3cr3t", /S3cr3t/);
  });

  const others: [title: string, error: unknown][] = [
    ["an exception of the program's own code", mistake(new TypeError("x"), "apply (/app/index.ts:1:1)", OWN)],
    ["an error that is meant for the user", mistake(new Error("no stack is selected"), OWN)],
    ["what is not an error", "text"],
  ];
  for (const [title, error] of others) {
    it(`leaves ${title} alone`, () => assert.equal(describeDefect(error, WHERE), undefined));
  }
});
