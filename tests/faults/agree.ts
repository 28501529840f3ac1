import assert from "node:assert/strict";
import { connect } from "../../cluster/client.ts";
import { listAll } from "../../cluster/list.ts";
import { Resources } from "../../cluster/resources.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { isKubernetes, isPatch, objectOf, pendingOperations } from "../../core/views/recovery/state.ts";
import { STACK_MARK } from "../../core/views/recovery/verdict.ts";
import { PREVIEW, type Project } from "./project.ts";

interface Found extends KubernetesObject {
  metadata: KubernetesObject["metadata"] & {
    uid: string;
    deletionTimestamp?: string;
    managedFields?: { manager?: string; operation?: string; subresource?: string }[];
  };
}

/** Groups and kinds whose objects carry no stack: copies, and objects that controllers make. */
const CLUSTER_WIDE = ["rbac.authorization.k8s.io/v1 ClusterRoleBinding", "v1 Namespace"];

/**
 * Every object of a cluster with a stack's annotation, in the namespaces and among the cluster-wide kinds, except for
 * those being deleted.
 */
export async function marked(kubeconfig: string, namespaces: readonly string[]): Promise<Found[]> {
  const cluster = await connect({ kubeconfig });
  const resources = new Resources(cluster);
  const found: Found[] = [];
  for (const apiVersion of await resources.groupVersions()) {
    for (const { kind, namespaced, verbs } of await resources.kinds(apiVersion)) {
      if (!verbs.includes("list") || !(namespaced || CLUSTER_WIDE.includes(`${apiVersion} ${kind}`))) continue;
      for (const namespace of namespaced ? namespaces : ["default"]) {
        const path = (await resources.collection(apiVersion, kind, namespace)) ?? "";
        const items = await listAll<Found>(cluster, path);
        found.push(...items.map((item) => ({ ...item, apiVersion, kind })));
      }
    }
  }
  // Controllers copy annotations to the objects that they make: ReplicaSets have those of their Deployment.
  const own = found.filter(
    ({ metadata }) => metadata.annotations?.[STACK_MARK] !== undefined && metadata.ownerReferences === undefined,
  );
  // An object may be served in several versions.
  return [...new Map(own.map((object) => [object.metadata.uid, object])).values()];
}

function named({ kind, metadata: { namespace = "", name } }: KubernetesObject): string {
  return `${kind} ${namespace}/${name}`;
}

/** An object without its creator and times: the part that must be equal in two runs. */
function essence(object: Found): unknown {
  const { uid: _uid, managedFields: _fields, ...rest } = object.metadata as Record<string, unknown>;
  const { resourceVersion: _version, creationTimestamp: _created, generation: _generation, ...metadata } = rest;
  const annotations = Object.entries((metadata["annotations"] ?? {}) as object).filter(
    ([key]) => !key.startsWith("deployment.kubernetes.io/"),
  );
  const { status: _status, ...body } = object as Found & { status?: unknown };
  return JSON.parse(
    JSON.stringify(
      { ...body, metadata: { ...metadata, annotations: Object.fromEntries(annotations) } },
      (key, value) => (["clusterIP", "clusterIPs", "caBundle"].includes(key) ? "given" : value),
    ),
  );
}

export type Essence = Record<string, unknown>;

function essenceOf(objects: readonly Found[]): Essence {
  return Object.fromEntries(objects.map((object): [string, unknown] => [named(object), essence(object)]).sort());
}

/**
 * State and cluster agree: nothing is pending, nothing exists twice, no object of the stack is only in the cluster, a
 * preview that reads the cluster finds no change, and every object is as it would be without the fault.
 */
export async function assertAgree(
  project: Project,
  kubeconfig: string,
  namespaces: readonly string[],
  expected?: Essence,
): Promise<Essence> {
  const state = project.state();
  const resources = state.deployment.resources ?? [];
  assert.deepEqual(pendingOperations(state), [], "nothing is under way");
  assert.deepEqual(
    resources.filter((one) => one.delete || one.initErrors),
    [],
    "nothing is left to do",
  );
  const urns = resources.map(({ urn }) => urn);
  assert.deepEqual([...new Set(urns)], urns, "every resource is in the state once");
  const owned = resources.filter((one) => isKubernetes(one) && !isPatch(one));
  const live = (await marked(kubeconfig, namespaces)).filter((one) => one.metadata.deletionTimestamp === undefined);
  const inState = owned.flatMap((resource) => {
    const object = objectOf(resource);
    const { uid } = (resource.outputs?.["metadata"] ?? {}) as { uid?: string };
    return object === undefined ? [] : [{ name: named(object), uid }];
  });
  // The metadata of an object with a secret is a secret in the state: such an object is only known by its name.
  const sealed = new Set(inState.filter(({ uid }) => uid === undefined).map(({ name }) => name));
  const shown = (name: string, uid: string | undefined): string => (sealed.has(name) ? name : `${name} ${uid}`);
  const ofState = inState.map(({ name, uid }) => shown(name, uid));
  const inCluster = live.map((object) => shown(named(object), object.metadata.uid));
  assert.deepEqual(ofState.sort(), inCluster.sort(), "state and cluster have the same objects");
  for (const object of live) {
    const managers = (object.metadata.managedFields ?? []).filter(
      ({ manager = "", subresource }) => manager.startsWith("pulumi-") && !subresource,
    );
    assert.equal(new Set(managers.map(({ manager }) => manager)).size, 1, `${named(object)} has one manager`);
  }
  if (resources.length > 1) await project.run(PREVIEW);
  const found = essenceOf(live);
  if (expected !== undefined) assert.deepEqual(found, expected, "every object is as it would be");
  assert.doesNotMatch(JSON.stringify(state), /hunter2/, "what is secret stays so in the state");
  return found;
}
