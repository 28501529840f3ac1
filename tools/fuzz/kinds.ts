import { OWN } from "../../core/contract/behaviour.ts";
import { isFine } from "../../core/contract/issue.ts";
import type { Plan, PlanInput } from "../../core/contract/plan.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/settings.ts";
import { shellWords } from "../../core/knowledge/engine/argfields.ts";
import { mergeArgs } from "../../core/knowledge/engine/commandline.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import { replaceVariables } from "../../core/knowledge/templates/variables.ts";
import { addQuantities, canonicalQuantity, quantityNumber, quantityValue } from "../../core/kubernetes/quantity.ts";
import { plan } from "../../core/plan.ts";
import { bundleOf } from "../../core/platform/bundle.ts";
import { chooseBundle } from "../../core/platform/choose.ts";
import { diffObjects } from "../../core/views/diff/diff.ts";
import { impactOf } from "../../core/views/diff/impact.ts";
import { explain } from "../../core/views/explain/explain.ts";
import { fitOfPlan } from "../../core/views/fit/fit.ts";
import { graphOf } from "../../core/views/graph/graph.ts";
import { mermaid } from "../../core/views/graph/mermaid.ts";
import { reportHtml } from "../../core/views/graph/report.ts";
import { readExpected } from "../../core/views/promote/expected.ts";
import { checkPromotion } from "../../core/views/promote/promote.ts";
import { deepFreeze } from "./freeze.ts";
import { judgeIssues, judgePlan, judgeSame, Violation } from "./invariants.ts";
import { mutated } from "./mutate.ts";
import type { Odd } from "./odd.ts";
import type { Random } from "./random.ts";
import { EXPECTED, KNOWN, MODEL_INFO, PLATFORM, PROMETHEUS, TEMPLATES, WORDS } from "./samples.ts";
import { configOf, serviceOf } from "./services.ts";

/** A kind of input: how one is made, and what is done with it. `run` throws where something is wrong. */
export interface Kind {
  name: string;
  /** How many of a hundred inputs are of this kind. */
  share: number;
  make(random: Random, odd: Odd): unknown;
  run(input: never): void;
}

const CONFIGS = deepFreeze(presets({ namespace: DEFAULT_SETTINGS.systemNamespace }));
const SETTINGS = deepFreeze({ ...DEFAULT_SETTINGS, autoscaling: { prometheus: PROMETHEUS } });

/** A plan's input with our presets, and with settings that every feature finds what it needs in. */
export function planInput(input: Partial<PlanInput> & { service: unknown }): PlanInput {
  return { settings: SETTINGS, ...input, configs: [...CONFIGS, ...(input.configs ?? [])] };
}

