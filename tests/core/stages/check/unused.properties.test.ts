import assert from "node:assert/strict";
import fc from "fast-check";
import { readPrices } from "../../../../cli/commands/diff.ts";
import { Terminal } from "../../../../cli/text/terminal.ts";
import { type Issue, type IssueCode, isFine } from "../../../../core/contract/issues/issue.ts";
import { CHECK_CODES } from "../../../../core/contract/options/checks.ts";
import { DEFAULT_SETTINGS } from "../../../../core/contract/options/settings.ts";
import type { PlanInput } from "../../../../core/contract/plan.ts";
import { formatPath } from "../../../../core/kubernetes/json.ts";
import { workloadsOf } from "../../../../core/kubernetes/workloads/workloads.ts";
import { costPerUnit } from "../../../../core/views/diff/prices.ts";
import { KINDS } from "./kinds.ts";
import { type Leaf, leavesOfService, type Path } from "./leaves.ts";
import { planFirst, planOf } from "./plan.ts";

/** Where a spec is written: by the service, or by a config that it names and adds nothing to. */
type Place = "service" | "config";
type Planned = ReturnType<typeof planned>;

const document = (kind: string, apiVersion: string, name: string, rest: object) => ({
  ...{ apiVersion, kind, metadata: { name, namespace: "team" } },
  ...rest,
});
const config = (name: string, spec: unknown): object =>
  document("LLMInferenceServiceConfig", "serving.kserve.io/v1alpha2", name, { spec });
const epp = (of: string): string => JSON.stringify({ plugins: [{ type: "max-score-picker", name: of }] });
const SETTINGS: Partial<PlanInput> = {
  // A finding of a gate is reported, but does not prevent the plan.
  checks: Object.fromEntries(CHECK_CODES.map((code) => [code, "warning"])),
  known: ["abc", "def"].map((name) => {
    const data = Object.fromEntries(["epp", "abc", "def"].map((key) => [key, epp(`${name}-${key}`)]));
    return document("ConfigMap", "v1", name, { data });
  }),
  settings: {
    ...DEFAULT_SETTINGS,
    autoscaling: {
      ...DEFAULT_SETTINGS.autoscaling,
      prometheus: {
        ...{ url: "http://prometheus", tlsInsecureSkipVerify: false },
        ...{ authModes: "", triggerAuthName: "", triggerAuthKind: "" },
      },
    },
  } as PlanInput["settings"],
};

/** `planning` is planOf, or planFirst where only a plan without errors is of use. */
function planned(spec: unknown, place: Place, planning = planOf) {
  const others = ["abc", "def"].map((name) => config(name, { labels: { of: name } }));
  const configs = [...others, ...(place === "config" ? [config("base", spec)] : [])];
  const { objects, issues } = planning(place === "config" ? { baseRefs: [{ name: "base" }] } : spec, {
    ...SETTINGS,
    configs,
  });
  return { objects, issues, text: JSON.stringify(objects), isFine: isFine(issues), spec };
}

/**
 * The value at a path, or undefined; and a spec with another value there, or without one. Maps on the path are created.
 */
function valueAt(spec: unknown, path: Path): unknown {
  const into = (value: unknown, step: string | number): unknown =>
    typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
  return path.reduce(into, spec);
}
function withAt(spec: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const isMap = typeof spec === "object" && spec !== null;
  if (typeof step === "number") {
    const items = Array.isArray(spec) ? spec : [];
    const after = withAt(items[step], rest, value);
    return [...(after === undefined ? [] : [after]), ...items.slice(1)];
  }
  const { [step]: before, ...others } = (isMap ? spec : {}) as Record<string, unknown>;
  const after = withAt(before, rest, value);
  return after === undefined ? others : { ...others, [step]: after };
}

/** The spec with the leaf, and with what it requires. */
function withLeaf(spec: unknown, { path, values, beside }: Leaf): unknown {
  const needed = beside.filter((one) => valueAt(spec, one.path) === undefined);
  const hosted = needed.reduce<unknown>((some, one) => withAt(some, one.path, one.value), spec);
  return withAt(hosted, path, values[0]);
}

/**
 * Codes about the very effect of the field that they name: it has none, or not this one. Other codes concern
 * consequences.
 */
const TELLING: readonly IssueCode[] = ["UnusedField", "Conflict", "NotFound", "RoutingContract"];

/** Whether an issue names the leaf, or a field around it; an issue about a whole role does not count. */
function isNamed({ path }: Leaf, issues: readonly Issue[], codes: readonly IssueCode[] = TELLING): boolean {
  const here = formatPath(["spec", ...path]);
  const isOf = (told: string): boolean => here === told || [".", "["].some((step) => here.startsWith(told + step));
  return issues.some(({ code, path: told }) => codes.includes(code) && !/^spec(\.prefill)?$/.test(told) && isOf(told));
}

/** Whether the plan refuses it by name: it excludes another field, or lacks a required one. */
function isRefused(leaf: Leaf, issues: readonly Issue[]): boolean {
  const here = formatPath(["spec", ...leaf.path]);
  const lacks = issues.some(({ code, path }) => code === "MissingField" && path === here);
  return lacks || isNamed(leaf, issues, ["Conflict"]);
}

