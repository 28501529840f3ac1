import type { SecondaryTierSpec } from "../../../api/workload.ts";
import type { Finding } from "../../../contract/issues/issue.ts";
import { canonicalQuantity } from "../../../kubernetes/quantity.ts";
import { type Rule, workloadRule } from "../rule.ts";

export const CACHE_RULES: readonly Rule[] = [
  workloadRule(
    "tiers of the KV cache have one backend each",
    "validateKVCacheOffloadingSpec, llm_inference_service_validation.go, KServe v0.20.0",
    ({ workload: { kvCacheOffloading }, path }) => {
      const { cpu = "0", secondary = [] } = kvCacheOffloading ?? {};
      if (secondary.length === 0) return [];
      const at = `${path}.kvCacheOffloading`;
      const tiers = secondary.flatMap((tier, i) => judgeTier(tier, `${at}.secondary[${i}]`));
      return canonicalQuantity(cpu) === "0"
        ? [missing(`${at}.cpu`, "secondary tiers require a CPU tier", "set cpu"), ...tiers]
        : tiers;
    },
  ),
];

function judgeTier(tier: SecondaryTierSpec, path: string): Finding[] {
  const { fileSystem } = tier ?? {};
  const at = `${path}.fileSystem`;
  if (fileSystem === undefined) return [missing(at, "the tier does not set fileSystem", "set fileSystem")];
  const { emptyDir, pvc } = fileSystem;
  if (emptyDir !== undefined && pvc !== undefined) return [both(at, "emptyDir", "pvc")];
  if (emptyDir !== undefined) return [];
  if (pvc === undefined) return [missing(at, "exactly one of emptyDir and pvc must be set", "set emptyDir or pvc")];
  if (pvc.spec !== undefined && pvc.ref !== undefined) return [both(`${at}.pvc`, "spec", "ref")];
  if (pvc.spec === undefined && pvc.ref === undefined)
    return [missing(`${at}.pvc`, "exactly one of spec and ref must be set", "set spec or ref")];
  return pvc.ref?.name === ""
    ? [missing(`${at}.pvc.ref.name`, "the name of the PersistentVolumeClaim is empty", "set name")]
    : [];
}

function missing(path: string, message: string, fix: string): Finding {
  return { code: "MissingField", path, message, fix };
}

function both(path: string, one: string, other: string): Finding {
  return {
    code: "Conflict",
    path,
    message: `${one} and ${other} cannot both be set`,
    fix: `remove ${one} or ${other}`,
  };
}
