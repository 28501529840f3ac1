import { NO_ORIGINS } from "../../contract/layer.ts";
import type { GroupPlan, Plan } from "../../contract/plan.ts";
import { fit as estimate, type Fit, type Limits, limitsOf } from "../../knowledge/memory/fit.ts";
import { servedModel } from "../../knowledge/models/served.ts";
import { type CheckSubject, subjectOf } from "../../stages/check/check.ts";
import { devicesOf } from "../../stages/check/devices/devices.ts";
import { fitsOf, type RoleFit } from "../../stages/check/devices/memory.ts";
import type { Engine } from "../../stages/check/engine.ts";

/**
 * How one role of a service fits into its accelerators; all amounts are bytes of one accelerator, unless stated
 * otherwise.
 */
export interface ServiceRoleFit extends Omit<Fit, "suggestions"> {
  role: Engine["role"];
  /** The replica group, if the service has groups. */
  group?: string;
  /** Name of the accelerator, or its resource's. */
  accelerator: string;
  memoryGiB: number;
  tensor: number;
  pipeline: number;
  limits: Limits;
}

/** A role that cannot be estimated, and what would make it possible. */
interface UnestimatedRole {
  role: Engine["role"];
  group?: string;
  reason: string;
  fix: string;
}

export interface ServiceFit {
  /** Whether every role is known to fit. */
  fits: boolean;
  roles: ServiceRoleFit[];
  notEstimated: UnestimatedRole[];
}

/**
 * How the service of a plan fits, role by role, as its merged spec runs it; no roles if the plan did not reach a merged
 * spec. `concurrency`: the number of full-length sequences that must run at once.
 */
export function fitOfPlan(plan: Plan, concurrency = 1): ServiceFit {
  const { spec, provenance = NO_ORIGINS, trace, groups } = plan;
  if (groups !== undefined) return fitOfGroups(groups, concurrency);
  if (spec === undefined || trace === undefined) return { fits: false, roles: [], notEstimated: [] };
  const subject = subjectOf({ ...trace.input, accelerators: trace.accelerators, spec, provenance });
  const estimated = fitsOf(subject);
  const roles = estimated.map((role) => reportOf(role, concurrency));
  const notEstimated = subject.engines
    .filter(({ pod, role }) => pod === "template" && !estimated.some(({ engine }) => engine.role === role))
    .map((engine) => ({ role: engine.role, ...whyNotEstimated(engine, subject) }));
  const fits = roles.length > 0 && notEstimated.length === 0 && roles.every((role) => role.fits);
  return { fits, roles, notEstimated: notEstimated };
}

/** Each group separately; prefill, which they share, once. */
function fitOfGroups(groups: readonly GroupPlan[], concurrency: number): ServiceFit {
  const all = groups.map(({ name, plan }, index) => {
    const { fits, roles, notEstimated } = fitOfPlan(plan, concurrency);
    const named = <Role extends { role: Engine["role"] }>(found: readonly Role[]): (Role & { group?: string })[] =>
      found.flatMap((one) => (one.role === "main" ? [{ ...one, group: name }] : index === 0 ? [one] : []));
    return { fits, roles: named(roles), notEstimated: named(notEstimated) };
  });
  return {
    fits: all.every(({ fits }) => fits),
    roles: all.flatMap(({ roles }) => roles),
    notEstimated: all.flatMap(({ notEstimated }) => notEstimated),
  };
}

function reportOf({ engine, name, memoryGiB, request }: RoleFit, concurrency: number): ServiceRoleFit {
  const asked = { ...request, concurrency };
  const { suggestions: _, ...result } = estimate(asked);
  const { tensor = 1, pipeline = 1 } = request;
  return { role: engine.role, accelerator: name, memoryGiB, tensor, pipeline, ...result, limits: limitsOf(asked) };
}

function whyNotEstimated(engine: Engine, subject: CheckSubject): Omit<UnestimatedRole, "role"> {
  const devices = devicesOf(engine, subject);
  if (!engine.isVllm) {
    return {
      reason: "the command of the container main cannot be read as a vLLM command",
      fix: "pass the vLLM flags as args",
    };
  }
  if (servedModel(subject) === undefined) {
    return {
      reason: "the model is not in the catalogue",
      fix: "set modelInfo (--model-info) to the output of `kserve-llm model info FOLDER`",
    };
  }
  if (devices === undefined)
    return { reason: "the pod requests no accelerator", fix: "set accelerator (with --model: --accelerator)" };
  return {
    reason: `the accelerator of ${devices.resource} and its memory are unknown`,
    fix: "set accelerator, or a node selector that identifies the accelerator",
  };
}
