import assert from "node:assert/strict";
import { type JsonObject, valueAt } from "../../../core/kubernetes/json.ts";
import { applyEdits, editsOf } from "../../../core/stages/check/fixes/edits.ts";
import { explain } from "../../../core/views/explain/explain.ts";
import { whyNot } from "../../../core/views/explain/whynot.ts";
import { fitOfPlan } from "../../../core/views/fit/fit.ts";
import { mergedSpecOf } from "../../../core/views/groups.ts";
import { demandsOf } from "../../../core/views/preflight/demand.ts";
import { planOf } from "../stages/check/plan.ts";

const SPEC = {
  model: { uri: "hf://Qwen/Qwen3-8B" },
  tuning: { maxModelLen: 8192 },
  router: { route: {}, scheduler: {} },
  groups: {
    h100: { accelerator: "nvidia-h100-80gb", tuning: { maxModelLen: 16384 } },
    mi300x: { accelerator: "amd-mi300x-192gb", replicas: 4 },
  },
};

describe("the views of a service with replica groups", () => {
  const planned = planOf(SPEC);

  it("explain lists the fields of each group by its name, and shared fields once", () => {
    const [replicas, uri] = ["replicas", "model.uri"].map((field) =>
      explain(planned, field).map(({ path, value, layer, rule }) => [path, value, layer, rule]),
    );
    assert.deepEqual(replicas, [["groups.mi300x.replicas", 4, "group mi300x", "merge"]]);
    assert.deepEqual(uri, [["model.uri", "hf://Qwen/Qwen3-8B", "service", "merge"]]);
    assert.deepEqual(
      explain(planned, "groups.h100.template.containers[main].args[--max-model-len]").map(({ value, layer }) => [
        value,
        layer,
      ]),
      [["16384", "group h100"]],
    );
  });

  it("whyNot answers for each group", () => {
    const { places } = whyNot(planned, "--max-model-len");
    assert.deepEqual(
      places.map(({ path, holds }) => [path.split(".")[1], holds]),
      [
        ["h100", "16384"],
        ["mi300x", "8192"],
      ],
    );
  });

  it("fit estimates each group on its own accelerator", () => {
    const { fits, roles } = fitOfPlan(planned);
    assert.equal(fits, true);
    assert.deepEqual(
      roles.map(({ role, group, accelerator }) => [role, group, accelerator]),
      [
        ["main", "h100", "nvidia-h100-80gb"],
        ["main", "mi300x", "amd-mi300x-192gb"],
      ],
    );
  });

  it("preflight names the template of the group that a node is missing for", () => {
    const paths = demandsOf(planned.objects, []).map(({ path }) => path);
    assert.deepEqual(paths, [
      "spec.groups.h100.template",
      "spec.groups.mi300x.template",
      "spec.router.scheduler.template",
    ]);
  });

  it("the merged spec has the fields of each group below its name", () => {
    const merged = mergedSpecOf(planned) as { groups?: Record<string, { replicas?: number }>; template?: unknown };
    assert.equal(merged.groups?.["mi300x"]?.replicas, 4);
    assert.equal(merged.template, undefined);
  });

  it("a fix of a group changes only the group, and solves the issue", () => {
    const spec = {
      ...SPEC,
      groups: { ...SPEC.groups, l4: { accelerator: "nvidia-l4", tuning: { maxModelLen: 40960 } } },
    };
    const [issue] = planOf(spec).issues.filter(({ code }) => code === "MemoryFit");
    const fixes = issue?.fixes ?? [];
    assert.ok(fixes.length > 0 && issue?.path === "spec.groups.l4", JSON.stringify(issue));
    const mended = fixes.reduce<JsonObject>((one, fix) => applyEdits(one, editsOf(one, fix)), { spec });
    const left = planOf(mended["spec"]).issues.map(({ code, severity }) => `${severity} ${code}`);
    assert.deepEqual(
      new Set(left),
      new Set(["warning GroupsDisagree"]),
      "the groups have contexts of different lengths",
    );
    assert.deepEqual(valueAt(mended, ["spec", "groups", "h100"]), SPEC.groups.h100);
  });
});
