import { entryOf } from "../../kubernetes/table.ts";
import type { Check, CheckFinding, CheckSubject } from "./check.ts";
import { devicesOf } from "./devices.ts";
import type { Engine } from "./engine.ts";
import { ranksOf } from "./sharedmemory.ts";

/**
 * Variables that hide accelerators of the container from its programs, by the vendor's prefix of the resource. Their numbers count
 * the accelerators of the container from 0, whichever of the node they are.
 * Sources: CUDA's and HIP's documentation of environment variables.
 */
const HIDING: Readonly<Record<string, readonly string[]>> = {
  "nvidia.com/gpu": ["CUDA_VISIBLE_DEVICES"],
  "amd.com/gpu": ["HIP_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES"],
};

export const VISIBLE_CHECK: Check = {
  name: "no variable hides accelerators that the engine needs",
  source: "CUDA and HIP; ParallelConfig, vllm/config/parallel.py: more ranks than visible GPUs are refused",
  codes: ["GpuShape"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeVisible(engine, subject)),
};

function judgeVisible(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { container, path, traced, isVllm, isSglang } = engine;
  const { resource = "", count = 0 } = devicesOf(engine, subject) ?? {};
  const hiding = entryOf(HIDING, resource) ?? [];
  const { ranks } = ranksOf(engine, subject.groupSizes);
  if (!(isVllm || isSglang)) return [];
  const { env = [], command = [], args = [] } = container;
  // A script may give the variable another value, and of two values of one name the last holds.
  const isChanged = (name: string): boolean => [...command, ...args].some((word) => String(word).includes(name));
  return env.flatMap(({ name, value }, index): CheckFinding[] => {
    if (value === undefined || !hiding.includes(name) || isChanged(name)) return [];
    if (env.findLastIndex((one) => one.name === name) !== index) return [];
    const seen = seenBy(value, count);
    if (seen === undefined || seen >= Math.min(ranks, count)) return [];
    const message = `${name} is ${JSON.stringify(value)}, so the engine sees ${seen} of the pod's ${count} accelerators, but has ${ranks} ranks`;
    return [
      {
        code: "GpuShape",
        path: `${path}.env[${index}]`,
        layer: "merged",
        message,
        fix: `remove ${name}: a container sees the accelerators that it requests, and no other`,
        fixes: [{ path: `spec.${traced}.env[name=${name}]` }],
      },
    ];
  });
}

/** How many accelerators a value leaves: numbers up to the first that there is not. Names of accelerators tell nothing. */
function seenBy(value: string, count: number): number | undefined {
  if (value.trim() === "") return 0;
  const ids = value.split(",").map((id) => id.trim());
  if (!ids.every((id) => /^-?\d+$/.test(id))) return undefined;
  const wrong = ids.findIndex((id) => Number(id) < 0 || Number(id) >= count);
  return new Set(wrong < 0 ? ids : ids.slice(0, wrong)).size;
}
