import assert from "node:assert/strict";
import { API_VERSION, type LLMInferenceService, type LLMInferenceServiceConfig } from "../../../../core/api/service.ts";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import { hardened } from "../../../../core/knowledge/presets/parts.ts";
import { presets } from "../../../../core/knowledge/stacks/stacks.ts";
import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import { plan } from "../../../../core/plan.ts";
import { adoption, type Managed } from "../../../../core/views/import/adoption.ts";
import { handOver, orphans } from "../../../../core/views/import/handover.ts";
import { managedIn } from "../../../../core/views/import/managed.ts";
import { programOf } from "../../../../core/views/import/program.ts";
import { deepFreeze } from "../../stages/merge/freeze.ts";

const FINALIZER = "serving.kserve.io/llmisvc-finalizer";
const CONFIG = {
  apiVersion: API_VERSION,
  kind: "LLMInferenceServiceConfig",
  metadata: { name: "pinned-template", namespace: "kserve" },
  spec: { template: { containers: [{ name: "main", image: "engine:1", resources: { limits: { cpu: "1000m" } } }] } },
} as LLMInferenceServiceConfig;
const MIGRATED = { "serving.kserve.io/inference-pool-migrated": "v1" };
const ALPHA = "inference.networking.x-k8s.io";
const GATEWAY = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "Gateway",
  metadata: { name: DEFAULT_SETTINGS.ingressGatewayName, namespace: DEFAULT_SETTINGS.ingressGatewayNamespace },
} as KubernetesObject;
const UNUSED = { ...CONFIG, metadata: { name: "unused", namespace: "kserve" } };

function chat(spec: object = {}): LLMInferenceService {
  const finalizers = [FINALIZER, "example.com/other"];
  return {
    apiVersion: API_VERSION,
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team", uid: "service-uid", finalizers } as LLMInferenceService["metadata"],
    spec: { model: { uri: "hf://org/model" }, labels: { tier: "gold" }, ...spec },
    status: { annotations: { "serving.kserve.io/config-llm-template": "pinned-template" } },
  };
}

/** The API server's default number of pods. */
function asStored(object: KubernetesObject): KubernetesObject {
  return object.kind === "Deployment" ? { ...object, spec: { replicas: 1, ...(object["spec"] as object) } } : object;
}

/** The objects that KServe makes of a service, with its labels and owners. */
function running(service = chat(), edit: (object: KubernetesObject) => KubernetesObject = (object) => object): Managed {
  const made = plan({ service, configs: [CONFIG], settings: DEFAULT_SETTINGS, compat: "kserve-0.20" }).objects;
  const owners = [{ apiVersion: API_VERSION, kind: "LLMInferenceService", name: "chat", uid: "service-uid" }];
  const owned = made.map(asStored).map((object) => {
    const uid = `${object.kind}-uid`;
    return { ...object, metadata: { ...object.metadata, uid, ownerReferences: owners } } as KubernetesObject;
  });
  return deepFreeze({ service, configs: [UNUSED, CONFIG], settings: DEFAULT_SETTINGS, objects: owned.map(edit) });
}

