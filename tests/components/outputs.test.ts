import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LLMInferenceService } from "../../components/index.ts";
import { afterObjects, asShared } from "../../components/resources/register.ts";
import { resolved, runMocked } from "./mocks.ts";

const DEPLOYMENT = asShared({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "chat" } });
const SERVICE = asShared({ apiVersion: "v1", kind: "Service", metadata: { name: "chat" } });

/** A resource that is registered when the promise resolves. */
function registeredWith(urn: Promise<string>): pulumi.Resource {
  return { urn: pulumi.output(urn) } as pulumi.Resource;
}

const never = (): pulumi.Resource => registeredWith(new Promise(() => undefined));
const done = (): pulumi.Resource => registeredWith(Promise.resolve("urn:pulumi:stack::project::type::chat"));

/** What comes first: the value, or `later` after everything that is ready has run. */
function soon<Value>(value: Promise<Value>): Promise<Value | "later"> {
  return Promise.race([value, new Promise<"later">((resolve) => setTimeout(resolve, 20, "later"))]);
}

describe("the outputs of a service", () => {
  it("are registered after its objects, because the engine serializes them at each step", async () => {
    const args = { model: { uri: "hf://org/model" }, router: { route: {}, gateway: {}, scheduler: {} } };
    const { events } = await runMocked(() => void new LLMInferenceService("chat", args), { milliseconds: 5 });
    const outputs = events.indexOf("outputs kserve-llm:index:LLMInferenceService::chat");
    const late = events.slice(outputs).filter((event) => /^resource (?!kubernetes:apps)/.test(event));
    assert.ok(outputs > 5, events.join("\n"));
    assert.deepEqual(late, []);
  });

  it("are registered after the objects that are not awaited", async () => {
    assert.equal(await soon(afterObjects(1, [DEPLOYMENT, SERVICE], [done(), never()])), "later");
    assert.equal(await soon(afterObjects(1, [DEPLOYMENT, SERVICE], [done(), done()])), 1);
  });

  it("do not wait for a workload, so that the state has them also when a roll-out fails", async () => {
    assert.equal(await soon(afterObjects(1, [DEPLOYMENT, SERVICE], [never(), done()])), 1);
  });

  it("are registered even if an object could not be registered", async () => {
    const failed = registeredWith(Promise.reject(new Error("forbidden")));
    assert.equal(await soon(afterObjects(1, [SERVICE], [failed])), 1);
  });
});

describe("the outputs of a refused service", () => {
  /** The events of rejected promises that the process emits during some work. */
  async function rejections(run: () => Promise<void>): Promise<{ unhandled: unknown[]; late: number }> {
    const seen = { unhandled: [] as unknown[], late: 0 };
    const others = process.listeners("unhandledRejection");
    const onUnhandled = (error: unknown): void => void seen.unhandled.push(error);
    const onLate = (): void => void seen.late++;
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", onUnhandled);
    process.on("rejectionHandled", onLate);
    try {
      await run();
      await soon(new Promise(() => undefined));
    } finally {
      process.off("rejectionHandled", onLate).removeAllListeners("unhandledRejection");
      for (const other of others) process.on("unhandledRejection", other);
    }
    return seen;
  }
  const refused = (): LLMInferenceService =>
    new LLMInferenceService("chat", { model: { uri: "hf://org/model" }, accelerator: "no-such-accelerator" });

  it("fail for a program that uses them late, without a warning of Node", async () => {
    const seen = await rejections(async () => {
      const { result } = await runMocked(() => ({ chat: refused() }));
      await soon(new Promise(() => undefined));
      await assert.rejects(resolved(result.chat.url.apply((url) => `${url}/v1`)), /UnknownAccelerator/);
    });
    assert.equal(seen.late, 0);
  });

  it("let Pulumi report the failure to a program that uses none of them", async () => {
    const { unhandled } = await rejections(async () => void (await runMocked(() => void refused())));
    assert.ok(unhandled.length > 0);
    assert.match(String(unhandled[0]), /UnknownAccelerator/);
    assert.equal(new Set(unhandled).size, 1);
  });
});
