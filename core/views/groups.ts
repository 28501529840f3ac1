import type { LLMInferenceServiceSpec } from "../api/service.ts";
import { GROUP_FIELDS } from "../api/shorthands/shorthands.ts";
import type { Plan } from "../contract/plan.ts";
import { pathSteps } from "../kubernetes/path.ts";

/**
 * Whether a path of a spec, such as `template.containers[name=main].image`, belongs to what each replica group has
 * separately.
 */
export function isOfGroup(path: string): boolean {
  return GROUP_FIELDS.includes(pathSteps(path)[0] ?? "");
}

/** The spec that was rendered. With replica groups, the separate fields of each group are below its name. */
export function mergedSpecOf({ spec, groups }: Plan): LLMInferenceServiceSpec | undefined {
  if (spec === undefined || groups === undefined) return spec;
  const part = (whole: object, ofGroup: boolean) =>
    Object.fromEntries(Object.entries(whole).filter(([field]) => isOfGroup(field) === ofGroup));
  const own = groups.map(({ name, plan }) => [name, part(plan.spec ?? {}, true)]);
  return { ...part(spec, false), model: spec.model, ...{ groups: Object.fromEntries(own) } };
}
