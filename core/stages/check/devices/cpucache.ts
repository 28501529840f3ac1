import { roleAt } from "../../../contract/role.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { CPU_CACHE, cpuCacheGiB } from "../../../knowledge/engine/rules/cpucache.ts";
import { fit as estimate } from "../../../knowledge/memory/fit.ts";
import { GIB, gib } from "../../../knowledge/memory/rank.ts";
import type { ModelFacts } from "../../../knowledge/models/facts.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { platformOfImage } from "../../../knowledge/stacks/images.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { type Engine, unknownFlags } from "../engine.ts";
import { asCertain } from "./certain.ts";
import { fitRequestOf } from "./memory.ts";

/** The KV cache of an engine on CPUs, whose size is a variable's: it must hold one sequence of full length. */
export const CPU_CACHE_CHECK: Check = {
  name: "the cache on CPUs holds a sequence",
  source: "vllm/platforms/cpu.py (core/knowledge/engine/rules/cpucache.ts), and the cache of one sequence",
  codes: ["MemoryFit"],
  judge: (subject) => {
    const model = servedModel(subject);
    if (model === undefined || model.cacheless === true) return [];
    const engines = subject.engines.filter(({ isVllm, pod }) => isVllm && pod === "template");
    return asCertain(
      engines.flatMap((engine) => judgeEngine(engine, model, subject)),
      subject,
    );
  },
};

const LENGTH = "max-model-len";
const READ = [LENGTH, "tensor-parallel-size", "pipeline-parallel-size", "kv-cache-dtype", "dtype"];
/** Flags that set the cache, or the number of its blocks, in another way. */
const OTHERS = ["kv-cache-memory-bytes", "num-gpu-blocks-override", "speculative-config"];
/** More than any node has: only the cache is judged. */
const UNLIMITED = 1e6;

function judgeEngine(engine: Engine, model: ModelFacts, subject: CheckSubject): CheckFinding[] {
  const { args, container, release } = engine;
  const { image = "", env = [], envFrom = [] } = container;
  const own = env.find(({ name }) => name === CPU_CACHE);
  if (
    release === undefined ||
    platformOfImage(image) !== "cpu" ||
    (own === undefined ? envFrom.length > 0 : !own.value)
  )
    return [];
  const isFitted = ["auto", "-1"].includes(flagValue(args, LENGTH) ?? "");
  const isOther = OTHERS.some((flag) => flagValue(args, flag) !== undefined);
  const size = cpuCacheGiB(own?.value, release.number);
  if (size === undefined || isFitted || isOther || unknownFlags(engine, READ).length > 0) return [];
  const kvCacheMemoryBytes = size * GIB;
  const request = { ...fitRequestOf(engine, model, { memoryGiB: UNLIMITED }), kvCacheMemoryBytes };
  const { rows, verdict, maxModelLen } = estimate(request);
  const needed = rows.at(-1)?.bytes ?? 0;
  if (verdict !== "exceeds") return [];
  const whose = own === undefined ? "the default of this release" : CPU_CACHE;
  return [
    {
      code: "MemoryFit",
      path: roleAt(engine.role),
      layer: layerOfFlag(subject, engine, LENGTH),
      message: `one sequence of ${maxModelLen} tokens needs ${gib(needed)} GiB of KV cache, but the cache on CPUs has ${size} GiB (${whose})`,
      fix: `set the variable ${CPU_CACHE} to ${Math.ceil(needed / GIB)} or more, or lower tuning.maxModelLen`,
    },
  ];
}
