import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { API_VERSION } from "../../../../core/api/service.ts";
import { containerNamed, MAIN } from "../../../../core/kubernetes/workloads/pods.ts";
import { isDeployment, isLeaderWorkerSet, templatesOf } from "../../../../core/kubernetes/workloads/workloads.ts";
import { type PartialInput, planOf } from "../check/plan.ts";

interface Pods {
  nodes?: Record<string, string>;
  devices?: Record<string, string>;
}
interface Case {
  name: string;
  config: object;
  spec: object;
  input?: PartialInput;
  main: Pods;
  prefill?: Pods;
}
const CASES = parse(readFileSync(new URL("devices.yaml", import.meta.url), "utf8")) as Case[];

/** Nodes and devices of every engine's pod, by role. */
function engines({ config, spec, input = {} }: Case): [role: string, pods: Pods][] {
  const base = {
    apiVersion: API_VERSION,
    kind: "LLMInferenceServiceConfig",
    metadata: { name: "base", namespace: "team" },
    spec: config,
  };
  const whole = { model: { uri: "s3://bucket/own" }, baseRefs: [{ name: "base" }], router: { scheduler: {} }, ...spec };
  const { objects, issues } = planOf(whole, { ...input, configs: [base] });
  const errors = issues.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, []);
  const workloads = objects.filter((one) => isDeployment(one) || isLeaderWorkerSet(one));
  return workloads
    .filter(({ metadata }) => metadata.name.includes("-kserve") && !metadata.name.includes("scheduler"))
    .flatMap((one) =>
      templatesOf(one).map(({ spec: pod }): [string, Pods] => {
        const { limits, requests } = containerNamed(pod, MAIN)?.resources ?? {};
        for (const name of Object.keys(requests ?? {})) assert.ok(!name.includes("/") || limits?.[name], name);
        const nodes = pod.nodeSelector;
        const role = one.metadata.name.includes("prefill") ? "prefill" : "main";
        return [role, { ...(nodes && { nodes }), ...(limits && { devices: limits }) }];
      }),
    );
}

describe("accelerators of several documents", () => {
  for (const one of CASES) {
    it(one.name, () => {
      const found = engines(one);
      const roles = new Set(found.map(([role]) => role));
      assert.deepEqual([...roles].sort(), one.prefill === undefined ? ["main"] : ["main", "prefill"]);
      for (const [role, pods] of found) assert.deepEqual(pods, role === "prefill" ? one.prefill : one.main);
    });
  }
});
