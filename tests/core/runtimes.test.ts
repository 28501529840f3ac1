import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { DEFAULT_SETTINGS } from "../../core/contract/options/settings.ts";
import type { Container, KubernetesObject, PodSpec } from "../../core/kubernetes/objects.ts";
import { planOf } from "./stages/check/plan.ts";

interface Case {
  name: string;
  runtime?: string;
  model?: string;
  main?: Omit<Container, "name">;
  spec?: { model?: object } & Record<string, unknown>;
  enableTLS?: boolean;
  at?: "template" | "worker" | "prefill";
  /** After the flags of every engine. */
  args?: string[];
  whole?: string[];
  gpus?: string;
  sidecar?: string;
  issues?: string[];
}

const CASES = parse(readFileSync(new URL("runtimes.yaml", import.meta.url), "utf8")) as Case[];
const SMALL = "hf://Qwen/Qwen2.5-0.5B-Instruct";

/** The pods of a plan, by the names in the cases. */
function podAt(objects: readonly KubernetesObject[], at: NonNullable<Case["at"]>): PodSpec | undefined {
  const kinds = ["Deployment", "LeaderWorkerSet"];
  const own = objects.find(
    ({ kind, metadata }) =>
      kinds.includes(kind) &&
      !metadata.name.includes("scheduler") &&
      metadata.name.includes("prefill") === (at === "prefill"),
  );
  const spec = (own?.["spec"] ?? {}) as {
    template?: { spec: PodSpec };
    leaderWorkerTemplate?: { leaderTemplate: { spec: PodSpec }; workerTemplate: { spec: PodSpec } };
  };
  const { leaderWorkerTemplate: group, template } = spec;
  return at === "worker" ? group?.workerTemplate.spec : (template ?? group?.leaderTemplate)?.spec;
}

describe("a service with the runtime of SGLang", () => {
  for (const { name, at = "template", args, whole, gpus, sidecar, issues = [], ...given } of CASES) {
    it(name, () => {
      const { runtime = "kserve-llm-sglang", model = SMALL, main, spec = {}, enableTLS = false } = given;
      const template = main && { template: { containers: [{ name: "main", ...main }] } };
      const written = { runtime, accelerator: "nvidia-h100-80gb", ...spec, ...template };
      const settings = { ...DEFAULT_SETTINGS, enableTLS };
      const planned = planOf({ ...written, model: { uri: model, name: "qwen", ...spec.model } }, { settings });
      const found = planned.issues.filter(({ severity }) => severity !== "info");
      assert.equal(found.length, issues.length, JSON.stringify(found, null, 1));
      for (const issue of issues) {
        const [, head = "", part = ""] = /^(\S+ \S+) (.*)$/.exec(issue) ?? [];
        const hit = found.some(
          ({ severity, code, message, fix }) => `${severity} ${code}` === head && `${message} ${fix}`.includes(part),
        );
        assert.ok(hit, JSON.stringify(found, null, 1));
      }
      if (args === undefined && whole === undefined) return;
      const pod = podAt(planned.objects, at);
      const engine = pod?.containers?.find((one) => one.name === "main");
      if (args !== undefined) assert.deepEqual(engine?.args?.slice(COMMON), args);
      if (whole !== undefined) assert.deepEqual(engine?.args, whole);
      if (gpus !== undefined) assert.equal(engine?.resources?.limits?.["nvidia.com/gpu"], gpus);
      if (sidecar !== undefined) assert.ok(pod?.initContainers?.some(({ command = [] }) => command.includes(sidecar)));
    });
  }
});

/** Model, its name, host, port and metrics. */
const COMMON = 5;
