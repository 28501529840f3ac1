import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { asJson, valueAt } from "../../../../core/kubernetes/json.ts";
import { containerNamed, MAIN } from "../../../../core/kubernetes/workloads/pods.ts";
import { isLeaderWorkerSet, templatesOf } from "../../../../core/kubernetes/workloads/workloads.ts";
import { type PartialInput, planOf } from "../check/plan.ts";

interface Case {
  name: string;
  spec: Record<string, unknown>;
  input?: PartialInput;
  role?: "prefill";
  pods?: number;
  devices?: Record<string, string>;
  flags?: string[];
  /** Severities and codes, if these are the outcome. */
  issues?: string[];
}
const CASES = parse(readFileSync(new URL("groups.yaml", import.meta.url), "utf8")) as Case[];

function planned({ spec, input = {} }: Case) {
  const checks = { UnknownModel: "off", WrongVendor: "off", ...input.checks } as const;
  return planOf({ model: { uri: "s3://bucket/own" }, ...spec }, { ...input, checks });
}

describe("a worker without a number of pods", () => {
  const REASONS: [title: string, spec: Case["spec"], message: RegExp, fix: RegExp][] = [
    [
      "is not needed if a node has all accelerators",
      { accelerator: "nvidia-l40s", parallelism: { tensor: 4 }, worker: {} },
      /tensor 4 needs only one pod: a node has up to 8 accelerators$/,
      /^remove worker, or set spec\.parallelism\.data with dataLocal, or spec\.parallelism\.pipeline$/,
    ],
    [
      "has pods that cannot share the ranks evenly",
      {
        accelerator: "nvidia-l40s",
        parallelism: { tensor: 4 },
        worker: {},
        template: { containers: [{ name: "main", resources: { limits: { "nvidia.com/gpu": "3" } } }] },
      },
      /pods with 3 accelerators each cannot share 4 ranks evenly$/,
      /^remove worker, or set spec\.parallelism\.data/,
    ],
    [
      "may have pods whose accelerators are unknown",
      { parallelism: { tensor: 4 }, worker: {} },
      /the number of accelerators of a pod is unknown$/,
      /or set accelerator, or the accelerators of one pod in resources\.limits$/,
    ],
  ];
  for (const [title, spec, message, fix] of REASONS) {
    it(title, () => {
      const found = planned({ name: title, spec }).issues.find(({ path }) => path === "spec.worker");
      assert.match(found?.message ?? "", message);
      assert.match(found?.fix ?? "", fix);
    });
  }
});

describe("the pods of a group", () => {
  for (const one of CASES.filter(({ pods }) => pods !== undefined)) {
    it(`are as many as its devices require: ${one.name}`, () => {
      const { objects, issues } = planned(one);
      const errors = issues.filter(({ severity }) => severity === "error");
      assert.deepEqual(errors, []);
      const groups = objects.filter(isLeaderWorkerSet);
      const group = groups.find(({ metadata }) => metadata.name.includes("prefill") === (one.role === "prefill"));
      assert.ok(group);
      assert.equal(valueAt(asJson(group), ["spec", "leaderWorkerTemplate", "size"]), one.pods);
      const templates = templatesOf(group);
      assert.equal(templates.length, 2);
      for (const { spec } of templates) {
        const engine = containerNamed(spec, MAIN);
        assert.deepEqual(engine?.resources?.limits, one.devices);
        for (const flag of one.flags ?? []) assert.ok(engine?.args?.includes(flag), flag);
      }
    });
  }

  for (const one of CASES.filter(({ issues }) => issues !== undefined)) {
    it(`are judged: ${one.name}`, () => {
      assert.deepEqual(
        planned(one).issues.map(({ severity, code }) => `${severity} ${code}`),
        one.issues,
      );
    });
  }
});
