import assert from "node:assert/strict";
import { type ClusterClient, Refused } from "../../cluster/client.ts";
import { ClusterError } from "../../cluster/error.ts";
import { findings, type Recovery, unrecorded } from "../../cluster/recovery.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { mend } from "../../core/views/recovery/mend.ts";
import type { StateResource } from "../../core/views/recovery/state.ts";
import { STACK_MARK } from "../../core/views/recovery/verdict.ts";
import { deployment, live, provider, STACK, stateOf } from "../core/views/recovery/states.ts";

const MINE = { annotations: { [STACK_MARK]: STACK } };
const PATH = "/apis/apps/v1/namespaces/team/deployments/chat-kserve";

/** A cluster that serves Deployments; successive reads of an object may return different results. */
function clusterWith(objects: Record<string, (KubernetesObject | undefined)[]>): ClusterClient {
  const kinds = { resources: [{ name: "deployments", kind: "Deployment", namespaced: true, verbs: ["get"] }] };
  return {
    server: "https://test",
    context: "test",
    send: () => assert.fail("nothing is written"),
    get: async (path) => {
      if (path === "/apis/apps/v1") return kinds;
      const [first, ...rest] = objects[path] ?? [];
      if (rest.length > 0) objects[path] = rest;
      return first as Record<string, unknown> | undefined;
    },
  };
}

async function found(
  objects: Record<string, (KubernetesObject | undefined)[]>,
  state = stateOf([provider()], [{ type: "creating", resource: deployment("chat-kserve") }]),
  options: Partial<Recovery> = {},
): Promise<string[]> {
  const cluster = clusterWith(objects);
  const all = await findings(state, { connect: async () => cluster, ...options });
  return all.map(({ subject, action }) => `${subject}: ${action}`);
}

describe("the outcome of interrupted operations in the cluster", () => {
  it("finds a created object by the path that the API server reports for its kind", async () => {
    const ours = live("chat-kserve", "pulumi-kubernetes-1a2b", MINE);
    assert.deepEqual(await found({ [PATH]: [ours] }), ["Deployment team/chat-kserve: adopt"]);
    assert.deepEqual(await found({}), ["Deployment team/chat-kserve: drop"]);
  });

  it("takes another owner's object only when it is named", async () => {
    const theirs = live("chat-kserve", "kubectl-create");
    assert.deepEqual(await found({ [PATH]: [theirs] }), ["Deployment team/chat-kserve: refuse"]);
    const take = ["Deployment/chat-kserve"];
    assert.deepEqual(await found({ [PATH]: [theirs] }, undefined, { take }), ["Deployment team/chat-kserve: adopt"]);
  });

  it("waits until an object that is being deleted is gone", async () => {
    const going = live("chat-kserve", "x", { ...MINE, deletionTimestamp: "2026-11-20T10:00:00Z" });
    const state = stateOf([provider()], [{ type: "deleting", resource: deployment("chat-kserve", { id: "x" }) }]);
    assert.deepEqual(await found({ [PATH]: [going, undefined] }, state), ["Deployment team/chat-kserve: forget"]);
    await assert.rejects(found({ [PATH]: [going] }, state, { patienceMs: 0 }), /try again after it is deleted/);
  });

  it("does not look up providers, rendered YAML and resources of other packages in a cluster", async () => {
    const pending = [
      { type: "creating", resource: provider() },
      { type: "creating", resource: deployment("chat-kserve") },
      { type: "deleting", resource: deployment("chat-kserve", { id: "x" }) },
      { type: "creating", resource: { urn: "urn:pet", type: "random:index:Pet" } },
    ];
    const state = stateOf([provider({ renderYamlToDirectory: "rendered" })], pending);
    const connect = () => assert.fail("no cluster is asked");
    const actions = (await findings(state, { connect })).map(({ action }) => action);
    assert.deepEqual(actions, ["drop", "drop", "again", "keep"]);
  });

  it("looks in the namespace of the provider if the object names none", async () => {
    const begun = deployment("chat-kserve");
    const metadata = { name: "chat-kserve", annotations: MINE.annotations };
    const resource = { ...begun, inputs: { ...begun.inputs, metadata } };
    const state = stateOf([provider({ namespace: "team" })], [{ type: "creating", resource }]);
    const ours = live("chat-kserve", "pulumi-kubernetes-1a2b", MINE);
    assert.deepEqual(await found({ [PATH]: [ours] }, state), ["Deployment team/chat-kserve: adopt"]);
  });
});