/**
 * Fields that do not become part of an object, by their purpose: facts of an accelerator, which the checks and `diff`
 * read.
 */
const FACTS: readonly { of: RegExp; read(plan: Planned, place: Place): unknown }[] = [
  { of: /accelerator\.(memoryGiB|devicesPerNode)$/, read: ({ issues }) => issues.map(({ message }) => message) },
  // Counts devices for an engine with several ranks.
  { of: /accelerator\.coresPerDevice$/, read: ({ text }) => text },
  {
    of: /accelerator\.pricePerHour$/,
    read: ({ objects, spec }, place) => {
      const configs = [config("base", spec)];
      const input = { ...SETTINGS, configs, service: { spec: place === "service" ? spec : {} } };
      const prices = readPrices(undefined, [{ input: input as unknown as PlanInput }], new Terminal());
      return workloadsOf(objects).map((workload) => costPerUnit(workload, prices).cost);
    },
  },
];

/** Whether an issue names it; or whether another value, or none, makes other objects or is refused by name. */
function matters(leaf: Leaf, plan: Planned, place: Place): boolean {
  if (isNamed(leaf, plan.issues)) return true;
  const facts = FACTS.find(({ of }) => of.test(leaf.path.join(".")));
  const effect = (one: Planned): string => (facts ? JSON.stringify(facts.read(one, place)) : one.text);
  return [undefined, ...leaf.values.slice(1)].some((value) => {
    const spec = withAt(plan.spec, leaf.path, value);
    const other = planned(spec, place, planFirst);
    if (other.isFine) return effect(other) !== effect(plan);
    return isRefused(leaf, other.issues) || isRefused(leaf, planned(spec, place).issues);
  });
}

const LEAVES = leavesOfService();
/** Types of other APIs are passed on whole: they have too many fields to try each. */
const EMBEDDED = /\b(template|worker|behavior)\b|http\.spec|pvc\.spec/;
const OWN = LEAVES.filter(({ path }) => !EMBEDDED.test(path.join(".")));
/** Facts only have an effect where they are exceeded, which is not everywhere. */
const OBJECTS = OWN.filter(({ path }) => !FACTS.some(({ of }) => of.test(path.join("."))));
const PASSED = LEAVES.filter(({ path }) => EMBEDDED.test(path.join(".")));

/** The kinds of services, first those that have most of the path to the leaf. */
function kindsFor({ path }: Leaf): string[] {
  const inside = path.map((_, i) => path.slice(0, i));
  const depth = (kind: string): number => inside.filter((way) => typeof valueAt(KINDS[kind], way) === "object").length;
  return Object.keys(KINDS).sort((one, other) => depth(other) - depth(one));
}

/** What becomes of a leaf in the first kind of service that can have it; a refusal in all of them must name it. */
function fateOf(leaf: Leaf, place: Place): string {
  const kinds = kindsFor(leaf);
  const refusals: Issue[] = [];
  for (const kind of kinds) {
    const plan = planned(withLeaf(KINDS[kind], leaf), place, planFirst);
    if (plan.isFine) return matters(leaf, plan, place) ? "fine" : `without effect in a service that is ${kind}`;
    refusals.push(...plan.issues);
  }
  const isNamedIn = (kind: string): boolean => isRefused(leaf, planned(withLeaf(KINDS[kind], leaf), place).issues);
  return isRefused(leaf, refusals) || kinds.some(isNamedIn) ? "fine" : `in no service: ${refusals[0]?.message}`;
}

describe("a leaf of a service or of a config", () => {
  for (const place of ["service", "config"] as const) {
    it(`changes the objects or is reported, for each possible leaf of a ${place}`, () => {
      const fates = OWN.map((leaf) => [leaf.path.join("."), fateOf(leaf, place)]);
      assert.deepEqual(
        fates.filter(([, fate]) => fate !== "fine"),
        [],
      );
    });
  }

  it("changes the objects or is reported, also next to other issues", () => {
    let judged = 0;
    const leaf = fc.oneof(fc.constantFrom(...OBJECTS), fc.constantFrom(...PASSED));
    const varied = fc.tuple(
      fc.constantFrom(...Object.keys(KINDS)),
      fc.uniqueArray(leaf, { minLength: 1, maxLength: 3, selector: ({ path }) => path.join() }),
      fc.constantFrom<Place>("service", "config"),
    );
    fc.assert(
      fc.property(varied, ([name, leaves, place]) => {
        const plan = planned(leaves.reduce(withLeaf, KINDS[name]), place, planFirst);
        if (!plan.isFine) return;
        for (const one of leaves) {
          judged++;
          const where = `${one.path.join(".")} of a ${place} that is ${name}`;
          assert.ok(matters(one, plan, place), `${where}: ${JSON.stringify(plan.spec)}`);
        }
      }),
      { seed: Number(process.env["SEED"] ?? 5), numRuns: Number(process.env["RUNS"] ?? 220) },
    );
    assert.ok(judged > 50, `only ${judged} leaves of plans without errors`);
  });
});
