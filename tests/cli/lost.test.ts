import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findLost, type Lost, lostText, mendAll, rootsOf } from "../../cli/state/lost.ts";
import { type ClusterClient, Refused } from "../../cluster/client.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import type { StateResource } from "../../core/views/recovery/state.ts";
import { STACK_MARK } from "../../core/views/recovery/verdict.ts";
import { deployment, live, PROVIDER, provider, STACK, stateOf } from "../core/views/recovery/states.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const ROOT = "urn:pulumi:prod::serving::pulumi:pulumi:Stack::serving-prod";
const PARENT = "urn:pulumi:prod::serving::kserve-llm:index:LLMInferenceService::chat";
const OURS = live("chat-kserve", "pulumi-kubernetes-1a2b", { annotations: { [STACK_MARK]: STACK } });
const UNMARKED = live("plain", "pulumi-kubernetes-1a2b");

/** A Deployment of the program without a mark: it does not belong to a component. */
function plain(): ReturnType<typeof deployment> {
  const made = deployment("plain", { parent: ROOT, provider: `${PROVIDER}::${UNKNOWN}` });
  return { ...made, inputs: { ...made.inputs, metadata: { name: "plain", namespace: "team" } } };
}

const CREATES = [
  { urn: ROOT, type: "pulumi:pulumi:Stack", custom: false },
  { ...provider(), id: undefined },
  { urn: PARENT, type: "kserve-llm:index:LLMInferenceService", custom: false, parent: ROOT },
  deployment("chat-kserve", { parent: PARENT, provider: `${PROVIDER}::${UNKNOWN}` }),
  deployment("not-made", { parent: PARENT, provider: `${PROVIDER}::${UNKNOWN}` }),
  plain(),
];

/** A cluster that serves Deployments of the namespace `team`. */
function clusterWith(...objects: KubernetesObject[]): ClusterClient {
  const kinds = { resources: [{ name: "deployments", kind: "Deployment", namespaced: true, verbs: ["get"] }] };
  const paths = new Map(objects.map((one) => [`/apis/apps/v1/namespaces/team/deployments/${one.metadata.name}`, one]));
  return {
    server: "https://test",
    context: "test",
    send: () => assert.fail("nothing is written"),
    get: async (path) => (path === "/apis/apps/v1" ? kinds : (paths.get(path) as Record<string, unknown> | undefined)),
  };
}

describe("objects that exist although the state does not contain them", () => {
  let folder: string;
  const before = process.env["PATH"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kserve-llm-lost-"));
    const steps = CREATES.map((newState) => ({ op: "create", urn: newState.urn, newState }));
    writeFileSync(join(folder, "preview"), JSON.stringify({ steps }));
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\ncat ${folder}/preview\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
    process.env["PATH"] = `${folder}${delimiter}${before}`;
  });
  afterEach(() => {
    process.env["PATH"] = before;
    rmSync(folder, { recursive: true, force: true });
  });

  async function find(take: string[] = []): Promise<Lost> {
    const found = await findLost(stateOf([]), { connect: async () => clusterWith(OURS, UNMARKED), take }, {});
    assert.ok(typeof found !== "string", String(found));
    return found;
  }

  it("are added to an empty state, with stack, provider and component, when they have the stack's mark", async () => {
    const lost = await find();
    assert.deepEqual(rootsOf(lost, stateOf([])), [ROOT, PROVIDER]);
    const made = stateOf([{ urn: ROOT, type: "pulumi:pulumi:Stack" }, provider()]);
    const { resources = [], pending_operations: pending } = mendAll(made, [], lost).deployment;
    assert.deepEqual(
      resources.map(({ urn, id }) => [urn, id]),
      [
        [ROOT, undefined],
        [PROVIDER, "id"],
        [PARENT, undefined],
        [deployment("chat-kserve").urn, "team/chat-kserve"],
      ],
    );
    assert.equal(resources.at(-1)?.provider, `${PROVIDER}::id`);
    assert.deepEqual(pending, []);
  });

  it("are listed with the command that takes them over when they have no mark", async () => {
    const lost = await find();
    const text = lostText(lost);
    assert.match(text, /Deployment team\/plain: it has no mark of a stack/);
    assert.match(text, /kserve-llm recover --take Deployment\/plain\n/);
    assert.equal(lostText({ ...lost, others: [] }), "");
  });

  it("are not added to the state when it contains them as another resource, which is named", async () => {
    const outputs = { metadata: { uid: "1" } };
    const held: StateResource = {
      ...deployment("renamed", { id: "team/chat-kserve", outputs }),
      urn: "urn:pulumi:former",
    };
    const marked = live("chat-kserve", "pulumi-kubernetes-1a2b", { annotations: { [STACK_MARK]: STACK }, uid: "1" });
    const connect = async () => clusterWith(marked);
    const lost = await findLost(stateOf([held]), { connect, take: ["Deployment/chat-kserve"] }, {});
    assert.ok(typeof lost !== "string", String(lost));
    assert.deepEqual([lost.ours, lost.others], [[], []]);
    assert.match(
      lostText(lost),
      /Deployment team\/chat-kserve: the state contains it as urn:pulumi:former; add this URN/,
    );
  });

  it("are named when they may not be read, and the others are added to the state", async () => {
    const path = "/apis/apps/v1/namespaces/team/deployments/not-made";
    const cluster = clusterWith(OURS);
    const get: ClusterClient["get"] = async (asked) => {
      if (asked === path) throw new Refused(asked, { status: 403, body: { message: "forbidden" } });
      return cluster.get(asked);
    };
    const lost = await findLost(stateOf([]), { connect: async () => ({ ...cluster, get }) }, {});
    assert.ok(typeof lost !== "string", String(lost));
    assert.deepEqual(
      lost.ours.map(({ subject }) => subject),
      ["Deployment team/chat-kserve"],
    );
    assert.match(lostText(lost), /may exist:\n {2}Deployment team\/not-made: .*403 forbidden; use an identity/);
  });

  it("are added to the state without a mark when they are named", async () => {
    const { ours, others } = await find(["Deployment/plain"]);
    assert.deepEqual(
      ours.map(({ subject }) => subject),
      ["Deployment team/chat-kserve", "Deployment team/plain"],
    );
    assert.deepEqual(others, []);
  });

  it("are not looked for when the preview fails, and its message is returned", async () => {
    writeFileSync(join(folder, "pulumi"), "#!/bin/sh\necho 'error: no program' >&2\nexit 255\n");
    const found = await findLost(stateOf([]), { connect: () => assert.fail("no cluster is asked") }, {});
    assert.match(String(found), /no program/);
  });

  it("are looked for with a preview that reads the cluster when the state contains objects that no longer exist", async () => {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho "$@" >> ${folder}/calls\ncat ${folder}/preview\n`);
    const connect = async () => clusterWith();
    await findLost(stateOf([]), { connect }, {});
    await findLost(stateOf([]), { connect }, {}, true);
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    assert.deepEqual(calls, ["preview --json --non-interactive", "preview --json --refresh --non-interactive"]);
  });
});
