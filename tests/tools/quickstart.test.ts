import assert from "node:assert/strict";
import { explain } from "../../tools/quickstart/error.ts";

const REFUSED = [
  '    error: LLMInferenceService "chat" cannot be planned: 2 problems',
  '      error UnknownAccelerator spec.accelerator (service): the catalogue has no accelerator "h100"',
  "      error UnknownField spec.xyz (service): the API has no field xyz",
];
const OUTPUT = [
  ' +  LLMInferenceService chat creating (0s) error: LLMInferenceService "chat" cannot be planned: 2 problems',
  "Diagnostics:",
  "  kserve-llm:index:LLMInferenceService (chat):",
  ...REFUSED,
  "",
  "  pulumi:pulumi:Stack (kserve-llm-quickstart-yaml):",
  "    warning: using pulumi-language-nodejs from $PATH",
  "    error: the program failed:",
  "    at a place",
  "    info: more",
  "",
  "Resources:",
  "    + 29 created",
  "",
].join("\n");

describe("the end of a quickstart that failed", () => {
  const failed = [...REFUSED, "    error: the program failed:", "    at a place"];

  it("shows each error of the diagnostics with all its lines, and nothing else", () => {
    assert.deepEqual(explain(OUTPUT).split("\n"), ["The quickstart did not succeed:", ...failed]);
  });

  it("shows each error once, although the engine prints its output twice", () => {
    assert.equal(explain(`${OUTPUT}\nstderr:\n${OUTPUT}`), explain(OUTPUT));
  });

  it("shows the lines with errors if the engine printed no diagnostics", () => {
    const output = "code: 1\nerror: no stack is selected\nerror: no stack is selected\n";
    assert.equal(explain(output), "The quickstart did not succeed:\nerror: no stack is selected");
  });

  it("refers to the output where that names no error", () => {
    assert.equal(explain("killed"), "The quickstart did not succeed: see above.");
  });
});
