import assert from "node:assert/strict";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { withFolder } from "./engine.ts";
import { EXAMPLES, type Language, openProgram, openWorkshop, type Workshop } from "./languages.ts";

/** What a service and its platform put into a cluster. */
const PATHS = [
  "/apis/apps/v1/namespaces/default/deployments",
  "/api/v1/namespaces/default/services/chat-kserve-workload-svc",
  "/apis/serving.kserve.io/v1alpha2/namespaces/default/llminferenceservices",
  "/apis/serving.kserve.io/v1alpha2/namespaces/kserve/llminferenceserviceconfigs",
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
];
/** Values that differ each time: those of the cluster itself, and the record of writers and times. */
const OF_THE_MOMENT = new Set([
  "kserve-llm/stack",
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "managedFields",
  "generation",
  "status",
  "clusterIP",
  "clusterIPs",
  "selfLink",
]);

describe("every language on a cluster", () => {
  let workshop: Workshop;
  let cluster: Cluster;

  before(async () => {
    workshop = await openWorkshop();
    const product = "NVIDIA-H100-80GB-HBM3";
    cluster = await startCluster({ nodes: [gpuNode("h100-0", { gpus: 8, product })] });
  });
  after(() => cluster?.stop());

  const deploy = (language: Language): Promise<unknown> =>
    withFolder(async (folder) => {
      const stack = await openProgram(folder, EXAMPLES[language], language, workshop, cluster.kubeconfig);
      await stack.up();
      try {
        const found: unknown[] = [];
        for (const path of PATHS) found.push(lasting((await cluster.request("GET", path)).body));
        return found;
      } finally {
        await stack.destroy();
        await eventually("the pods to go", async () => {
          const { body } = await cluster.request("GET", "/api/v1/namespaces/default/pods");
          return body.items?.length === 0 ? true : undefined;
        });
      }
    });

  let expected: unknown;
  for (const language of ["library", "typescript", "yaml", "python", "go"] as const) {
    it(`${language} makes the same objects`, async () => {
      const made = await deploy(language);
      assert.match(JSON.stringify(made), /"nvidia.com\/gpu":"2"/);
      expected ??= made;
      assert.deepEqual(made, expected);
    });
  }
});

/** The value without those that differ each time. */
function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !OF_THE_MOMENT.has(key));
  return Object.fromEntries(entries.map(([key, item]) => [key, lasting(item)]));
}
