import { convertV1alpha1 } from "../../core/api/convert.ts";
import { admissionPolicies } from "../../core/api/policy/policy.ts";
import type { JsonObject } from "../../core/kubernetes/json.ts";
import { eventually } from "../../tools/cluster/client.ts";
import type { TestObject } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import type { AdmissionCase } from "../core/api/policy/cases.ts";

export async function removePolicies(cluster: Cluster): Promise<void> {
  for (const { kind, metadata } of admissionPolicies()) {
    const plural = kind.endsWith("Binding") ? "validatingadmissionpolicybindings" : "validatingadmissionpolicies";
    await cluster.request("DELETE", `/apis/admissionregistration.k8s.io/v1/${plural}/${metadata.name}`);
  }
}

/** Installs objects of the API server and waits until they take effect: until it refuses `refused`. */
export async function install(
  cluster: Cluster,
  objects: readonly unknown[],
  isInForce: () => Promise<boolean>,
): Promise<void> {
  await cluster.apply(objects as TestObject[]);
  await eventually("the API server to go by its new rules", async () => ((await isInForce()) ? true : undefined));
}

/** Submits a document as a client does, converted first, and changes nothing. Returns why it is refused, or undefined. */
export async function submit(
  cluster: Cluster,
  { input, oldInput }: AdmissionCase,
  id: number,
): Promise<string | undefined> {
  const plural = input["kind"] === "LLMInferenceServiceConfig" ? "llminferenceserviceconfigs" : "llminferenceservices";
  const collection = `/apis/serving.kserve.io/v1alpha2/namespaces/default/${plural}`;
  if (oldInput === undefined) {
    const { status, body } = await cluster.request("POST", `${collection}?dryRun=All`, placed(input));
    return status < 300 ? undefined : body.message;
  }
  const name = `updated-${id}`;
  const before = await cluster.request("POST", collection, placed(oldInput, name));
  if (before.status >= 300) throw new Error(`what is to be updated is refused: ${before.body.message}`);
  const { resourceVersion } = before.body.metadata ?? {};
  const after = placed(input, name);
  Object.assign(after["metadata"] as JsonObject, { resourceVersion });
  const { status, body } = await cluster.request("PUT", `${collection}/${name}?dryRun=All`, after);
  await cluster.request("DELETE", `${collection}/${name}`);
  return status < 300 ? undefined : body.message;
}

function placed(input: JsonObject, name?: string): JsonObject {
  const current = String(input["apiVersion"]).endsWith("/v1alpha1") ? convertV1alpha1(input) : input;
  const metadata = { ...(current["metadata"] as JsonObject), namespace: "default", ...(name && { name }) };
  return { ...current, metadata };
}

const AT_ONCE = 16;

/** Submits all, several at a time, and returns a line for each wrong verdict. */
export async function wrongVerdicts(
  cluster: Cluster,
  cases: readonly AdmissionCase[],
  rightly: (one: AdmissionCase, refusal: string | undefined) => boolean,
): Promise<string[]> {
  const wrong: string[] = [];
  for (let from = 0; from < cases.length; from += AT_ONCE) {
    const some = cases.slice(from, from + AT_ONCE);
    const refusals = await Promise.all(some.map((one, i) => submit(cluster, one, from + i)));
    for (const [i, one] of some.entries()) {
      const refusal = refusals[i];
      if (!rightly(one, refusal)) wrong.push(`${one.name}: ${refusal ?? "accepted"}`);
    }
  }
  return wrong;
}
