import assert from "node:assert/strict";
import fc from "fast-check";
import { isFine } from "../../../core/errors.ts";
import { formatPath } from "../../../core/json.ts";
import type { PlanInput } from "../../../core/plan.ts";
import { DEFAULT_SETTINGS } from "../../../core/settings.ts";
import { specSchema } from "../../../core/spec/schemas.ts";
import { resolved, type StructuralSchema } from "../../../core/spec/structural.ts";
import { planOf } from "./plan.ts";

type Path = readonly (string | number)[];
interface Leaf {
  path: Path;
  /** Values of which two that a service may have differ in effect; the first stands in it. */
  values: readonly unknown[];
}

const POD = { containers: [{ name: "main", env: [{ name: "X", value: "1" }] }] };
const CLAIM = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } };
/** Types of other APIs pass as a whole, or not at all. */
const EMBEDDED: Readonly<Record<string, unknown>> = {
  PodSpec: POD,
  PersistentVolumeClaimSpec: CLAIM,
  HorizontalPodAutoscalerBehavior: { scaleDown: { stabilizationWindowSeconds: 1 } },
  HTTPRouteSpec: { hostnames: ["chat.example"] },
  InferencePoolSpec: { failureMode: "FailOpen" },
  KedaFallback: { failureThreshold: 1, replicas: 3 },
  KedaAdvancedConfig: { restoreToOriginalReplicaCount: true },
};
const BY_NAME: Readonly<Record<string, readonly unknown[]>> = {
  uri: ["hf://facebook/opt-350m", "hf://facebook/opt-125m"],
  variantCost: ["3.5", "4"],
  inline: [{ plugins: [{ type: "max-score-picker" }] }],
};

function valuesOf(
  path: Path,
  { type, format, enum: choices, additionalProperties }: StructuralSchema,
): readonly unknown[] {
  const named = BY_NAME[String(path.at(-1))];
  if (named !== undefined) return named;
  if (choices !== undefined) return choices;
  if (format === "quantity") return ["20Gi", "30Gi"];
  if (type === "integer") return [2, 3, 1];
  if (type === "boolean") return [true, false];
  if (type === "string") return ["abc", "def"];
  return additionalProperties === undefined ? [{ any: "thing" }] : [{ "a.b/c": "d" }];
}

function leavesOf(schema: StructuralSchema, path: Path = []): Leaf[] {
  if (schema.$ref !== undefined) return [{ path, values: [EMBEDDED[schema.$ref]] }];
  const { items, properties, ...rest } = resolved(schema);
  if (items !== undefined) return leavesOf(items, [...path, 0]);
  if (properties === undefined) return [{ path, values: valuesOf(path, rest) }];
  return Object.entries(properties).flatMap(([name, field]) => leavesOf(field, [...path, name]));
}

const LEAVES = leavesOf(specSchema("LLMInferenceService", { kserve: false }));