describe("a service that KServe manages", () => {
  it("is planned as it runs: with the live selector, the configs that apply, and only the known objects that are needed", () => {
    const { plan: planned, differences, ...found } = adoption(running());
    assert.deepEqual([planned.issues.filter(({ severity }) => severity === "error"), differences], [[], []]);
    assert.equal(found.adopt.selectors?.["chat-kserve"]?.["tier"], "gold");
    assert.deepEqual(found.adopt.leave ?? [], []);
    assert.equal(found.adopt.plainInitializer, true);
    assert.deepEqual(
      found.configs.map(({ metadata }) => metadata),
      [{ name: "kserve-config-llm-template", namespace: "team" }],
    );
    assert.deepEqual(found.known, []);
  });

  it("knows only those of a cluster's objects that its plan reads", () => {
    const object = (kind: string, name: string, more: object = {}): KubernetesObject =>
      ({ apiVersion: "v1", kind, metadata: { name, namespace: "team" }, ...more }) as KubernetesObject;
    const others = Array.from({ length: 40 }, (_, index) => object("ConfigMap", `other-${index}`, { data: {} }));
    const account = object("ServiceAccount", "reader", { secrets: [{ name: "s3" }] });
    const secret = object("Secret", "s3", { data: { AWS_ACCESS_KEY_ID: "YQ==" } });
    const service = chat({ model: { uri: "s3://bucket/m", name: "m" }, template: { serviceAccountName: "reader" } });
    const managed = running(service);
    const objects = [...others.slice(0, 7), secret, ...others.slice(7, 30), account, ...others.slice(30)];
    const { known } = adoption({ ...managed, objects: [...managed.objects, ...objects] });
    assert.deepEqual(
      known.map(({ kind }) => kind),
      ["Secret", "ServiceAccount"],
    );
  });

  it("is planned by KServe's rules if the default rules would give another object, and keeps its certificate", () => {
    const { compat, adopt, differences } = adoption(running(chat({ parallelism: { data: 2, dataLocal: 1 } })));
    assert.deepEqual([compat, differences], ["kserve-0.20", []]);
    assert.deepEqual(adopt.leave, ["Secret/chat-kserve-self-signed-certs"]);
  });

  it("has no pool of the older API if the cluster does not serve it, under all rules", () => {
    const router = { gateway: {}, route: {}, scheduler: {} };
    const presetOf = (name: string) => presets({ namespace: "kserve" }).find(({ metadata }) => metadata.name === name);
    const routing = ["kserve-config-llm-scheduler", "kserve-config-llm-router-route"].map(presetOf);
    const configs = [CONFIG, ...(routing as unknown as LLMInferenceServiceConfig[])];
    const metadata = { name: "chat-kserve-route", namespace: "team", annotations: MIGRATED };
    const route = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata };
    const service = chat({ router });
    const known = [route, GATEWAY];
    const made = plan({ service, configs, settings: DEFAULT_SETTINGS, compat: "kserve-0.20", known }).objects;
    const all = [...made, GATEWAY];
    const objects = all.filter(({ apiVersion }) => !apiVersion.startsWith(ALPHA)).map(asStored);
    assert.equal(objects.length, all.length - 1);
    const {
      compat,
      adopt,
      plan: planned,
      differences,
    } = adoption({ service, configs, settings: DEFAULT_SETTINGS, objects });
    assert.deepEqual([compat, differences], ["kserve-0.20", []]);
    assert.deepEqual(adopt.leave, [
      "Secret/chat-kserve-self-signed-certs",
      `${ALPHA}/InferencePool/chat-inference-pool`,
    ]);
    assert.deepEqual(
      planned.objects.filter(({ kind }) => kind === "InferencePool").map(({ apiVersion }) => apiVersion),
      ["inference.networking.k8s.io/v1"],
    );
    const whole = adoption({ service, configs, settings: DEFAULT_SETTINGS, objects: all.map(asStored) });
    assert.deepEqual(whole.adopt.leave, ["Secret/chat-kserve-self-signed-certs"]);
    const names = (JSON.parse(programOf("team", [whole])["import.json"] ?? "").resources as { name: string }[]).map(
      ({ name }) => name,
    );
    assert.equal(new Set(names).size, names.length, "each is named once, the two pools too");
  });

  it("keeps a running storage initializer unchanged, including a hardened one", () => {
    const template = { initContainers: [{ name: "storage-initializer", securityContext: hardened() }] };
    const { adopt, differences } = adoption(running(chat({ template })));
    assert.deepEqual([adopt.plainInitializer, differences], [undefined, []]);
  });

  it("that was changed by hand differs in that field, with its effect", () => {
    const other = (object: KubernetesObject): KubernetesObject =>
      JSON.parse(JSON.stringify(object).replaceAll("engine:1", "engine:2"));
    const { differences } = adoption(running(chat(), other));
    assert.deepEqual(
      differences.map(({ path, live, planned, effect }) => [path, live, planned, effect]),
      [["spec.template.spec.containers[0].image", "engine:2", "engine:1", "restart"]],
    );
  });

  it("treats the API server's quantities and defaults as equal to the planned ones", () => {
    const stored = (object: KubernetesObject): KubernetesObject =>
      JSON.parse(JSON.stringify(object).replaceAll('"1000m"', '"1","terminationMessagePath":"x"').replace("x", "y"));
    assert.deepEqual(adoption(running(chat(), stored)).differences, []);
  });

  it("becomes a program, and an import file that names objects as the component registers them", () => {
    const files = programOf("team", [adoption(running())]);
    assert.match(files["index.ts"] ?? "", /new LLMInferenceService\("chat", \{\n {2}\.\.\.readByKServe\("chat"\),/);
    const { resources } = JSON.parse(files["import.json"] ?? "") as { resources: Record<string, unknown>[] };
    assert.deepEqual(resources.slice(0, 2), [
      { type: "kserve-llm:index:LLMInferenceService", name: "chat", component: true },
      {
        type: "kubernetes:apps/v1:Deployment",
        name: "chat apps/v1 Deployment chat-kserve",
        logicalName: "chat/chat-kserve",
        id: "team/chat-kserve",
        parent: "chat",
      },
    ]);
  });

  it("is released from KServe in an order that loses no object", () => {
    const { service, objects } = running();
    const steps = handOver(service, objects);
    assert.deepEqual(
      steps.map(({ what }) => what),
      [...objects.map(() => "owner reference"), "finalizer", "object"],
    );
    assert.deepEqual(steps[0]?.body, { metadata: { uid: `${objects[0]?.kind}-uid`, ownerReferences: null } });
    assert.deepEqual(steps.at(-2)?.body, { metadata: { uid: "service-uid", finalizers: ["example.com/other"] } });
    assert.deepEqual(steps.at(-1)?.body, {
      ...{ apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Orphan" },
      preconditions: { uid: "service-uid" },
    });
    const left = orphans(steps, adoption(running()).plan.objects);
    assert.deepEqual(
      left.map(({ kind }) => kind),
      ["Secret"],
    );
  });

  it("is found among the objects of a namespace, with KServe's settings", () => {
    const { objects, service } = running();
    const settings = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "inferenceservice-config", namespace: "ks" },
    };
    const all = [...objects, service, CONFIG, settings] as KubernetesObject[];
    const { services } = managedIn(all, "team");
    assert.deepEqual(
      services.map((one) => [one.service.metadata.name, one.settings.systemNamespace]),
      [["chat", "ks"]],
    );
    assert.deepEqual(managedIn(all, "elsewhere").services, []);
  });
});
