import assert from "node:assert/strict";
import type { PlanInput } from "../../../../../core/contract/plan.ts";
import type { KubernetesObject, PodSpec } from "../../../../../core/kubernetes/objects.ts";
import { planOf } from "../../check/plan.ts";

/** A service without findings, with one pod per engine and with groups. */
export const MODEL = { model: { uri: "hf://facebook/opt-125m" }, accelerator: "nvidia-l4" };
export const GROUPS = { ...MODEL, worker: {}, parallelism: { data: 4, dataLocal: 1 }, replicas: 4 };

/** The parts of specs that the tests read. */
export interface Spec {
  replicas?: number;
  selector?: object;
  strategy?: object;
  rolloutStrategy?: object;
  template?: { spec: PodSpec };
  leaderWorkerTemplate?: { leaderTemplate: { spec: PodSpec }; workerTemplate: { spec: PodSpec } };
  [field: string]: unknown;
}

/** The objects of a plan without issues; inputs are frozen. */
export function planned(spec: object, input: Partial<PlanInput> = {}): KubernetesObject[] {
  const { objects, issues } = planOf(spec, { checks: { UnknownModel: "off" }, ...input });
  assert.deepEqual(issues, []);
  return objects;
}

export const specsOf = (objects: readonly KubernetesObject[], kind: string): Spec[] =>
  objects.filter((object) => object.kind === kind).map((object) => object["spec"] as Spec);

/** `severity Code path` of each issue of a plan with the default release of the stack. */
export const refused = (spec: object): string[] => issuesOf(spec, {});

/** The release of the stack that has every operation. */
export const NEWEST = { stack: "llm-d-0.9" } as const;
/** Fields that make groups of two pods. */
export const GROUPED = { parallelism: { data: 2, dataLocal: 1 }, worker: {} };

/** `severity Code path` of each issue of a plan with the newest release of the stack, unless another input is given. */
export function issuesOf(spec: object, input: Partial<PlanInput> = NEWEST): string[] {
  const { issues } = planOf(spec, { checks: { UnknownModel: "off" }, ...input });
  return issues.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

/** The engine with an environment variable. */
export function withEnv(name: string): object {
  return { template: { containers: [{ name: "main", env: [{ name, value: "1" }] }] } };
}