/** The Deployment of a program that leaves its namespace to the kubeconfig. */
function withoutNamespace(extra: Partial<StateResource> = {}): StateResource {
  const one = deployment("chat-kserve", extra);
  return { ...one, inputs: { ...one.inputs, metadata: { name: "chat-kserve", annotations: MINE.annotations } } };
}

describe("an interrupted operation on an object whose namespace the kubeconfig chose", () => {
  const ours = live("chat-kserve", "pulumi-kubernetes-1a2b", MINE);

  for (const type of ["updating", "deleting"])
    it(`is ${type}: the object is looked up in the namespace of its id, and stays in the state`, async () => {
      const resource = withoutNamespace({ id: "team/chat-kserve" });
      const state = stateOf([provider(), resource], [{ type, resource }]);
      assert.deepEqual(await found({ [PATH]: [ours] }, state), ["Deployment team/chat-kserve: again"]);
    });

  it("is updating, and the engine had not written its id: the state has it, and the resource is updated again", async () => {
    const resource = withoutNamespace({ id: "team/chat-kserve" });
    const state = stateOf([provider(), resource], [{ type: "updating", resource: withoutNamespace() }]);
    const cluster = clusterWith({ [PATH]: [ours] });
    const looked = await findings(state, { connect: async () => cluster });
    const { resources = [] } = mend(state, looked).deployment;
    assert.deepEqual(
      resources.map(({ initErrors }) => initErrors?.length),
      [undefined, 1],
    );
  });

  it("is creating: the object is looked up in the namespace of the context, and is added to the state with its namespace", async () => {
    const state = stateOf([provider()], [{ type: "creating", resource: withoutNamespace() }]);
    const cluster = { ...clusterWith({ [PATH]: [ours] }), namespace: "team" };
    const looked = await findings(state, { connect: async () => cluster });
    assert.deepEqual(
      looked.map(({ action }) => action),
      ["adopt"],
    );
    const { resources = [] } = mend(state, looked).deployment;
    assert.deepEqual(
      resources.map(({ id }) => id),
      ["id", "team/chat-kserve"],
    );
  });
});

