import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { convertV1alpha1 } from "../../core/api/convert.ts";
import { admissionPolicies } from "../../core/api/policy/policy.ts";
import { type Behaviour, KSERVE_0_20 } from "../../core/contract/behaviour.ts";
import type { Issue } from "../../core/contract/issue.ts";
import type { JsonObject } from "../../core/kubernetes/json.ts";
import { validateConfig, validateService } from "../../core/stages/admit/validate.ts";
import { eventually } from "../../tools/cluster/client.ts";
import type { TestObject } from "../../tools/cluster/objects.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { UNENFORCED } from "../core/api/policy/unenforced.ts";
import { ROOT } from "./engine.ts";

/** A document to submit, and the verdict that is right. */
export interface AdmissionCase {
  name: string;
  input: JsonObject;
  oldInput?: JsonObject;
  accepted: boolean;
}

export const RECORDED = join(ROOT, "../shared/conformance/validate");

/** What KServe itself said; none where only the repository is there. */
export function recordedCases(): AdmissionCase[] {
  if (!existsSync(RECORDED)) return [];
  return readdirSync(RECORDED).map((file) => JSON.parse(readFileSync(join(RECORDED, file), "utf8")) as AdmissionCase);
}

interface RuleCase {
  rule: string;
  when: string;
  version?: string;
  metadata?: JsonObject;
  spec?: JsonObject;
  old?: JsonObject;
}
const OF_CONFIGS: ReadonlySet<string> = new Set([
  "a config builds on no other",
  "the templates of a config can be expanded",
]);

/** The cases of the rule table as whole documents; what is right for them, the plan says. */
export function ruleCases(): AdmissionCase[] {
  const file = join(ROOT, "tests/core/stages/admit/rules.yaml");
  return (parse(readFileSync(file, "utf8")) as RuleCase[]).map((one) => {
    const kind = OF_CONFIGS.has(one.rule) ? "LLMInferenceServiceConfig" : "LLMInferenceService";
    const document = (spec: JsonObject): JsonObject => ({
      apiVersion: `serving.kserve.io/${one.version ?? "v1alpha2"}`,
      kind,
      metadata: { name: "chat", ...one.metadata, namespace: "default" },
      spec: { ...spec, model: { uri: "hf://o/m", ...(spec["model"] as JsonObject | undefined) } },
    });
    const input = document(one.spec ?? {});
    const oldInput = one.old && document(one.old);
    const accepted = planErrors({ input, ...(oldInput && { oldInput }) }).length === 0;
    return { name: `${one.rule}, when ${one.when}`, input, ...(oldInput && { oldInput }), accepted };
  });
}

/** What the plan says of a document, as KServe judges or by our own rules. */
export function planErrors(
  { input, oldInput }: Pick<AdmissionCase, "input" | "oldInput">,
  behaviour: Behaviour = KSERVE_0_20,
): Issue[] {
  const isConfig = input["kind"] === "LLMInferenceServiceConfig";
  return (isConfig ? validateConfig(input, behaviour) : validateService(input, behaviour, oldInput)).errors;
}

export async function removePolicies(cluster: Cluster): Promise<void> {
  for (const { kind, metadata } of admissionPolicies()) {
    const plural = kind.endsWith("Binding") ? "validatingadmissionpolicybindings" : "validatingadmissionpolicies";
    await cluster.request("DELETE", `/apis/admissionregistration.k8s.io/v1/${plural}/${metadata.name}`);
  }
}

/** Whether all that is wrong with a document is of the kinds that only the plan can find. */
export function isUnenforced(one: AdmissionCase): boolean {
  const version = String(one.input["apiVersion"]).endsWith("/v1alpha1") ? "v1alpha1" : "v1alpha2";
  const errors = planErrors(one);
  return (
    errors.length > 0 &&
    errors.every(({ code }) =>
      UNENFORCED.some((kind) => kind.codes.includes(code) && (kind.version ?? version) === version),
    )
  );
}

/** Installs objects of the API server's own and waits until it goes by them: until it no longer takes `refused`. */
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

/** Submits all, some at a time, and returns a line for each verdict that is not the right one. */
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
