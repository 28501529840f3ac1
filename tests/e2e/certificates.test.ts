import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { certManagerProblem } from "../../tools/cluster/cert-manager.ts";
import { eventually } from "../../tools/cluster/client.ts";
import { startCluster } from "../../tools/cluster/cluster.ts";
import { gpuNode, type TestObject } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { namespace } from "./changes.ts";
import { openStack, sharedFolder } from "./engine.ts";
import { skipWhere } from "./skip.ts";

const NAMESPACE = "issued";
const SERVICE = {
  model: { uri: "hf://Qwen/Qwen3-8B", name: "qwen" },
  accelerator: "nvidia-h100-80gb",
  router: { scheduler: {} },
};
const of = (kind: string, name: string, spec: object): TestObject => ({
  apiVersion: "cert-manager.io/v1",
  kind,
  metadata: { name, namespace: NAMESPACE },
  spec,
});
/** A private certificate authority, which signs itself. */
const ISSUERS = [
  of("Issuer", "itself", { selfSigned: {} }),
  of("Certificate", "authority", {
    isCA: true,
    commonName: "authority",
    secretName: "authority",
    privateKey: { algorithm: "ECDSA" },
    issuerRef: { name: "itself" },
  }),
  of("Issuer", "company", { ca: { secretName: "authority" } }),
];

describe("cert-manager with the objects of a deployment", () => {
  let cluster: Cluster;

  before(async function () {
    skipWhere(this, certManagerProblem());
    cluster = await startCluster({
      certManager: true,
      crds: ["kserve", "inference"],
      nodes: [gpuNode("h100-0", { gpus: 8, product: "NVIDIA-H100-80GB-HBM3" })],
    });
    await namespace(cluster, NAMESPACE);
    await cluster.apply(ISSUERS);
    const config = {
      namespace: NAMESPACE,
      services: JSON.stringify({ sealed: SERVICE }),
      settings: JSON.stringify({ enableTLS: true, tls: { issuerRef: { name: "company" } } }),
    };
    const stack = await openStack(folder(), "given.ts", { kubeconfig: cluster.kubeconfig, config });
    await stack.up();
  });
  // The stack is not destroyed; it goes with its cluster.
  const folder = sharedFolder(() => ({ cluster: { stop: async () => cluster?.stop() } }));

  const secret = (name: string): Promise<Record<string, string>> =>
    eventually(`the Secret ${name}`, async () => {
      const { body } = await cluster.request("GET", `/api/v1/namespaces/${NAMESPACE}/secrets/${name}`);
      return body.data?.["tls.crt"] ? body.data : undefined;
    });
  const certificate = (data: Record<string, string>, key: string): X509Certificate =>
    new X509Certificate(Buffer.from(data[key] ?? "", "base64"));

  it("issues a certificate of the company's authority for the Services of the deployment", async () => {
    const issued = await secret("sealed-kserve-self-signed-certs");
    const leaf = certificate(issued, "tls.crt");
    assert.ok(leaf.checkIssued(certificate(await secret("authority"), "tls.crt")));
    assert.ok(leaf.checkIssued(certificate(issued, "ca.crt")), "the pods trust the authority that signed it");
    const { body } = await cluster.request("GET", `/api/v1/namespaces/${NAMESPACE}/services`);
    const services = ((body.items ?? []) as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
    assert.deepEqual(services.sort(), ["sealed-epp-service", "sealed-kserve-workload-svc"]);
    for (const name of services) {
      const host = `${name}.${NAMESPACE}.svc`;
      assert.equal(leaf.checkHost(host), host);
    }
  });

  it("writes it into the Secret that the engine mounts", async () => {
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/sealed-kserve`;
    const { body } = await cluster.request("GET", path);
    assert.match(JSON.stringify(body.spec), /"secretName":"sealed-kserve-self-signed-certs"/);
  });
});