describe("changes that the state does not record", () => {
  const kept = deployment("chat-kserve", { id: "team/chat-kserve" });
  const witness = (uid: string) => deployment("other", { id: "team/other", outputs: { metadata: { uid } } });
  const OTHER = PATH.replace("chat-kserve", "other");
  const search = (
    state: ReturnType<typeof stateOf>,
    objects: Record<string, (KubernetesObject | undefined)[]> = {},
  ) => {
    const cluster = clusterWith({
      [OTHER]: [live("other", "pulumi-kubernetes-1a2b", { ...MINE, uid: "1" })],
      ...objects,
    });
    return unrecorded(state, { connect: async () => cluster, patienceMs: 5_000 });
  };
  const lookFor = async (
    state: ReturnType<typeof stateOf>,
    objects: Record<string, (KubernetesObject | undefined)[]> = {},
  ): Promise<string[]> => {
    const { deployment: stack } = state;
    const witnessed = { ...state, deployment: { ...stack, resources: [...(stack.resources ?? []), witness("1")] } };
    const { found, unsure, unread } = await search(witnessed, objects);
    assert.deepEqual([unsure, unread], [[], []]);
    return found.map(({ subject, action, operation }) => `${operation.type}: ${subject}: ${action}`);
  };
  const ours = (extra: object = {}): KubernetesObject =>
    live("chat-kserve", "pulumi-kubernetes-1a2b", { ...MINE, ...extra });

  it("are deletes whose answer was lost: the object leaves the state", async () => {
    const state = stateOf([provider(), kept]);
    assert.deepEqual(await lookFor(state), ["unrecorded: Deployment team/chat-kserve: forget"]);
    assert.deepEqual(await lookFor(state, { [PATH]: [ours()] }), []);
  });

  it("are not assumed if no object shows that the cluster is the stack's: nothing leaves the state", async () => {
    const nothing = { found: [], unsure: ["Deployment team/chat-kserve"], unread: [] };
    assert.deepEqual(await search(stateOf([provider(), kept])), nothing);
    // That cluster has an object of the same name, but a different one.
    assert.deepEqual(await search(stateOf([provider(), kept, witness("2")])), nothing);
  });

  it("do not include an object whose namespace the kubeconfig chose: its id in the state has the namespace", async () => {
    const resource = withoutNamespace({ id: "team/chat-kserve" });
    assert.deepEqual(await lookFor(stateOf([provider(), resource]), { [PATH]: [ours()] }), []);
  });

  it("do not include an object whose version the cluster no longer serves: another version has it", async () => {
    const old = { ...kept, inputs: { ...kept.inputs, apiVersion: "apps/v1beta2" } };
    const groups = [{ preferredVersion: { groupVersion: "apps/v1" }, versions: [{ groupVersion: "apps/v1" }] }];
    const served = { "/apis": [{ groups } as unknown as KubernetesObject] };
    assert.deepEqual(await lookFor(stateOf([provider(), old]), { ...served, [PATH]: [ours()] }), []);
    assert.deepEqual(await lookFor(stateOf([provider(), old]), served), [
      "unrecorded: Deployment team/chat-kserve: forget",
    ]);
  });

  it("are deletes that the cluster has not finished: recover waits for them", async () => {
    const going = ours({ deletionTimestamp: "2026-11-20T10:00:00Z" });
    const found = await lookFor(stateOf([provider(), kept]), { [PATH]: [going, undefined] });
    assert.deepEqual(found, ["unrecorded: Deployment team/chat-kserve: forget"]);
  });

  it("are looked for only in whole objects of a cluster without a pending operation", async () => {
    const connect = () => assert.fail("no cluster is asked");
    const rendered = stateOf([provider({ renderYamlToDirectory: "rendered" }), kept]);
    const patch = { ...kept, type: "kubernetes:apps/v1:DeploymentPatch" };
    const read = { ...kept, external: true };
    const pending = stateOf([provider(), kept], [{ type: "updating", resource: kept }]);
    for (const state of [rendered, stateOf([provider(), patch, read]), pending]) {
      assert.deepEqual(await unrecorded(state, { connect }), { found: [], unsure: [], unread: [] });
    }
  });
});

/** A cluster in which some paths of the other one cannot be read. */
function refusing(cluster: ClusterClient, refusals: Record<string, Error>): ClusterClient {
  const get: ClusterClient["get"] = async (path) => {
    const refusal = refusals[path];
    if (refusal !== undefined) throw refusal;
    return cluster.get(path);
  };
  return { ...cluster, get };
}

const forbidden = (path: string, status = 403): Refused =>
  new Refused(path, { status, body: { message: `User "ci" cannot get ${path}` } });
const pathTo = (name: string): string => PATH.replace("chat-kserve", name);
const recorded = (name: string, uid = name): StateResource =>
  deployment(name, { id: `team/${name}`, outputs: { metadata: { uid } } });
const ours = (name: string, extra: object = {}): KubernetesObject =>
  live(name, "pulumi-kubernetes-1a2b", { ...MINE, uid: name, ...extra });

