import assert from "node:assert/strict";
import { liveService } from "../../cluster/live.ts";
import { type Kind, SERVICE_KINDS } from "../../core/contract/kinds.ts";
import { labelsOf } from "../../core/contract/names.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { fakeCluster } from "./fake.ts";

const SERVICE = { name: "chat", namespace: "team" };

/** An object with the name and labels of the service's plan. */
function objectOf({ apiVersion, kind, isClusterWide, nameFor }: Kind, service = SERVICE): KubernetesObject {
  const { name, namespace } = service;
  const metadata = {
    name: nameFor?.(service) ?? `${name}-object`,
    ...(!isClusterWide && { namespace }),
    ...(nameFor === undefined && { labels: labelsOf(name) }),
  };
  return { apiVersion, kind, metadata };
}

const shown = ({ apiVersion, kind, metadata }: KubernetesObject): string => `${apiVersion} ${kind} ${metadata.name}`;

describe("diff cluster: objects of a service that are no longer planned", () => {
  for (const kind of SERVICE_KINDS) {
    it(`a ${kind.kind} of ${kind.apiVersion} is found`, async () => {
      const left = objectOf(kind);
      const { before, after, unread } = await liveService([], SERVICE, fakeCluster([left]));
      assert.deepEqual([before.map(shown), after, unread], [[shown(left)], [], []]);
    });

    it(`a ${kind.kind} of ${kind.apiVersion} of another service is left alone`, async () => {
      const others = [
        objectOf(kind, { name: "other", namespace: "team" }),
        objectOf(kind, { name: "chat", namespace: "other" }),
      ];
      const { before } = await liveService([], SERVICE, fakeCluster(others));
      assert.deepEqual(before, []);
    });
  }

  it("a planned object is compared, and is not reported as removed", async () => {
    const objects = SERVICE_KINDS.map((kind) => objectOf(kind));
    const { before, after } = await liveService(objects, SERVICE, fakeCluster(objects));
    assert.deepEqual(before.map(shown), objects.map(shown));
    assert.deepEqual(after.map(shown), objects.map(shown));
  });

  it("the InferencePool of the older API is reported as removed if only the newer one is planned", async () => {
    const [pool, alpha] = SERVICE_KINDS.filter(({ kind }) => kind === "InferencePool").map((kind) => objectOf(kind));
    assert.ok(pool !== undefined && alpha !== undefined);
    const { before, after } = await liveService([pool], SERVICE, fakeCluster([pool, alpha]));
    assert.deepEqual(before.map(shown), [shown(pool), shown(alpha)]);
    assert.deepEqual(after.map(shown), [shown(pool)]);
  });

  it("an object that another controller made is left alone", async () => {
    const [kind] = SERVICE_KINDS;
    assert.ok(kind !== undefined);
    const object = objectOf(kind);
    const ownerReferences = [{ apiVersion: "v1", kind: "Other", name: "other", uid: "1" }];
    const owned = { ...object, metadata: { ...object.metadata, ownerReferences } };
    assert.deepEqual((await liveService([], SERVICE, fakeCluster([owned]))).before, []);
  });

  it("a kind that may not be read is reported, and the others are found", async () => {
    const objects = SERVICE_KINDS.map((kind) => objectOf(kind));
    const cluster = fakeCluster(objects, { forbidden: ["clusterrolebindings", "certificates"] });
    const { before, unread } = await liveService([], SERVICE, cluster);
    assert.deepEqual(unread.map(({ what }) => what).sort(), ["certificates", "clusterrolebindings"]);
    assert.equal(before.length, objects.length - 2);
  });
});
