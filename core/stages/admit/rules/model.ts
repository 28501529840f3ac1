import type { Finding } from "../../../contract/issues/issue.ts";
import type { Judgement, Rule, Subject } from "../rule.ts";

const LORA = "validateLoRAAdapters, llm_inference_service_validation.go, KServe v0.20.0";
const PATH = "spec.model.lora";
const LIMITS = ["maxRank", "maxAdapters", "maxCpuAdapters"] as const;
/** A key of a key broker: kbs:///REPOSITORY/TYPE/TAG, without a query. */
const KEY_ID = /^kbs:\/\/\/[a-zA-Z0-9_.-]+\/[a-zA-Z0-9_.-]+\/[a-zA-Z0-9_.-]+$/;
/** Schemes whose weights skip the step that decrypts. */
const NOT_DECRYPTED: Readonly<Record<string, string>> = {
  "oci://": "the container runtime decrypts the image, as the pod's runtimeClassName configures",
  "pvc://": "the PersistentVolumeClaim is mounted without decryption",
};

export const NO_MODEL: Finding = {
  code: "MissingField",
  path: "spec.model.uri",
  message: "model.uri is not set, so the location of the weights is unknown",
  fix: "set model.uri, or name a config in baseRefs that sets it",
};

export const MODEL_RULES: readonly Rule[] = [
  {
    name: "a model has weights",
    source: "own rule: KServe accepts an empty URI and mounts nothing",
    judge: ({ spec, behaviour }) =>
      behaviour.admission !== "asWritten" || (spec.model?.uri ?? "") !== "" ? [] : [NO_MODEL],
  },
  {
    name: "LoRA limits are positive",
    source: LORA,
    judge: ({ spec }) =>
      LIMITS.flatMap((limit): Finding[] => {
        const value = spec.model?.lora?.[limit];
        if (value === undefined || value >= 1) return [];
        const message = `${limit} is ${value}; it must be at least 1`;
        return [{ code: "InvalidValue", path: `${PATH}.${limit}`, message, fix: "write 1 or more" }];
      }),
  },
  { name: "LoRA adapters have unique names", source: LORA, judge: judgeAdapters },
  {
    name: "the resourceId of confidential weights names a key of a key broker",
    source: "ValidateConfidentialSpec, pkg/validation/confidential.go, KServe v0.20.0",
    judge: judgeConfidential,
  },
];

function judgeAdapters({ spec, metadata }: Subject): Finding[] {
  const adapters = spec.model?.lora?.adapters ?? [];
  const base = spec.model?.name ?? metadata.name;
  const first = new Map<string, number>();
  return adapters.flatMap((adapter, i): Finding[] => {
    const path = `${PATH}.adapters[${i}].name`;
    const { name } = adapter ?? {};
    const invalid = (message: string, fix: string): Finding => ({ code: "InvalidValue", path, message, fix });
    if (name === undefined || name === null || name === "") {
      const message = "the adapter has no name, but clients request it by its name";
      return [{ code: "MissingField", path, message, fix: "set name" }];
    }
    if (name === "." || name === "..") {
      return [invalid(`the name ${JSON.stringify(name)} would leave the folder of the adapter`, "choose another name")];
    }
    const findings: Finding[] = [];
    const twin = first.get(name);
    if (twin !== undefined)
      findings.push(invalid(`adapters[${twin}] already has the name ${name}`, "choose another name"));
    else first.set(name, i);
    if (name === base) findings.push(invalid(`the base model already has the name ${name}`, "choose another name"));
    return findings;
  });
}

function judgeConfidential({ spec }: Subject): Judgement {
  const { confidential, uri = "" } = spec.model ?? {};
  if (confidential?.enabled !== true) return {};
  const path = "spec.model.confidential";
  const warnings = Object.entries(NOT_DECRYPTED)
    .filter(([scheme]) => uri.startsWith(scheme))
    .map(([scheme, why]): Finding => {
      const message = `confidential has no effect on ${scheme} URIs: ${why}`;
      return { code: "UnusedField", path, message, fix: "remove confidential" };
    });
  const { resourceId = "" } = confidential;
  if (resourceId === "" || resourceId === null || KEY_ID.test(resourceId)) return { warnings };
  const message = `${JSON.stringify(resourceId)} is not a valid key ID`;
  const fix = "write kbs:///REPOSITORY/TYPE/TAG";
  return { warnings, errors: [{ code: "InvalidValue", path: `${path}.resourceId`, message, fix }] };
}
