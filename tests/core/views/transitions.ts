import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../core/kubernetes/objects.ts";
import { planOf } from "../stages/check/plan.ts";

const SERVICE = {
  model: { uri: "hf://Qwen/Qwen3-8B" },
  tuning: { maxModelLen: 8192 },
  router: { route: {}, scheduler: {} },
};
const H100 = { accelerator: "nvidia-h100-80gb", replicas: 2 };
const L40S = { accelerator: "nvidia-l40s", replicas: 4 };
const PLAIN = { ...SERVICE, ...H100 };
const grouped = (groups: object): object => ({ ...SERVICE, groups });
const TWO = grouped({ h100: H100, l40s: L40S });
const PREFILLED = { ...PLAIN, prefill: {} };
const SET = { ...PREFILLED, operations: { pairedRollout: { disaggregatedSet: true } } };

/** The objects of the newest stack for the spec of the service `chat` in the namespace `team`. */
export function objectsOf(spec: object): readonly KubernetesObject[] {
  const { objects, issues } = planOf(spec, { stack: "llm-d-0.9" });
  assert.ok(objects.length > 0, JSON.stringify(issues));
  return objects;
}

/**
 * A change of one service, the workloads that are created and deleted with it, and the GPUs that they use meanwhile.
 */
interface Transition {
  title: string;
  specs: [before: object, after: object];
  workloads: string[];
  gpus: { before: number; after: number; peak: number; lost: number };
}

export const TRANSITIONS: Transition[] = [
  {
    title: "a service that gets groups",
    specs: [PLAIN, TWO],
    workloads: ["create chat-kserve-h100", "create chat-kserve-l40s", "delete chat-kserve"],
    gpus: { before: 2, after: 6, peak: 8, lost: 0 },
  },
  {
    title: "a service that loses its groups",
    specs: [TWO, PLAIN],
    workloads: ["create chat-kserve", "delete chat-kserve-h100", "delete chat-kserve-l40s"],
    gpus: { before: 6, after: 2, peak: 8, lost: 0 },
  },
  {
    title: "a group that is added",
    specs: [grouped({ h100: H100 }), TWO],
    workloads: ["create chat-kserve-l40s"],
    gpus: { before: 2, after: 6, peak: 6, lost: 0 },
  },
  {
    title: "a group that is removed",
    specs: [TWO, grouped({ h100: H100 })],
    workloads: ["delete chat-kserve-l40s"],
    gpus: { before: 6, after: 2, peak: 6, lost: 0 },
  },
  {
    title: "a group that gets another name",
    specs: [TWO, grouped({ hopper: H100, l40s: L40S })],
    workloads: ["create chat-kserve-hopper", "delete chat-kserve-h100"],
    gpus: { before: 6, after: 6, peak: 8, lost: 0 },
  },
  {
    title: "a group that becomes several pods",
    specs: [TWO, grouped({ h100: H100, l40s: { ...L40S, parallelism: { pipeline: 2 }, worker: {} } })],
    workloads: ["create chat-kserve-mn-l40s", "delete chat-kserve-l40s"],
    gpus: { before: 6, after: 10, peak: 14, lost: 0 },
  },
  {
    title: "Deployments that become a DisaggregatedSet, for whose pods nothing waits",
    specs: [PREFILLED, SET],
    workloads: [
      "create chat-kserve-decode",
      "create chat-kserve-prefill",
      "delete chat-kserve",
      "delete chat-kserve-prefill",
    ],
    gpus: { before: 3, after: 3, peak: 6, lost: 3 },
  },
  {
    title: "a DisaggregatedSet that becomes Deployments, which are waited for",
    specs: [SET, PREFILLED],
    workloads: [
      "create chat-kserve",
      "create chat-kserve-prefill",
      "delete chat-kserve-decode",
      "delete chat-kserve-prefill",
    ],
    gpus: { before: 3, after: 3, peak: 6, lost: 0 },
  },
];
