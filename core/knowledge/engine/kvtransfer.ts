import type { JsonObject } from "../../kubernetes/json.ts";
import { quantityValue } from "../../kubernetes/quantity.ts";

/**
 * The configuration of KV-cache offloading for vLLM, as the value of its --kv-transfer-config. Keys are in alphabetical
 * order. Source: kvTransferConfig in config_merge.go, KServe v0.20.0.
 */
export function offloadingConnector(offloading: {
  cpu?: string | number;
  evictionPolicy?: string;
  secondary?: readonly { fileSystem?: unknown }[];
}): JsonObject {
  const { cpu = "0", evictionPolicy, secondary = [] } = offloading;
  const tiers = secondary.flatMap(({ fileSystem }, index) =>
    fileSystem === undefined || fileSystem === null ? [] : [{ root_dir: cacheTierPath(index), type: "fs" }],
  );
  return {
    kv_connector: "OffloadingConnector",
    kv_connector_extra_config: {
      cpu_bytes_to_use: Number(quantityValue(cpu)),
      ...(evictionPolicy && { eviction_policy: evictionPolicy }),
      ...(tiers.length > 0 && { secondary_tiers: tiers }),
      spec_name: "TieringOffloadingSpec",
    },
    kv_role: "kv_both",
  };
}

/** The first release that has the tiers. Source: TieringOffloadingSpec, vllm/v1/kv_offload/factory.py. */
export const TIERS_FROM = "0.22.0";

/** Where a secondary tier is mounted in the engine's container. */
export function cacheTierPath(index: number): string {
  return `/mnt/kv-cache-${index}`;
}
