import assert from "node:assert/strict";
import { planService, type ServicePlanning } from "../../components/planning/planning.ts";
import type { LLMInferenceServiceArgs } from "../../components/request.ts";
import { preparingWith } from "../../components/service.ts";

/** The plannings without what only an explanation reads, by the arguments of a service that has no platform. */
const known = new Map<string, ServicePlanning>();
/** More than the leaves of all scenarios. */
const MOST = 1_000;

const prepare = preparingWith((isUnknown) => {
  const plan = planService(isUnknown);
  return (args, isTwin) => {
    const key = JSON.stringify(args);
    const planning = known.get(key) ?? withoutTrace(plan(args, isTwin));
    known.delete(key);
    known.set(key, planning);
    const [oldest = key] = known.keys();
    if (known.size > MOST) known.delete(oldest);
    return planning;
  };
});

/**
 * `prepareService` that plans equal arguments once, for tests that plant a value at each leaf: the service around the leaf is
 * always the same. Without a platform, a twin is the plan of the same arguments.
 */
export function prepareRemembered(args: LLMInferenceServiceArgs): ReturnType<typeof prepare> {
  assert.equal(args.platform, undefined);
  return prepare("chat", args);
}

function withoutTrace({
  input: _input,
  plan: { trace: _trace, provenance: _provenance, ...plan },
  ...rest
}: ServicePlanning) {
  return { ...rest, plan };
}
