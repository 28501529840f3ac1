import assert from "node:assert/strict";
import type { Resource } from "@pulumi/pulumi";
import { withoutStacks } from "../../components/resources/stacks.ts";
import { LLMInferenceService } from "../../components/service.ts";
import { runMocked } from "./mocks.ts";

const PARENT = {} as Resource;
const THIS_FILE = /stacks\.test\.ts/;

interface Request {
  type: string;
  sourceposition?: { uri: string };
  stacktrace?: { framesList: unknown[] };
}

describe("withoutStacks", () => {
  it("writes no stack that is read meanwhile", () => {
    assert.equal(
      withoutStacks(PARENT, () => new Error("lost").stack),
      "Error: lost",
    );
  });

  it("leaves an error its stack that is read afterwards", () => {
    assert.match(withoutStacks(PARENT, () => new Error("kept")).stack ?? "", THIS_FILE);
  });

  it("restores Error.prepareStackTrace, also after an exception", () => {
    const { prepareStackTrace } = Error;
    const thrown = new Error("the engine is gone");
    const fail = (): never => {
      throw thrown;
    };
    assert.throws(() => withoutStacks(PARENT, fail), thrown);
    assert.equal(Error.prepareStackTrace, prepareStackTrace);
  });

  it("keeps a function that was installed meanwhile", () => {
    const { prepareStackTrace } = Error;
    const installed = (error: Error): string => `installed: ${error}`;
    try {
      withoutStacks(PARENT, () => {
        Error.prepareStackTrace = installed;
      });
      assert.equal(Error.prepareStackTrace, installed);
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  });

  it("leaves stacks to the transformations of a parent", () => {
    const parent = { __transformations: [() => undefined] } as unknown as Resource;
    assert.match(withoutStacks(parent, () => new Error("seen").stack) ?? "", THIS_FILE);
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
