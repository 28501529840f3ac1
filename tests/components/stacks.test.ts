import assert from "node:assert/strict";
import { withoutStacks } from "../../components/resources/stacks.ts";
import { LLMInferenceService } from "../../components/service.ts";
import { runMocked } from "./mocks.ts";

const THIS_FILE = /stacks\.test\.ts/;

interface Request {
  type: string;
  sourceposition?: { uri: string };
  stacktrace?: { framesList: unknown[] };
}

describe("withoutStacks", () => {
  it("writes no stack that is read meanwhile", () => {
    assert.equal(
      withoutStacks(() => new Error("lost").stack),
      "Error: lost",
    );
  });

  it("leaves an error its stack that is read afterwards", () => {
    assert.match(withoutStacks(() => new Error("kept")).stack ?? "", THIS_FILE);
  });

  it("puts the former way of writing stacks back, also after an exception", () => {
    const { prepareStackTrace } = Error;
    const thrown = new Error("the engine is gone");
    const fail = (): never => {
      throw thrown;
    };
    assert.throws(() => withoutStacks(fail), thrown);
    assert.equal(Error.prepareStackTrace, prepareStackTrace);
  });
});

describe("a service", () => {
  it("is registered with the line of the program that asks for it, and its objects with no line of this package", async () => {
    const args = { model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" }, accelerator: "nvidia-l4" };
    const program = (): unknown => new LLMInferenceService("chat", args);
    const { requests } = await runMocked(program);
    const all = requests.map((text) => JSON.parse(text) as Request);
    const [services, objects] = [/^kserve-llm:/, /^kubernetes:/].map((ours) =>
      all.filter(({ type }) => ours.test(type)),
    );
    assert.deepEqual(
      services?.map(({ sourceposition }) => THIS_FILE.test(sourceposition?.uri ?? "")),
      [true],
    );
    assert.ok(objects?.length);
    for (const { sourceposition, stacktrace } of objects) {
      assert.equal(sourceposition, undefined);
      assert.deepEqual(stacktrace?.framesList, []);
    }
  });
});
