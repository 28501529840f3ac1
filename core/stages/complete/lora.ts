import type { LoRAAdapterSpec } from "../../api/model.ts";
import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import { type Fetching, isDownloaded } from "../../contract/downloads.ts";
import type { Issue } from "../../contract/issues/issue.ts";

/**
 * Refuses adapters that cannot be attached. Admission accepts them, so they are found in the merged spec. Source:
 * enumerateLoRAAdapters in workload_lora.go, KServe v0.20.0.
 */
export function checkAdapters({ model, storageInitializer }: LLMInferenceServiceSpec, fetching: Fetching): Issue[] {
  const disabled = storageInitializer?.enabled === false;
  return (model?.lora?.adapters ?? []).flatMap((adapter, i) => {
    const issue = checkScheme(adapter, fetching) ?? (disabled ? needsInitializer(adapter) : undefined);
    return issue ? [{ ...issue, path: `spec.model.lora.adapters[${i}].uri`, layer: "merged", severity: "error" }] : [];
  });
}

type Finding = Pick<Issue, "code" | "message" | "fix">;

/** Adapters are downloaded or mounted from a claim. */
function checkScheme({ name = "", uri = "" }: LoRAAdapterSpec, fetching: Fetching): Finding | undefined {
  const [scheme, rest] = uri.split("://", 2);
  const { downloads } = fetching.behaviour;
  const supported = `use ${[...downloads, "pvc"].map((one) => `${one}://`).join(", ")}`;
  if (rest === undefined) {
    return {
      code: "InvalidValue",
      message: `the URI "${uri}" of LoRA adapter "${name}" has no scheme`,
      fix: supported,
    };
  }
  if (scheme === "pvc" || isDownloaded(uri, fetching)) return undefined;
  const isFetchable = downloads.includes("oci+fetch");
  const ofImages = isFetchable ? "use oci+fetch://" : "store the adapter on a volume and use pvc://";
  const hint = scheme === "oci" ? ofImages : supported;
  return {
    code: "UnsupportedScheme",
    message: `LoRA adapter "${name}" cannot be loaded from ${scheme}:// ("${uri}")`,
    fix: hint,
  };
}

function needsInitializer({ name = "", uri }: LoRAAdapterSpec): Finding {
  return {
    code: "Conflict",
    message: `LoRA adapter "${name}" (${uri}) requires the storage initializer, which storageInitializer.enabled disables`,
    fix: "remove storageInitializer.enabled, or set it to true",
  };
}
