import type { KVCacheOffloadingSpec } from "../../../api/workload.ts";
import { POD_PATH } from "../../../contract/names.ts";
import { ENGINE_TITLE, engineOf } from "../../../knowledge/engine/engines.ts";
import { flagValue, mergeArgs } from "../../../knowledge/engine/flags/commandline.ts";
import { isWritten } from "../../../knowledge/engine/flags/flagplace.ts";
import { offloadingConnector } from "../../../knowledge/engine/kvtransfer.ts";
import { SGLANG_LINES } from "../../../knowledge/engine/sglang/flags.ts";
import { hicacheFlags } from "../../../knowledge/engine/sglang/hicache.ts";
import { refusesFlags, vllmStart } from "../../../knowledge/engine/start/start.ts";
import { isObject, type JsonObject, jsonOf } from "../../../kubernetes/json.ts";
import type { Container, PodSpec } from "../../../kubernetes/objects.ts";
import { addQuantities, compareQuantities, quantityNumber } from "../../../kubernetes/quantity.ts";
import { containerNamed, MAIN, withContainer } from "../../../kubernetes/workloads/pods.ts";
import { unused } from "../issues.ts";
import type { RoleContext } from "./role.ts";

const FLAG = "--kv-transfer-config";
const MULTI = "MultiConnector";

/**
 * Makes the engine offload its KV cache. An existing connector, such as the one for prefill/decode, keeps working next
 * to it: vLLM's MultiConnector loads from the first that has the blocks and saves to all. KServe's presets write the
 * flag themselves, but only without an existing one.
 */
export function withOffloading(pod: PodSpec, context: RoleContext): PodSpec {
  const { spec, workload, behaviour, path, report } = context;
  const { kvCacheOffloading } = workload;
  const kind = engineOf(spec);
  const engine = containerNamed(pod, MAIN);
  if (!behaviour.shorthands || kvCacheOffloading === undefined || engine === undefined) return pod;
  if (refusesFlags(engine, kind)) {
    const idle = `the command of the engine takes no flags of ${ENGINE_TITLE[kind]}, so its KV cache is not offloaded`;
    report(unused(`${path}.kvCacheOffloading`, idle, "remove kvCacheOffloading, or start vLLM with `vllm serve`"));
    return pod;
  }
  if (kind === "sglang") return withHicache(pod, kvCacheOffloading, context);
  const args = engine.args ?? [];
  const written = vllmStart(engine)?.args ?? args;
  const combined = combinedConnector(flagValue(written, FLAG), offloadingConnector(kvCacheOffloading));
  if (combined !== undefined) {
    const flag = `${FLAG}=${JSON.stringify(combined)}`;
    const offloading = withContainer(pod, MAIN, (container) => ({ ...container, args: mergeArgs(args, [flag]) }));
    return withSharedMemory(offloading, engine, kvCacheOffloading.cpu);
  }
  const message = `${FLAG} already configures how the engine offloads its KV cache`;
  report(
    unused(`${path}.kvCacheOffloading`, message, `remove the connector from ${FLAG}, or remove kvCacheOffloading`),
  );
  return pod;
}

/**
 * The volume at /dev/shm, whose limit is raised by the size of the blocks. Source: SharedOffloadRegion,
 * vllm/v1/kv_offload/cpu/shared_offload_region.py: vLLM fills a file there when it starts.
 */
function withSharedMemory(pod: PodSpec, engine: Container, cpu: string | number): PodSpec {
  const mount = engine.volumeMounts?.find(({ mountPath }) => mountPath.replace(/\/$/, "") === POD_PATH.sharedMemory);
  const volumes = pod.volumes?.map((volume) => {
    const { sizeLimit } = volume.emptyDir ?? {};
    if (mount === undefined || volume.name !== mount.name || sizeLimit === undefined) return volume;
    if (quantityNumber(sizeLimit) === 0 || compareQuantities(sizeLimit, cpu) > 0) return volume;
    return { ...volume, emptyDir: { ...volume.emptyDir, sizeLimit: addQuantities(sizeLimit, cpu) } };
  });
  return volumes === undefined ? pod : { ...pod, volumes };
}

/** SGLang's own cache in the memory of the host; SGLang has no further tiers. */
function withHicache(
  pod: PodSpec,
  offloading: KVCacheOffloadingSpec,
  { workload, path, report }: RoleContext,
): PodSpec {
  const { secondary = [], evictionPolicy } = offloading;
  const idle = (field: string, what: string, fix: string): void =>
    report(unused(`${path}.kvCacheOffloading.${field}`, `${field} has no effect: ${what}`, fix));
  if (secondary.length > 0)
    idle(
      "secondary",
      "the plan does not configure a second tier for SGLang",
      "remove secondary, or write --hicache-storage-backend into args",
    );
  if (evictionPolicy !== undefined && evictionPolicy !== "lru")
    idle("evictionPolicy", "SGLang does not have this policy", "remove it, or write --radix-eviction-policy into args");
  return withContainer(pod, MAIN, (container) => {
    const args = container.args ?? [];
    const flags = hicacheFlags(offloading, workload.parallelism ?? {});
    const missing = flags.filter((flag) => !isWritten(container, flag.split("=", 1)[0] ?? flag, "sglang"));
    return { ...container, args: SGLANG_LINES.mergeArgs(args, missing) };
  });
}

/** Both connectors combined; undefined if the existing one cannot be read, or offloads itself. */
function combinedConnector(written: string | undefined, offloading: JsonObject): JsonObject | undefined {
  if (written === undefined) return offloading;
  const config = jsonOf(written);
  if (config === undefined || JSON.stringify(config).includes("OffloadingConnector")) return undefined;
  const extra = isObject(config["kv_connector_extra_config"]) ? config["kv_connector_extra_config"] : {};
  const several =
    config["kv_connector"] === MULTI && Array.isArray(extra["connectors"]) ? extra["connectors"] : [config];
  return {
    kv_connector: MULTI,
    kv_role: config["kv_role"] ?? "kv_both",
    kv_connector_extra_config: { connectors: [...several, offloading] },
  };
}
