import { OWN } from "../../core/contract/behaviour.ts";
import { isFine } from "../../core/contract/issues/issue.ts";
import { compats } from "../../core/contract/options/options.ts";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import { shellWords } from "../../core/knowledge/engine/flags/argfields.ts";
import { mergeArgs } from "../../core/knowledge/engine/flags/commandline.ts";
import { replaceVariables } from "../../core/knowledge/templates/variables.ts";
import { addQuantities, canonicalQuantity, quantityNumber, quantityValue } from "../../core/kubernetes/quantity.ts";
import { plan } from "../../core/plan.ts";
import { bundleOf } from "../../core/platform/bundle.ts";
import { chooseBundle } from "../../core/platform/choose.ts";
import { diffObjects } from "../../core/views/diff/diff.ts";
import { impactOf } from "../../core/views/diff/impact.ts";
import { reportHtml } from "../../core/views/graph/report.ts";
import { readExpected } from "../../core/views/promote/expected.ts";
import { checkPromotion } from "../../core/views/promote/promote.ts";
import { CALL_KINDS } from "./calls.ts";
import { COMMAND_KINDS } from "./commands.ts";
import { judgeIssues, judgePlan, judgeSame, Violation } from "./invariants.ts";
import type { Odd } from "./oddvalues.ts";
import { type Kind, planAll, planInput, SERVICE, seeded } from "./planned.ts";
import type { Random } from "./random.ts";
import { EXPECTED, KNOWN, MODEL_INFO, OPTIONS, PLATFORM, TEMPLATES, WORDS } from "./samples.ts";
import { configOf, serviceOf } from "./services.ts";
import { VIEW_KINDS } from "./views.ts";

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
    make: (random, odd) => ({ service: serviceOf(random, odd), compat: random.pick(compats) }),
    run: (input: { service: unknown; compat: (typeof compats)[number] }) => judgePlan(plan(planInput(input))),
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
    name: "options",
    share: 4,
    make: seeded(() => OPTIONS),
    run: (options: object) => void planAll({ service: SERVICE, ...options }),
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
  ...VIEW_KINDS,
  ...COMMAND_KINDS,
  ...CALL_KINDS,
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