describe("an object that cannot be read", () => {
  const state = stateOf([provider(), recorded("closed"), recorded("gone"), recorded("here")]);
  const objects = { [pathTo("closed")]: [ours("closed")], [pathTo("here")]: [ours("here")] };

  for (const [why, status, advice] of [
    ["its reader lacks the right", 403, "use an identity that may read it"],
    ["the API server cannot serve it now", 503, ""],
  ] as const)
    it(`is the only one without a verdict if ${why}: the lost delete of another one is found`, async () => {
      const refusal = forbidden(pathTo("closed"), status);
      const cluster = refusing(clusterWith({ ...objects }), { [pathTo("closed")]: refusal });
      const { found: seen, unsure, unread } = await unrecorded(state, { connect: async () => cluster });
      assert.deepEqual(
        seen.map(({ subject, action }) => `${subject}: ${action}`),
        ["Deployment team/gone: forget"],
      );
      assert.deepEqual(unsure, []);
      assert.deepEqual(
        unread.map(({ subject }) => subject),
        ["Deployment team/closed"],
      );
      assert.ok(unread[0]?.why.startsWith(refusal.message) && unread[0].why.includes(advice), unread[0]?.why);
    });

  it("does not show that the cluster is the stack's", async () => {
    const cluster = refusing(clusterWith({}), { [pathTo("here")]: forbidden(pathTo("here")) });
    const kept = stateOf([provider(), recorded("gone"), recorded("here")]);
    const { found: seen, unsure } = await unrecorded(kept, { connect: async () => cluster });
    assert.deepEqual([seen, unsure], [[], ["Deployment team/gone"]]);
  });

  it("may be an object whose delete does not end", async () => {
    const going = ours("closed", { deletionTimestamp: "2026-11-20T10:00:00Z" });
    const cluster = clusterWith({ ...objects, [pathTo("closed")]: [going] });
    const { found: seen, unread } = await unrecorded(state, { connect: async () => cluster, patienceMs: 0 });
    assert.deepEqual(
      seen.map(({ subject }) => subject),
      ["Deployment team/gone"],
    );
    assert.match(unread[0]?.why ?? "", /is being deleted since/);
  });

  it("leaves its pending operation in the state, and the other operations are decided", async () => {
    const pending = ["closed", "gone"].map((name) => ({ type: "creating", resource: deployment(name) }));
    const begun = stateOf([provider()], pending);
    const cluster = refusing(clusterWith({}), { [pathTo("closed")]: forbidden(pathTo("closed")) });
    const seen = await findings(begun, { connect: async () => cluster });
    assert.deepEqual(
      seen.map(({ subject, action }) => `${subject}: ${action}`),
      ["Deployment team/closed: unread", "Deployment team/gone: drop"],
    );
    assert.deepEqual(mend(begun, seen).deployment.pending_operations, pending.slice(0, 1));
  });
});

describe("a cluster that does not answer", () => {
  it("is not asked again after its first time-out, and objects of another cluster are examined", async () => {
    const other = { ...provider(), urn: `${provider().urn}-2` };
    const names = Array.from({ length: 20 }, (_, index) => `far-${index}`);
    const far = names.map((name) => ({ ...recorded(name), provider: `${other.urn}::id` }));
    const state = stateOf([provider(), other, ...far, recorded("gone"), recorded("here")]);
    let asked = 0;
    const silent: ClusterClient = {
      ...clusterWith({}),
      get: async () => {
        asked += 1;
        throw new ClusterError("https://far: the server did not respond in time");
      },
    };
    const near = clusterWith({ [pathTo("here")]: [ours("here")] });
    const connect: Recovery["connect"] = async (one) => (one?.urn === other.urn ? silent : near);
    const { found: seen, unread } = await unrecorded(state, { connect });
    assert.deepEqual(
      seen.map(({ subject }) => subject),
      ["Deployment team/gone"],
    );
    assert.equal(unread.length, names.length);
    assert.equal(asked, 1);
  });
});

