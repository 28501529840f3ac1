import { POD_PATH } from "../../../contract/names.ts";
import { roleAt } from "../../../contract/role.ts";
import { ENGINE_TITLE } from "../../../knowledge/engine/engines.ts";
import { ENGINE_FLAGS } from "../../../knowledge/engine/flags/known.ts";
import { TIERS_FROM } from "../../../knowledge/engine/kvtransfer.ts";
import { releaseNumber } from "../../../knowledge/engine/release.ts";
import { hicacheFlags } from "../../../knowledge/engine/sglang/hicache.ts";
import { refusesFlags } from "../../../knowledge/engine/start/start.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { type Check, type CheckFinding, type CheckSubject, withFixes } from "../check.ts";
import { type Engine, flagsOwner } from "../engine.ts";

export const OFFLOADING_CHECK: Check = {
  name: "the pod has the memory to which its KV cache is offloaded",
  source:
    "SharedOffloadRegion, vllm/v1/kv_offload/cpu/shared_offload_region.py of every release from 0.22.0 to 0.33.0: a file in /dev/shm that is filled when the engine starts; hicache_size in sglang/srt/server_args.py",
  codes: ["SharedMemory", "InvalidFlagValue", "FlagTooNew", "UnusedField"],
  judge: ({ engines }: CheckSubject) =>
    engines.filter(({ pod }) => pod === "template").flatMap((engine) => judgeOffloading(engine)),
};

/** Less than any block of a KV cache has: 16 tokens of a few layers. */
const NO_BLOCK = 64 * 1024;

function judgeOffloading(engine: Engine): CheckFinding[] {
  const { workload, role, container, isVllm, isSglang } = engine;
  const { cpu } = workload.kvCacheOffloading ?? {};
  if (cpu === undefined || !(isVllm || isSglang) || offloadsItself(engine)) return [];
  const path = `${roleAt(role)}.kvCacheOffloading.cpu`;
  const bytes = quantityNumber(cpu);
  const at = { path, layer: "merged" };
  if (isVllm && bytes < NO_BLOCK) {
    const message = `cpu is ${cpu}, which is ${bytes} bytes: ${ENGINE_TITLE.vllm} does not start with less memory than a block of the KV cache takes`;
    return [{ ...at, code: "InvalidFlagValue", message, fix: withUnit(cpu) }];
  }
  if (isSglang && hicacheFlags({ cpu }, workload.parallelism ?? {}).length === 0) {
    const message = `cpu is ${cpu}, but ${ENGINE_TITLE.sglang} offloads whole gigabytes for each rank, so nothing is offloaded`;
    return [{ ...at, code: "UnusedField", message, fix: withUnit(cpu) }];
  }
  const limit = container.resources?.limits?.["memory"];
  const found = isVllm ? [...tooOld(engine), ...tooSmall(engine, bytes, at)] : [];
  if (limit === undefined || bytes < quantityNumber(limit)) return found;
  const message = `cpu is ${cpu}, which counts towards the memory limit ${limit} of the container: the engine is killed when it fills the memory`;
  const fix = "raise the memory limit above the size of cpu and what the engine itself needs, or reduce cpu";
  return [...found, { ...at, code: "SharedMemory", message, fix }];
}

/** A number of bytes without a unit is usually meant as one of gibibytes. */
function withUnit(cpu: string | number): string {
  const isPlain = /^[1-9]\d*$/.test(String(cpu));
  return `write the memory with its unit, such as ${isPlain ? cpu : 64}Gi, or remove kvCacheOffloading`;
}

const CONNECTOR = "kv-transfer-config";

/** Whether the engine gets no connector from the field: its command takes no flags, or it has its own. */
function offloadsItself(engine: Engine): boolean {
  const kind = flagsOwner(engine);
  const written = kind === "vllm" ? ENGINE_FLAGS.vllm.lines.flagValue(engine.args, CONNECTOR) : undefined;
  return refusesFlags(engine.container, kind) || written?.includes("OffloadingConnector") === true;
}

function tooOld({ release, role }: Engine): CheckFinding[] {
  if (release === undefined || release.number >= (releaseNumber(TIERS_FROM) ?? 0)) return [];
  const message = `vLLM ${release.text} does not have the tiers of the KV cache yet: they were added in ${TIERS_FROM}`;
  const fix = `remove kvCacheOffloading, or run vLLM ${TIERS_FROM} or later`;
  const path = `${roleAt(role)}.kvCacheOffloading`;
  return [{ code: "FlagTooNew", path, layer: "merged", message, fix, fixes: [{ path }] }];
}

/** Without a volume in memory, /dev/shm has 64 MiB. The plan makes such a volume large enough. */
const DEFAULT_BYTES = 64 * 1024 ** 2;

function tooSmall(engine: Engine, bytes: number, at: Pick<CheckFinding, "path" | "layer">): CheckFinding[] {
  const { container, podSpec, traced } = engine;
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath.replace(/\/$/, "") === POD_PATH.sharedMemory);
  if (mount !== undefined || podSpec.hostIPC === true || bytes <= DEFAULT_BYTES) return [];
  const message = "the KV cache is offloaded to /dev/shm, which has 64 MiB in a container without a volume there";
  const pod = `spec.${traced.slice(0, traced.indexOf(".containers["))}`;
  const fixes = [
    { path: `${pod}.volumes[name=dshm].emptyDir.medium`, value: "Memory" },
    { path: `spec.${traced}.volumeMounts[mountPath=/dev/shm].name`, value: "dshm" },
  ];
  const fix = "mount an emptyDir of medium Memory at /dev/shm, as the presets do";
  return [{ ...at, code: "SharedMemory", message, fix, ...withFixes(fixes) }];
}
