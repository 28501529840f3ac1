import type { ParallelismSpec } from "../../../api/shorthands/parallelism.ts";
import { quantityValue } from "../../../kubernetes/quantity.ts";

const GB = 1e9;

/**
 * KV-cache offloading in SGLang. Its size is that of one rank, a whole number of GB: the memory that the ranks of a pod
 * share is divided, and rounded down. Source: hicache_size in sglang/srt/server_args.py, and MHATokenToKVPoolHost in
 * sglang/srt/mem_cache/memory_pool_host.py.
 */
export function hicacheFlags({ cpu }: { cpu?: string | number }, parallelism: ParallelismSpec): string[] {
  const { tensor = 1, dataLocal = 1 } = parallelism;
  const size = Math.floor(Number(quantityValue(cpu ?? "0")) / (tensor * dataLocal) / GB);
  return size < 1 ? [] : ["--enable-hierarchical-cache", `--hicache-size=${size}`];
}
