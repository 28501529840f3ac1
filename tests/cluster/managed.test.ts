import assert from "node:assert/strict";
import { readManaged } from "../../cluster/managed.ts";
import { API_VERSION, type LLMInferenceService } from "../../core/api/service.ts";
import { type Kind, SERVICE_KINDS } from "../../core/contract/kinds.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { handOver } from "../../core/views/import/handover.ts";
import { fakeCluster } from "./fake.ts";

const NAMESPACE = "team";
const SERVICE: LLMInferenceService = {
  apiVersion: API_VERSION,
  kind: "LLMInferenceService",
  metadata: { name: "chat", namespace: NAMESPACE, ...{ uid: "service-uid" } },
  spec: { model: { uri: "hf://org/model" } },
};
const OWNER = { apiVersion: API_VERSION, kind: SERVICE.kind, name: "chat", uid: "service-uid" };

function owned({ apiVersion, kind, isClusterWide, nameFor }: Kind): KubernetesObject {
  const name = nameFor?.({ name: "chat", namespace: NAMESPACE }) ?? "chat-object";
  const metadata = { name, ...(!isClusterWide && { namespace: NAMESPACE }), ownerReferences: [OWNER] };
  return { apiVersion, kind, metadata };
}

const shown = ({ apiVersion, kind }: { apiVersion: string; kind: string }): string => `${apiVersion} ${kind}`;

describe("the hand-over of a service from KServe", () => {
  const made = SERVICE_KINDS.map(owned);
  const cluster = () => fakeCluster([{ ...SERVICE } as KubernetesObject, ...made]);

  it("reads every object of every kind once", async () => {
    const found = await readManaged(cluster(), NAMESPACE, "kserve");
    assert.deepEqual(found.map(shown).sort(), [SERVICE, ...made].map(shown).sort());
  });

  it("releases each object once, a VariantAutoscaling among them", async () => {
    const objects = (await readManaged(cluster(), NAMESPACE, "kserve")).filter(({ kind }) => kind !== SERVICE.kind);
    const released = handOver(SERVICE, objects).filter(({ what }) => what === "owner reference");
    assert.deepEqual(released.map(({ object }) => shown(object)).sort(), made.map(shown).sort());
    assert.equal(released.filter(({ object }) => object.kind === "VariantAutoscaling").length, 1);
  });

  it("reads no list twice", async () => {
    const one = cluster();
    await readManaged(one, NAMESPACE, "kserve");
    assert.deepEqual(one.read, [...new Set(one.read)]);
  });
});
