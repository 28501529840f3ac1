import assert from "node:assert/strict";
import type { ClusterClient } from "../../cluster/client.ts";
import { findings, type Recovery, unrecorded } from "../../cluster/recovery.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { mend } from "../../core/views/recovery/mend.ts";
import type { StateResource } from "../../core/views/recovery/state.ts";
import { STACK_MARK } from "../../core/views/recovery/verdict.ts";
import { deployment, live, provider, STACK, stateOf } from "../core/views/recovery/states.ts";

const MINE = { annotations: { [STACK_MARK]: STACK } };
const PATH = "/apis/apps/v1/namespaces/team/deployments/chat-kserve";

/** A cluster that knows Deployments; an object may be several things, one look after the other. */
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

describe("a look at how interrupted operations ended", () => {
  it("finds what was created, by the path that the API server gives its kind", async () => {
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

  it("asks no cluster about providers, rendered YAML and resources of other packages", async () => {
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

  it("looks in the namespace of the provider where the object names none", async () => {
    const begun = deployment("chat-kserve");
    const metadata = { name: "chat-kserve", annotations: MINE.annotations };
    const resource = { ...begun, inputs: { ...begun.inputs, metadata } };
    const state = stateOf([provider({ namespace: "team" })], [{ type: "creating", resource }]);
    const ours = live("chat-kserve", "pulumi-kubernetes-1a2b", MINE);
    assert.deepEqual(await found({ [PATH]: [ours] }, state), ["Deployment team/chat-kserve: adopt"]);
  });
});

/** The Deployment as programs have it that leave its namespace to the kubeconfig. */
function withoutNamespace(extra: Partial<StateResource> = {}): StateResource {
  const one = deployment("chat-kserve", extra);
  return { ...one, inputs: { ...one.inputs, metadata: { name: "chat-kserve", annotations: MINE.annotations } } };
}

describe("an interrupted operation on an object whose namespace the kubeconfig chose", () => {
  const ours = live("chat-kserve", "pulumi-kubernetes-1a2b", MINE);

  for (const type of ["updating", "deleting"])
    it(`is ${type}: the object is looked for where its id says, and stays in the state`, async () => {
      const resource = withoutNamespace({ id: "team/chat-kserve" });
      const state = stateOf([provider(), resource], [{ type, resource }]);
      assert.deepEqual(await found({ [PATH]: [ours] }, state), ["Deployment team/chat-kserve: again"]);
    });

  it("is creating: the object is looked for where the context says, and comes into the state by its namespace", async () => {
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
    const { found, unsure } = await search(witnessed, objects);
    assert.deepEqual(unsure, []);
    return found.map(({ subject, action, operation }) => `${operation.type}: ${subject}: ${action}`);
  };
  const ours = (extra: object = {}): KubernetesObject =>
    live("chat-kserve", "pulumi-kubernetes-1a2b", { ...MINE, ...extra });

  it("are deletes whose answer was lost: the object leaves the state", async () => {
    const state = stateOf([provider(), kept]);
    assert.deepEqual(await lookFor(state), ["unrecorded: Deployment team/chat-kserve: forget"]);
    assert.deepEqual(await lookFor(state, { [PATH]: [ours()] }), []);
  });

  it("are not believed where no object shows that the cluster is the stack's: nothing leaves the state", async () => {
    const nothing = { found: [], unsure: ["Deployment team/chat-kserve"] };
    assert.deepEqual(await search(stateOf([provider(), kept])), nothing);
    // An object of the same name is in that cluster, but it is another one.
    assert.deepEqual(await search(stateOf([provider(), kept, witness("2")])), nothing);
  });

  it("are not seen in an object whose namespace the kubeconfig chose: its id in the state names it", async () => {
    const resource = withoutNamespace({ id: "team/chat-kserve" });
    assert.deepEqual(await lookFor(stateOf([provider(), resource]), { [PATH]: [ours()] }), []);
  });

  it("are not seen in an object whose version the cluster no longer serves: another version has it", async () => {
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

  it("are looked for in whole objects of a cluster only, and not where an operation is pending", async () => {
    const connect = () => assert.fail("no cluster is asked");
    const rendered = stateOf([provider({ renderYamlToDirectory: "rendered" }), kept]);
    const patch = { ...kept, type: "kubernetes:apps/v1:DeploymentPatch" };
    const read = { ...kept, external: true };
    const pending = stateOf([provider(), kept], [{ type: "updating", resource: kept }]);
    for (const state of [rendered, stateOf([provider(), patch, read]), pending]) {
      assert.deepEqual(await unrecorded(state, { connect }), { found: [], unsure: [] });
    }
  });
});