describe("an object whose kind moved to another group", () => {
  const OLD = "extensions/v1beta1";
  const old = (uid?: string): StateResource => {
    const one = deployment("moved", { id: "team/moved", outputs: uid === undefined ? {} : { metadata: { uid } } });
    return { ...one, inputs: { ...one.inputs, apiVersion: OLD } };
  };
  const versions = (groupVersion: string) => ({
    preferredVersion: { groupVersion },
    versions: [{ groupVersion }],
  });
  /** A cluster that serves Deployments of apps/v1 alone, with a witness and perhaps the object. */
  const cluster = (moved?: KubernetesObject): ClusterClient =>
    clusterWith({
      "/apis": [{ groups: [versions("apps/v1"), versions("batch/v1")] } as unknown as KubernetesObject],
      [pathTo("here")]: [ours("here")],
      ...(moved && { [pathTo("moved")]: [moved] }),
    });
  const look = async (resource: StateResource, moved?: KubernetesObject) => {
    const state = stateOf([provider(), resource, recorded("here")]);
    const { found: seen, unread } = await unrecorded(state, { connect: async () => cluster(moved) });
    return { actions: seen.map(({ action }) => action), unread: unread.map(({ why }) => why) };
  };

  it("stays in the state when the cluster has it under its UID in the new group", async () => {
    assert.deepEqual(await look(old("moved"), ours("moved")), { actions: [], unread: [] });
  });

  it("leaves the state when the new group has only another object of its name, or none", async () => {
    assert.deepEqual(await look(old("1"), ours("moved")), { actions: ["forget"], unread: [] });
    assert.deepEqual(await look(old("1")), { actions: ["forget"], unread: [] });
    assert.deepEqual(await look(old()), { actions: ["forget"], unread: [] });
  });

  it("is not judged when the state has no UID to compare", async () => {
    const { actions, unread } = await look(old(), ours("moved"));
    assert.deepEqual(actions, []);
    assert.match(unread[0] ?? "", /Deployment of extensions\/v1beta1, but has a Deployment of apps\/v1 with this name/);
  });

  const pending = async (type: string, resource: StateResource, moved?: KubernetesObject) => {
    const state = stateOf([provider(), old("moved")], [{ type, resource }]);
    const [finding] = await findings(state, { connect: async () => cluster(moved) });
    return finding;
  };

  it("is updated again after an interrupted update or delete, which names the group that the cluster serves", async () => {
    for (const type of ["updating", "deleting"]) {
      const { outputs: _outputs, ...begun } = old();
      const finding = await pending(type, begun, ours("moved"));
      assert.equal(finding?.action, "again");
      assert.match(finding?.why ?? "", /the cluster has it as apps\/v1: set this apiVersion/);
    }
  });

  it("is not treated as the result of an interrupted create under the old group", async () => {
    const urn = "urn:pulumi:prod::serving::kubernetes:extensions/v1beta1:Deployment::other";
    assert.equal((await pending("creating", { ...old(), urn, id: undefined }, ours("moved")))?.action, "drop");
  });

  it("is not added to the state a second time under the new group, because the next run would delete the first", async () => {
    const resource = { ...deployment("moved"), urn: "urn:pulumi:prod::serving::kubernetes:apps/v1:Deployment::other" };
    for (const take of [[], ["Deployment/moved"]]) {
      const state = stateOf([provider(), old("moved")], [{ type: "creating", resource }]);
      const seen = await findings(state, { connect: async () => cluster(ours("moved")), take });
      assert.equal(seen[0]?.action, "held");
      assert.match(seen[0].why, /add this URN to the aliases/);
      const { resources = [], pending_operations } = mend(state, seen).deployment;
      assert.deepEqual([resources.length, pending_operations], [2, []]);
    }
  });

  it("is added to the state under the new group when it is another object than that of the old group", async () => {
    const resource = { ...deployment("moved"), urn: "urn:pulumi:prod::serving::kubernetes:apps/v1:Deployment::other" };
    const state = stateOf([provider(), old("1")], [{ type: "creating", resource }]);
    const [finding] = await findings(state, { connect: async () => cluster(ours("moved")) });
    assert.equal(finding?.action, "adopt");
  });
});
