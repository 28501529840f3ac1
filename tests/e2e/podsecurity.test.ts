import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { readObjects } from "../../tools/cluster/crds.ts";
import type { TestObject } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { namespace } from "./changes.ts";
import { ROOT } from "./engine.ts";

const NAMESPACE = "restricted";
const GOLDENS = join(ROOT, "tests/core/stages/materialize/goldens");

/** The pods that the profile refuses, and why they need what it refuses, as in docs/permissions.md. */
const EXCEPTIONS: readonly { pods: RegExp; because: RegExp }[] = [
  // SGLang's images set no user, so its engines run as root; the scheduler does not.
  { pods: /^(?!.*-scheduler ).* of sglang[^/]*\.yaml$/, because: /runAsNonRoot != true .*"main"/ },
  // The images for AMD's accelerators set no user either.
  { pods: /^Deployment .*-mi300x of replica-groups\.yaml$/, because: /runAsNonRoot != true .*"main"/ },
  // RDMA between the nodes of a group: KServe's preset adds these capabilities.
  {
    pods: /^LeaderWorkerSet /,
    because: /^unrestricted capabilities \(container "main" must not include "IPC_LOCK", "NET_RAW", "SYS_RAWIO"/,
  },
  // The image of a model runs with the user that its author set.
  { pods: /^Deployment .* of storage-oci\.yaml$/, because: /^allowPrivilegeEscalation .*"modelcar-init", "modelcar"/ },
];

interface Template {
  spec: object;
}

/** The pod templates of an object that makes pods. */
function templatesOf({ kind, spec }: TestObject): Template[] {
  const { template, leaderWorkerTemplate } = (spec ?? {}) as {
    template?: Template;
    leaderWorkerTemplate?: { leaderTemplate?: Template; workerTemplate: Template };
  };
  if (kind === "LeaderWorkerSet") {
    return [leaderWorkerTemplate?.leaderTemplate, leaderWorkerTemplate?.workerTemplate].filter(
      (one) => one !== undefined,
    );
  }
  return (kind === "Deployment" || kind === "Job") && template !== undefined ? [template] : [];
}

describe("pods under the Pod Security profile restricted", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
    await namespace(cluster, NAMESPACE, { "pod-security.kubernetes.io/enforce": "restricted" });
  });
  after(() => cluster?.stop());

  /** Why the API server refuses the pod; undefined if it accepts it. */
  async function refusalOf({ spec }: Template): Promise<string | undefined> {
    const pod = {
      ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "one" } },
      spec: { ...spec, serviceAccountName: "default", priorityClassName: undefined },
    };
    const { status, body } = await cluster.request("POST", `/api/v1/namespaces/${NAMESPACE}/pods?dryRun=All`, pod);
    return status < 300 ? undefined : (body.message ?? "").replace(/^.*PodSecurity "restricted:latest": /, "");
  }

  it("are accepted for every golden, except for groups with RDMA, model images, SGLang's engines and images for AMD's accelerators", async () => {
    let accepted = 0;
    for (const file of readdirSync(GOLDENS)) {
      for (const object of readObjects(join(GOLDENS, file))) {
        for (const template of templatesOf(object)) {
          const refusal = await refusalOf(template);
          const who = `${object.kind} ${object.metadata.name} of ${file}`;
          const exception = EXCEPTIONS.find(({ pods }) => pods.test(who));
          if (exception === undefined) assert.equal(refusal, undefined, who);
          else assert.match(refusal ?? "", exception.because, who);
          if (refusal === undefined) accepted++;
        }
      }
    }
    assert.ok(accepted > 15, `only ${accepted} pods were accepted`);
  });
});