/** Plans, and every view of the plan that a user may ask for. */
function planAll(input: Partial<PlanInput> & { service: unknown }): Plan {
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

function seeded(sample: () => unknown, most = 4) {
  return (random: Random, odd: Odd): unknown => deepFreeze(mutated(sample(), random, odd, 1 + random.below(most)));
}

const SERVICE = deepFreeze({
  apiVersion: "serving.kserve.io/v1alpha2",
  kind: "LLMInferenceService",
  metadata: { name: "chat", namespace: "team" },
  spec: {
    model: { uri: "hf://Qwen/Qwen2.5-7B-Instruct" },
    accelerator: "nvidia-l4",
    router: { route: {}, gateway: {}, scheduler: {} },
  },
});

export const KINDS: readonly Kind[] = [
  { name: "service", share: 30, make: serviceOf, run: (service: unknown) => void planAll({ service }) },
  {
    name: "service, twice",
    share: 4,
    make: serviceOf,
    run: (service: unknown) => judgeSame(plan(planInput({ service })), plan(planInput({ service }))),
  },
  {
    name: "service, compat",
    share: 6,
    make: serviceOf,
    run: (service: unknown) => judgePlan(plan(planInput({ service, compat: "kserve-0.20" }))),
  },
  {
    name: "service and config",
    share: 8,
    make: (random, odd) => ({
      service: { ...SERVICE, spec: { ...SERVICE.spec, baseRefs: [{ name: "base" }] } },
      configs: [configOf(random, odd)],
    }),
    run: (input: { service: unknown; configs: unknown[] }) => void planAll(input),
  },
  {
    name: "update",
    share: 3,
    make: (random, odd) => ({ service: serviceOf(random, odd, 1), old: serviceOf(random, odd, 3) }),
    run: (input: { service: unknown; old: unknown }) => judgePlan(plan(planInput(input))),
  },
  {
    name: "known",
    share: 4,
    make: seeded(() => KNOWN),
    run: (known: never) => judgePlan(plan(planInput({ service: SERVICE, known }))),
  },
  {
    name: "settings",
    share: 4,
    make: seeded(() => DEFAULT_SETTINGS),
    run: (settings: never) => judgePlan(plan(planInput({ service: SERVICE, settings }))),
  },
  {
    name: "modelInfo",
    share: 4,
    make: seeded(() => MODEL_INFO),
    run: (modelInfo: never) => void planAll({ service: SERVICE, modelInfo }),
  },
  {
    name: "platform",
    share: 4,
    make: seeded(() => PLATFORM),
    run: (content: never) => {
      const made = bundleOf(content, { systemNamespace: "kserve", recorded: true });
      judgeIssues(made.issues);
      if (isFine(made.issues)) judgePlan(plan(planInput({ service: SERVICE, configs: made.configs })));
    },
  },
  {
    name: "bundle",
    share: 4,
    make: seeded(() => ({
      platform: bundleOf(PLATFORM, { systemNamespace: "kserve", recorded: true }, "r1").bundle,
      pin: { release: "r1" },
    })),
    run: ({ platform, pin }: { platform: never; pin: never }) => judgeIssues(chooseBundle(platform, pin).issues),
  },
  { name: "view: report", share: 2, make: serviceOf, run: (service: unknown) => void report(service) },
  {
    name: "view: diff",
    share: 3,
    make: (random, odd) => [serviceOf(random, odd, 0), serviceOf(random, odd, 1)],
    run: (services: unknown[]) => {
      const [before = [], after = []] = services.map((service) => plan(planInput({ service })).objects);
      diffObjects(before, after);
      impactOf(before, after);
    },
  },
  {
    name: "promote",
    share: 2,
    make: (random, odd) => ({
      from: serviceOf(random, odd, 1),
      to: serviceOf(random, odd, 0),
      expected: seeded(() => EXPECTED)(random, odd),
    }),
    run: promote,
  },
  { name: "template", share: 8, make: templateOf, run: expand },
  { name: "args", share: 8, make: argsOf, run: merge },
  { name: "quantity", share: 6, make: quantityOf, run: measure },
];

function report(service: unknown): void {
  const planned = plan(planInput({ service }));
  const html = reportHtml([planned]);
  if (/<script>(?!\s*\/\/ kserve-llm)[^<]*<\/script><script>/.test(html))
    throw new Violation("a report runs the input's script");
}

function promote({ from, to, expected }: { from: unknown; to: unknown; expected: unknown }): void {
  const read = readExpected(expected);
  judgeIssues(read.issues);
  if (read.expected === undefined) return;
  const promotion = checkPromotion({
    from: planInput({ service: from }),
    to: planInput({ service: to }),
    expected: read.expected,
  });
  judgeIssues(promotion.issues.map(({ issue }) => issue));
}

function templateOf(random: Random, odd: Odd): string {
  const parts = random.times(1 + random.below(6), () =>
    random.chance(0.75) ? random.pick(TEMPLATES) : odd.text(random),
  );
  return parts.join(random.pick(["", " ", "\n"]));
}

function expand(text: string): void {
  const { issues } = replaceVariables({ config: { text }, service: SERVICE, globalConfig: {}, behaviour: OWN });
  judgeIssues(issues);
}

function argsOf(random: Random, odd: Odd): string[][] {
  const word = (): string => (random.chance(0.8) ? random.pick(WORDS) : odd.text(random));
  return random.times(2, () => random.times(random.below(12), word));
}

function merge([base = [], added = []]: readonly string[][]): void {
  const merged = mergeArgs(base, added);
  judgeSame(mergeArgs(merged, []), merged);
  for (const word of base) shellWords(word);
}

function quantityOf(random: Random, odd: Odd): string {
  const number = random.pick(["1", "0", "1.5", "999999999999", ".5", "0.000000001", "18446744073709551616", "-3"]);
  const suffix = random.pick([
    "",
    "m",
    "Ki",
    "Gi",
    "Ei",
    "E",
    "k",
    "e3",
    "e-3",
    "e400000000",
    "e-400000000",
    "E2147483648",
    "n",
    "u",
  ]);
  return random.chance(0.8) ? number + suffix : odd.text(random);
}

function measure(text: string): void {
  const once = canonicalQuantity(text);
  if (once === undefined) return;
  if (canonicalQuantity(once) !== once)
    throw new Violation("a canonical quantity has another canonical text", `${text} ${once}`);
  if (!Number.isFinite(quantityNumber(text))) throw new Violation("a quantity is not a finite number", text);
  quantityValue(text);
  addQuantities(text, "1500m");
  addQuantities("1Gi", text);
}
