import type { LoRAAdapterSpec } from "../../api/model.ts";
import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Issue } from "../../contract/issue.ts";

/** Schemes that adapters can be loaded from; all need the storage initializer's volume. */
const SCHEMES = ["hf", "s3", "pvc"];

/**
 * Refuses adapters that cannot be attached. Admission lets them pass, so the merged spec is where they are found.
 * Source: enumerateLoRAAdapters in workload_lora.go, KServe v0.20.0.
 */
export function checkAdapters({ model, storageInitializer }: LLMInferenceServiceSpec): Issue[] {
  const disabled = storageInitializer?.enabled === false;
  return (model?.lora?.adapters ?? []).flatMap((adapter, i) => {
    const issue = checkScheme(adapter) ?? (disabled ? needsInitializer(adapter) : undefined);
    return issue ? [{ ...issue, path: `spec.model.lora.adapters[${i}].uri`, layer: "service", severity: "error" }] : [];
  });
}

type Finding = Pick<Issue, "code" | "message" | "fix">;

function checkScheme({ name = "", uri = "" }: LoRAAdapterSpec): Finding | undefined {
  const [scheme, rest] = uri.split("://", 2);
  if (rest === undefined) {
    return {
      code: "InvalidValue",
      message: `the URI "${uri}" of LoRA adapter "${name}" has no scheme`,
      fix: SUPPORTED,
    };
  }
  if (SCHEMES.includes(scheme ?? "")) return undefined;
  const hint = scheme === "oci" ? "store the adapter on a volume and use pvc://" : SUPPORTED;
  return {
    code: "UnsupportedScheme",
    message: `LoRA adapter "${name}" cannot be loaded from ${scheme}:// ("${uri}")`,
    fix: hint,
  };
}

const SUPPORTED = `use ${SCHEMES.map((scheme) => `${scheme}://`).join(", ")}`;

function needsInitializer({ name = "", uri }: LoRAAdapterSpec): Finding {
  return {
    code: "Conflict",
    message: `LoRA adapter "${name}" (${uri}) requires the storage initializer, which storageInitializer.enabled disables`,
    fix: "remove storageInitializer.enabled, or set it to true",
  };
}
