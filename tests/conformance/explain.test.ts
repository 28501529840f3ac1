import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Case, type Recorded, readCases, readRecorded } from "../../cli/conformance/cases.ts";
import { planMerge, requestOf } from "../../cli/conformance/emit.ts";
import { Terminal } from "../../cli/text/terminal.ts";
import type { Compat } from "../../core/contract/behaviour.ts";
import type { Plan } from "../../core/contract/plan.ts";
import { presets } from "../../core/knowledge/stacks/stacks.ts";
import type { Json, JsonObject } from "../../core/kubernetes/json.ts";
import { ROOT_TYPE } from "../../core/kubernetes/patch/schema.ts";
import { canonicalQuantity } from "../../core/kubernetes/quantity.ts";
import { planSpec } from "../../core/plan.ts";
import { type Explained, explain } from "../../core/views/explain/explain.ts";
import { leavesOf } from "../../core/views/leaves.ts";
import { flattened, rebuild } from "../core/views/explain/rebuild.ts";
import { RECORDED } from "./recorded.ts";

/** The releases whose recorded cases are here. */
const RELEASES = Object.entries(RECORDED)
  .filter(([, { folder }]) => existsSync(join(folder, "index.json")))
  .map(([compat, { folder }]) => ({
    compat: compat as Compat,
    folder,
    recorded: readRecorded(folder, new Terminal()),
  }));

/** How long an explanation may take, as a factor of the plan that it explains. */
const MOST_TIMES_THE_PLAN = 3;

describe("explain over the recorded cases", () => {
  before(function () {
    if (RELEASES.length === 0) this.skip();
  });

  it("has a row for every leaf of every merged spec, and they are its values", () => {
    const wrong = allPlans().filter(({ plan }) => !isCovered(plan));
    assert.deepEqual(
      wrong.map(({ name }) => name),
      [],
    );
  });

  it("credits a merged value to a config that contains it", () => {
    const wrong = allPlans().flatMap(({ name, plan }) =>
      unfounded(plan).map((row) => `${name}: ${JSON.stringify(row)}`),
    );
    assert.deepEqual(wrong.slice(0, 5), []);
  });

  it("covers the default mode over the same services", () => {
    const own = allPlans().flatMap(({ name, plan }) => {
      const { input } = plan.trace ?? {};
      if (input === undefined) return [];
      const { compat: _compat, ...rest } = input;
      const configs = [...presets({ namespace: "kserve" }), ...input.configs.filter(isNoPreset)];
      return [{ name, plan: planSpec({ ...rest, configs }) }];
    });
    const explained = own.filter(({ plan }) => plan.spec !== undefined);
    assert.ok(explained.length > 100, `${explained.length} services can be planned in our own mode`);
    assert.deepEqual(
      explained.filter(({ plan }) => !isCovered(plan)).map(({ name }) => name),
      [],
    );
  });

  it(`takes no more than ${MOST_TIMES_THE_PLAN} times the plan`, () => {
    const inputs = allPlans().flatMap(({ plan }) => (plan.trace === undefined ? [] : [plan.trace.input]));
    const seconds = (work: () => void): number => {
      const start = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    };
    let plans: Plan[] = [];
    const planning = seconds(() => {
      plans = inputs.map((input) => planSpec(input));
    });
    const explaining = seconds(() => plans.forEach((plan) => void explain(plan)));
    assert.ok(explaining < planning * MOST_TIMES_THE_PLAN, `${explaining} s to explain, ${planning} s to plan`);
  });
});

let plans: { name: string; plan: Plan }[] | undefined;

/** Every case of a service that has a merged spec in the end. */
function allPlans(): { name: string; plan: Plan }[] {
  plans ??= RELEASES.flatMap(({ compat, folder, recorded }) =>
    readCases(folder, "").flatMap((one) => planOf(one, recorded, compat)),
  );
  return plans;
}

const explanations = new WeakMap<Plan, Explained[]>();

/** The explanation of a plan, made once for all tests that read it. */
function explanationOf(plan: Plan): Explained[] {
  const rows = explanations.get(plan) ?? explain(plan);
  explanations.set(plan, rows);
  return rows;
}

function planOf(one: Case, recorded: Recorded, compat: Compat): { name: string; plan: Plan }[] {
  if (one.kind !== "service" || one.suite !== "merge") return [];
  const input = one.read();
  const { request } = requestOf(input, recorded, compat);
  if (request === undefined) return [];
  const plan = planMerge(input, request, recorded);
  return plan.spec === undefined ? [] : [{ name: one.name, plan }];
}

function isNoPreset(config: unknown): boolean {
  return !JSON.stringify((config as JsonObject)["metadata"]).includes("kserve-config-llm-");
}

function isCovered(plan: Plan): boolean {
  const rows = explanationOf(plan).filter(({ rule }) => rule !== "autoscaler");
  assert.ok(rows.every(({ layer, rule }) => layer !== "" && rule !== undefined));
  try {
    assert.deepEqual(rebuild(rows), flattened(plan.spec as unknown as Json));
    return true;
  } catch {
    return false;
  }
}

/** Rows of rule `merge` whose layer, looked up by name among the documents, does not say that value. */
function unfounded(plan: Plan): Explained[] {
  const { trace, appliedConfigs, service } = plan;
  const documents = new Map<string, JsonObject>([["service", (service?.spec ?? {}) as unknown as JsonObject]]);
  for (const { name, namespace, source } of appliedConfigs) {
    const found = trace?.input.configs.find((config) => {
      const { metadata } = config as { metadata: { name: string; namespace?: string } };
      return metadata.name === name && (metadata.namespace ?? "default") === namespace;
    }) as JsonObject | undefined;
    const label = source === "Preset" ? `preset ${name}` : `config ${namespace}/${name}`;
    documents.set(label, (found?.["spec"] ?? {}) as JsonObject);
  }
  const leaves = new Map([...documents].map(([label, spec]) => [label, leavesOf(spec, ROOT_TYPE)]));
  return explanationOf(plan).filter(
    ({ path, value, layer, rule }) => rule === "merge" && !isSame(leaves.get(layer)?.get(path), value),
  );
}

function isSame(one: Json | undefined, other: Json): boolean {
  if (JSON.stringify(one) === JSON.stringify(other)) return true;
  const quantity = (value: Json | undefined) =>
    typeof value === "string" || typeof value === "number" ? canonicalQuantity(value) : undefined;
  return quantity(one) !== undefined && quantity(one) === quantity(other);
}