const MODEL = { uri: "hf://facebook/opt-125m", name: "opt" };
const ENGINE = { model: MODEL, accelerator: "nvidia-h100-80gb" };
const KEDA = { minReplicas: 3, maxReplicas: 4, wva: { keda: {} } };
/** A service of every kind; what stands beside each other in one is free to be varied in it. */
const SERVICES: Readonly<Record<string, object>> = {
  plain: ENGINE,
  offloading: { ...ENGINE, kvCacheOffloading: { cpu: "10Gi" } },
  "with a claim": {
    ...ENGINE,
    kvCacheOffloading: { cpu: "10Gi", secondary: [{ fileSystem: { pvc: { ref: { name: "c" } } } }] },
  },
  scaled: { ...ENGINE, scaling: { maxReplicas: 4, wva: { hpa: {} } } },
  "scaled by KEDA": { ...ENGINE, scaling: KEDA },
  routed: { ...ENGINE, router: { route: {}, scheduler: {} } },
  "with a route of another": { ...ENGINE, router: { route: { http: { refs: [{ name: "other" }] } }, scheduler: {} } },
  "with a pool of another": { ...ENGINE, router: { route: {}, scheduler: { pool: { ref: { name: "other" } } } } },
  disaggregated: { ...ENGINE, prefill: { accelerator: "nvidia-h100-80gb" }, router: { route: {}, scheduler: {} } },
  grouped: { ...ENGINE, parallelism: { data: 6, dataLocal: 2 }, worker: {} },
  staged: { ...ENGINE, parallelism: { pipeline: 2 }, worker: {} },
  adapted: { ...ENGINE, model: { ...MODEL, lora: { adapters: [{ name: "a", uri: "hf://x/y" }] } } },
  encrypted: { ...ENGINE, model: { ...MODEL, confidential: { enabled: true } } },
  traced: { ...ENGINE, tracing: { exporterEndpoint: "http://collector:4317" }, router: { route: {}, scheduler: {} } },
  stored: { ...ENGINE, model: { uri: "pvc://claim/opt", name: "opt" } },
};
const SETTINGS: Partial<PlanInput> = {
  checks: { MemoryFit: "off", ModelShape: "off", GpuShape: "off", RolesDisagree: "off" },
  settings: {
    ...DEFAULT_SETTINGS,
    autoscaling: {
      ...DEFAULT_SETTINGS.autoscaling,
      prometheus: {
        url: "http://prometheus",
        tlsInsecureSkipVerify: false,
        authModes: "",
        triggerAuthName: "",
        triggerAuthKind: "",
      },
    },
  } as PlanInput["settings"],
};

/** The spec with a value at a path; without what is there where the value is undefined. Maps on the way come to be. */
function withAt(spec: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const before = (spec as Record<string | number, unknown> | undefined)?.[step];
  const after = withAt(before, rest, value);
  if (typeof step === "number") return [after, ...((spec as unknown[] | undefined) ?? []).slice(1)];
  const { [step]: _before, ...others } = (spec ?? {}) as Record<string, unknown>;
  return after === undefined ? others : { ...others, [step]: after };
}

function planned(spec: unknown): { text: string; isFine: boolean; paths: string[] } {
  const { objects, issues } = planOf(spec, SETTINGS);
  const unused = issues.filter(({ code }) => code === "UnusedField");
  const text = JSON.stringify([objects, issues]);
  return { text, isFine: isFine(issues), paths: unused.map(({ path }) => path) };
}

/** Whether an issue speaks of it or of what it is in; or another value, or none, makes other objects or other issues. */
function matters(spec: unknown, { path, values }: Leaf): boolean {
  const { text, paths } = planned(spec);
  const here = formatPath(["spec", ...path]);
  if (paths.some((told) => here === told || [".", "["].some((step) => here.startsWith(told + step)))) return true;
  return [...values.slice(1), undefined].some((value) => planned(withAt(spec, path, value)).text !== text);
}

describe("a leaf of a service", () => {
  it("alters its objects or is reported, whatever else the service says", function () {
    this.timeout(60_000);
    let judged = 0;
    const varied = fc.tuple(
      fc.constantFrom(...Object.keys(SERVICES)),
      fc.uniqueArray(fc.constantFrom(...LEAVES), { minLength: 1, maxLength: 3, selector: ({ path }) => path.join() }),
    );
    fc.assert(
      fc.property(varied, ([name, leaves]) => {
        const spec = leaves.reduce<unknown>((some, { path, values }) => withAt(some, path, values[0]), SERVICES[name]);
        if (!planned(spec).isFine) return;
        for (const leaf of leaves) {
          judged++;
          assert.ok(
            matters(spec, leaf),
            `${leaf.path.join(".")} of a service that is ${name}: ${JSON.stringify(spec)}`,
          );
        }
      }),
      { numRuns: Number(process.env["RUNS"] ?? 150) },
    );
    assert.ok(judged > 20, `only ${judged} leaves of plans without errors`);
  });
});
