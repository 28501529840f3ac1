import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import type { Plan, PlanInput } from "../../core/contract/plan.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { plan } from "../../core/plan.ts";
import { diffObjects } from "../../core/views/diff/diff.ts";
import { explain } from "../../core/views/explain/explain.ts";
import { fitOfPlan } from "../../core/views/fit/fit.ts";
import { graphOf } from "../../core/views/graph/graph.ts";
import { mermaid } from "../../core/views/graph/mermaid.ts";
import { deepFreeze } from "./freeze.ts";
import { judgePlan } from "./invariants.ts";
import { mutated } from "./mutate.ts";
import type { Odd } from "./oddvalues.ts";
import type { Random } from "./random.ts";
import { PROMETHEUS } from "./samples.ts";

/** A kind of input: how one is made, and what is done with it. `run` throws if something is wrong. */
export interface Kind {
  name: string;
  /** The share of this kind among all inputs. */
  share: number;
  make(random: Random, odd: Odd): unknown;
  run(input: never): void | Promise<void>;
}

const CONFIGS = deepFreeze(presets({ namespace: DEFAULT_SETTINGS.systemNamespace }));
const SETTINGS = deepFreeze({ ...DEFAULT_SETTINGS, autoscaling: { prometheus: PROMETHEUS } });

/** A plan's input with the presets, and with settings that every feature needs. */
export function planInput(input: Partial<PlanInput> & { service: unknown }): PlanInput {
  return { settings: SETTINGS, ...input, configs: [...CONFIGS, ...(input.configs ?? [])] };
}

/** Plans, and every view of the plan that a user may request. */
export function planAll(input: Partial<PlanInput> & { service: unknown }): Plan {
  const planned = plan(planInput(input));
  judgePlan(planned);
  explain(planned);
  fitOfPlan(planned);
  if (planned.objects.length === 0) return planned;
  JSON.stringify(planned.objects);
  mermaid([{ name: "chat", graph: graphOf(planned.objects) }]);
  diffObjects(planned.objects, planned.objects.slice(1));
  return planned;
}

/** Makes inputs of a valid sample, by up to `most` changes of it. */
export function seeded(sample: () => unknown, most = 4) {
  return (random: Random, odd: Odd): unknown => deepFreeze(mutated(sample(), random, odd, 1 + random.below(most)));
}

/** A valid service. */
export const SERVICE = deepFreeze({
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceService",
  metadata: { name: "chat", namespace: "team" },
  spec: {
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
    accelerator: "nvidia-l4",
    router: { route: {}, gateway: {}, scheduler: {} },
  },
});
