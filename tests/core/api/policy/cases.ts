import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Behaviour, behaviourOf, COMPATS, type Compat, KSERVE_0_21 } from "../../../../core/contract/behaviour.ts";
import type { Issue } from "../../../../core/contract/issues/issue.ts";
import type { JsonObject } from "../../../../core/kubernetes/json.ts";
import { validateConfig, validateService } from "../../../../core/stages/admit/validate.ts";
import { RECORDED } from "../../../conformance/recorded.ts";
import { UNENFORCED } from "./unenforced.ts";

const ROOT = join(import.meta.dirname, "../../../..");

/** A document to submit, and the correct verdict. */
export interface AdmissionCase {
  name: string;
  input: JsonObject;
  oldInput?: JsonObject;
  accepted: boolean;
  /** The release with that verdict. */
  compat: Compat;
}

/** KServe's own verdicts, of one release or of all; none if only the repository is available. */
export function recordedCases(compats = Object.keys(COMPATS) as Compat[]): AdmissionCase[] {
  return compats.flatMap((compat) => {
    const folder = join(RECORDED[compat].folder, "validate");
    const files = existsSync(folder) ? readdirSync(folder) : [];
    const cases = files.map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as AdmissionCase);
    return cases.filter(({ name }) => !Object.hasOwn(RECORDED[compat].flawed, name)).map((one) => ({ ...one, compat }));
  });
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
  "a config does not refer to other configs",
  "the templates of a config can be expanded",
]);

/** The cases of the rule table as whole documents, with the rule of each; the plan's verdict is the correct one. */
export function ruleCases(): (AdmissionCase & { rule: string })[] {
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
    const compat = "kserve-0.21" as const;
    const accepted = planErrors({ input, ...(oldInput && { oldInput }) }).length === 0;
    const { rule, when } = one;
    return { name: `${rule}, when ${when}`, rule, input, ...(oldInput && { oldInput }), accepted, compat };
  });
}

/** The plan's errors for a document, by KServe's rules or by the default rules. */
export function planErrors(
  { input, oldInput }: Pick<AdmissionCase, "input" | "oldInput">,
  behaviour: Behaviour = KSERVE_0_21,
): Issue[] {
  const isConfig = input["kind"] === "LLMInferenceServiceConfig";
  return (isConfig ? validateConfig(input, behaviour) : validateService(input, behaviour, oldInput)).errors;
}

/** Whether all faults of a document are of kinds that only the plan can find. */
export function isUnenforced(one: Pick<AdmissionCase, "input" | "oldInput" | "compat">): boolean {
  const version = String(one.input["apiVersion"]).endsWith("/v1alpha1") ? "v1alpha1" : "v1alpha2";
  const errors = planErrors(one, behaviourOf(one.compat));
  return (
    errors.length > 0 &&
    errors.every(({ code }) =>
      UNENFORCED.some((kind) => kind.codes.includes(code) && (kind.version ?? version) === version),
    )
  );
}
