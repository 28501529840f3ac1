import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { startCluster } from "../../tools/cluster/cluster.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { changesOf, eventsOf } from "./changes.ts";
import { openStack, withFolder } from "./engine.ts";

const KEYS = ["platform", "team", "words", "image", "claim", "json", "two"];
/** Lower-case letters and digits, so that each can stand in a name, a path and an image. */
const hidden = (key: string): string => `hidden${key}7c1f`;
const PORT = 41739;

/** Every file below a folder, as text. */
function textsBelow(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => [file, readFileSync(file, "utf8")]);
}

describe("secrets in the state of a stack", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster?.stop());

  async function bringUp(stack: Stack): Promise<string> {
    const values = [...KEYS.map((key) => [key, hidden(key)] as const), ["port", String(PORT)] as const];
    await stack.setAllConfig(Object.fromEntries(values.map(([key, value]) => [key, { value, secret: true }])));
    const events = await eventsOf(async (onEvent) => void (await stack.up({ onEvent })));
    const again = await eventsOf(async (onEvent) => void (await stack.preview({ onEvent })));
    const changes = changesOf(again).filter(({ op }) => op !== "read");
    assert.deepEqual(changes, [], "a second preview is clean");
    return JSON.stringify([events, again]);
  }

  function judge(folder: string, events: string): void {
    const files = textsBelow(join(folder, "backend"));
    assert.ok(
      files.some(([file]) => file.includes("history")),
      "the history is among them",
    );
    assert.ok(
      files.some(([, text]) => text.includes("words-kserve")),
      "the objects are among them",
    );
    for (const [file, text] of [...files, ["the engine's events", events]]) {
      for (const key of KEYS) assert.ok(!text?.includes(hidden(key)), `${key} is readable in ${file}`);
      // Not as a part of a random id or hash.
      const at = text?.search(new RegExp(`(?<![\\w-])${PORT}(?![\\w-])`)) ?? -1;
      assert.ok(at < 0, `the port is readable in ${file}: ${text?.slice(at - 200, at + 50)}`);
    }
  }

  it("are not readable if objects are rendered, although the YAML has their values", () =>
    withFolder(async (folder) => {
      const renderTo = join(folder, "rendered");
      const stack = await openStack(folder, "secrets.ts", { config: { renderTo } });
      judge(folder, await bringUp(stack));
      const yaml = textsBelow(renderTo)
        .map(([, text]) => text)
        .join("\n");
      for (const value of [...KEYS.map(hidden), String(PORT)]) assert.ok(yaml.includes(value), `${value} is rendered`);
    }));

  it("are not readable if objects are created on a cluster", () =>
    withFolder(async (folder) => {
      const stack = await openStack(folder, "secrets.ts", {
        kubeconfig: cluster.kubeconfig,
        config: { services: "words pinned port" },
      });
      judge(folder, await bringUp(stack));
      const { body } = await cluster.request("GET", "/apis/apps/v1/namespaces/default/deployments/words-kserve");
      assert.ok(JSON.stringify(body.spec).includes(hidden("words")), "the Deployment has its flag");
    }));
});
