import assert from "node:assert/strict";
import { liveService } from "../../cluster/live.ts";
import { findings, unrecorded } from "../../cluster/recovery.ts";
import { asJson, objectOf } from "../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { isDisaggregatedSet } from "../../core/kubernetes/workloads/disaggregatedset.ts";
import { workloadsOf } from "../../core/kubernetes/workloads/workloads.ts";
import { diffObjects } from "../../core/views/diff/diff.ts";
import { impactOf } from "../../core/views/diff/impact.ts";
import { mend } from "../../core/views/recovery/mend.ts";
import type { StateResource } from "../../core/views/recovery/state.ts";
import { STACK_MARK } from "../../core/views/recovery/verdict.ts";
import { PROVIDER, provider, STACK, stateOf } from "../core/views/recovery/states.ts";
import { objectsOf, TRANSITIONS } from "../core/views/transitions.ts";
import { fakeCluster } from "./fake.ts";

const SERVICE = { name: "chat", namespace: "team" };
const title = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.namespace}/${metadata.name}`;

/** The workloads that the objects stand for, and the sets from which the controller makes them. */
function workloads(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter((object) => isDisaggregatedSet(object) || workloadsOf([object]).length > 0);
}

/** A LeaderWorkerSet as the controller of a set makes it, with the labels of the service. */
function ofController(set: KubernetesObject): KubernetesObject {
  const { apiVersion, kind, metadata } = set;
  const owner = { apiVersion, kind, name: metadata.name, uid: "1" };
  return {
    ...{ apiVersion: "leaderworkerset.x-k8s.io/v1", kind: "LeaderWorkerSet" },
    metadata: { ...metadata, name: `${metadata.name}-0-12345678-decode`, ownerReferences: [owner] },
  };
}

describe("diff cluster of a service with groups or a set", () => {
  for (const { title: change, specs, gpus } of TRANSITIONS) {
    const [before, after] = [objectsOf(specs[0]), objectsOf(specs[1])];

    it(`finds the same changes as the diff of two files: ${change}`, async () => {
      const found = await liveService(after, SERVICE, fakeCluster(before));
      const impact = impactOf(found.before, found.after);
      assert.deepEqual(impact.workloads, impactOf(before, after).workloads);
      assert.deepEqual([impact.gpus.before, impact.gpus.after, impact.gpus.peak], [gpus.before, gpus.after, gpus.peak]);
      const gone = (objects: readonly KubernetesObject[]) =>
        diffObjects(objects, after).filter((one) => one.change === "delete");
      assert.deepEqual(gone(found.before), gone(before));
      assert.deepEqual(found.unread, []);
    });

    it(`finds nothing after the change, and ignores objects of the set's controller: ${change}`, async () => {
      const made = after.filter(isDisaggregatedSet).map(ofController);
      const found = await liveService(after, SERVICE, fakeCluster([...after, ...made]));
      assert.deepEqual(diffObjects(found.before, found.after), []);
      assert.equal(found.before.length, after.length);
    });
  }
});

/** An object as it is in the state of a stack, or in an interrupted create. */
function resource(object: KubernetesObject, extra: Partial<StateResource> = {}): StateResource {
  const { apiVersion, kind, metadata } = object;
  const annotations = { ...metadata.annotations, [STACK_MARK]: STACK };
  const type = `kubernetes:${apiVersion}:${kind}`;
  return {
    urn: `urn:pulumi:prod::serving::kserve-llm:index:LLMInferenceService$${type}::chat/${kind}/${metadata.name}`,
    ...{ type, custom: true, provider: `${PROVIDER}::id` },
    inputs: objectOf(asJson({ ...object, metadata: { ...metadata, annotations } })),
    ...extra,
  };
}

/** Unique within a cluster. */
function uidOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}

/** The object in the API server after this stack made it. */
function made(object: KubernetesObject): KubernetesObject {
  const { metadata } = object;
  const managedFields = [{ manager: "pulumi-kubernetes-1a2b", operation: "Apply" }];
  const annotations = { ...metadata.annotations, [STACK_MARK]: STACK };
  const own = { annotations, uid: uidOf(object), creationTimestamp: "2026-11-20T10:00:00Z", managedFields };
  return { ...object, metadata: { ...metadata, ...own } as KubernetesObject["metadata"] };
}

const kept = (object: KubernetesObject): StateResource =>
  resource(object, {
    id: `team/${object.metadata.name}`,
    outputs: { metadata: { uid: uidOf(object) } },
  });

describe("recover after a change of groups or of a set was interrupted", () => {
  for (const { title: change, specs } of TRANSITIONS) {
    const [old, wanted] = [workloads(objectsOf(specs[0])), workloads(objectsOf(specs[1]))];
    const names = new Set(old.map(title));
    const added = wanted.filter((object) => !names.has(title(object)));
    const removed = old.filter((object) => !wanted.map(title).includes(title(object)));

    it(`decides about each workload by itself: ${change}`, async () => {
      const creating = added.map((object) => ({ type: "creating", resource: resource(object) }));
      const deleting = removed.map((object) => ({ type: "deleting", resource: kept(object) }));
      const state = stateOf([provider(), ...old.map(kept)], [...creating, ...deleting]);
      assert.ok(creating.length + deleting.length > 0);
      // The first of the new workloads was made, and the last of the old ones still exists.
      const inCluster = [...added.slice(0, 1), ...removed.slice(-1)];
      const connect = async () => fakeCluster(inCluster.map(made));
      const found = await findings(state, { connect });
      assert.deepEqual(
        found.map(({ subject, action }) => `${subject}: ${action}`),
        [
          ...added.map((object, index) => `${title(object)}: ${index === 0 ? "adopt" : "drop"}`),
          ...removed.map((object, index) => `${title(object)}: ${index === removed.length - 1 ? "again" : "forget"}`),
        ],
      );
      const { resources = [], pending_operations } = mend(state, found).deployment;
      const expected = [...old.filter((object) => !removed.slice(0, -1).includes(object)), ...added.slice(0, 1)];
      assert.deepEqual(
        resources.slice(1).map(({ id }) => id),
        expected.map(({ metadata }) => `team/${metadata.name}`),
      );
      assert.deepEqual(pending_operations, []);
    });

    it(`finds deletes whose answer was lost, and no others: ${change}`, async () => {
      const all = [...old, ...added];
      const [witness, ...rest] = all;
      assert.ok(witness !== undefined);
      const state = stateOf([provider(), ...all.map(kept)]);
      const { found, unsure, unread } = await unrecorded(state, { connect: async () => fakeCluster([made(witness)]) });
      assert.deepEqual(
        found.map(({ subject, action }) => `${subject}: ${action}`),
        rest.map((object) => `${title(object)}: forget`),
      );
      assert.deepEqual([unsure, unread], [[], []]);
    });
  }
});
