import assert from "node:assert/strict";
import { DEFAULT_SETTINGS } from "../../../../../core/contract/options/settings.ts";
import type { KubernetesObject } from "../../../../../core/kubernetes/objects.ts";
import { readConfigs } from "../../../../../core/stages/materialize/router/epp/eppconfig.ts";
import { impactOf } from "../../../../../core/views/diff/impact.ts";
import { explain } from "../../../../../core/views/explain/explain.ts";
import { planOf } from "../../check/plan.ts";
import { ENGINE, issuesIn, make } from "../given.ts";
import { MODEL, planned, type Spec, specsOf } from "./operated.ts";

const PATH = "spec.operations.scaleToZero";
const prometheus = { tlsInsecureSkipVerify: false, authModes: "", triggerAuthName: "", triggerAuthKind: "" };
const settings = {
  ...DEFAULT_SETTINGS,
  autoscaling: { prometheus: { url: "https://prometheus:9090", ...prometheus } },
};
const scaled = (keda: object = {}) => ({ scaling: { minReplicas: 2, maxReplicas: 4, wva: { keda } } });
const ROUTER = { route: {}, scheduler: {} };
const SERVICE = { ...MODEL, ...scaled(), router: ROUTER };
const DISAGGREGATED = { ...SERVICE, prefill: { accelerator: "nvidia-l4", ...scaled() } };
const GATE = "--disable-endpoint-subset-filter=true";

describe("operations.scaleToZero", () => {
  const toZero = (spec: object, scaleToZero: unknown = true): KubernetesObject[] =>
    planned({ ...spec, operations: { scaleToZero } }, { settings });
  const issuesOf = (spec: object, scaleToZero: unknown = true): string[] =>
    planOf({ ...spec, operations: { scaleToZero } }, { settings }).issues.map(
      ({ severity, code, path }) => `${severity} ${code} ${path}`,
    );
  const schedulerArgs = (objects: readonly KubernetesObject[]): string[] => {
    const [main] = objects
      .filter(({ kind, metadata }) => kind === "Deployment" && metadata.name.endsWith("-scheduler"))
      .flatMap((object) => (object["spec"] as Spec).template?.spec.containers ?? []);
    return main?.args ?? [];
  };
  const gatesOf = (objects: readonly KubernetesObject[]) =>
    readConfigs(schedulerArgs(objects)).map((config) => config["featureGates"]);

  it("lets the variant autoscaler want 0 replicas, and KEDA scale below minReplicas while it does", () => {
    const objects = toZero(DISAGGREGATED);
    const floors = specsOf(objects, "VariantAutoscaling").map((spec) => spec["minReplicas"]);
    assert.deepEqual(floors, [0, 0]);
    for (const spec of specsOf(objects, "ScaledObject")) {
      assert.deepEqual([spec["idleReplicaCount"], spec["minReplicaCount"], spec["maxReplicaCount"]], [0, 2, 4]);
      assert.equal("cooldownPeriod" in spec, false);
    }
  });

  it("keeps engines if the wanted number is not known", () => {
    const [trigger] = specsOf(toZero(SERVICE), "ScaledObject").flatMap(
      ({ triggers }) => triggers as { metadata: Record<string, string> }[],
    );
    assert.equal(trigger?.metadata["ignoreNullValues"], "false");
  });

  it("sets KEDA's cooldown when the service's scaling does not", () => {
    const cooldown = (spec: object, said: unknown) =>
      specsOf(toZero(spec, said), "ScaledObject")[0]?.["cooldownPeriod"];
    assert.equal(cooldown(SERVICE, { cooldownPeriod: 900 }), 900);
    const own = { ...SERVICE, ...scaled({ cooldownPeriod: 60 }) };
    assert.equal(cooldown(own, true), 60);
    assert.equal(cooldown(own, { cooldownPeriod: 60 }), 60);
    assert.deepEqual(issuesOf(own, { cooldownPeriod: 900 }), ["error Conflict spec.scaling.wva.keda.cooldownPeriod"]);
  });

  it("makes the scheduler hold requests while no engine runs", () => {
    const objects = toZero(SERVICE);
    assert.deepEqual(gatesOf(objects), [["flowControl"]]);
    assert.equal(schedulerArgs(objects).at(-1), GATE);
    assert.deepEqual(gatesOf(planned(SERVICE, { settings })), [undefined]);
  });

  it("adds to the scheduler's own configuration, and repeats nothing", () => {
    const inline = (featureGates: string[]) => ({
      apiVersion: "llm-d.ai/v1alpha1",
      kind: "EndpointPickerConfig",
      featureGates,
      plugins: [{ type: "single-profile-handler" }],
    });
    const configured = (gates: string[]) => ({
      ...SERVICE,
      router: { ...ROUTER, scheduler: { config: { inline: inline(gates) } } },
    });
    assert.deepEqual(gatesOf(toZero(configured(["dataLayer"]))), [["dataLayer", "flowControl"]]);
    assert.deepEqual(gatesOf(toZero(configured(["flowControl"]))), [["flowControl"]]);
    assert.deepEqual(gatesOf(toZero(configured(["flowControl=true"]))), [["flowControl=true"]]);
    assert.deepEqual(issuesOf(configured(["flowControl=false"])), ["error Conflict spec.router.scheduler.config"]);
    const main = { name: "main", args: ["--disable-endpoint-subset-filter"] };
    const flagged = { ...SERVICE, router: { ...ROUTER, scheduler: { template: { containers: [main] } } } };
    const flags = schedulerArgs(toZero(flagged)).filter((arg) => arg.startsWith("--disable-endpoint"));
    assert.deepEqual(flags, main.args);
  });

  it("changes nothing if it is off", () => {
    assert.deepEqual(toZero(SERVICE, false), planned(SERVICE, { settings }));
  });

  it("needs an autoscaler of KEDA for every role", () => {
    const { scaling: _scaling, ...fixed } = SERVICE;
    assert.deepEqual(issuesOf(fixed), ["error MissingField spec.scaling"]);
    assert.deepEqual(issuesOf({ ...SERVICE, prefill: { accelerator: "nvidia-l4" } }), [
      "error MissingField spec.prefill.scaling",
    ]);
    const hpa = { scaling: { maxReplicas: 4, wva: { hpa: {} } } };
    assert.deepEqual(issuesOf({ ...SERVICE, ...hpa }), ["error Conflict spec.scaling.wva.hpa"]);
  });

  it("conflicts with a minimum of engines that are kept while idle", () => {
    const idle = { ...SERVICE, ...scaled({ idleReplicaCount: 1 }) };
    assert.deepEqual(issuesOf(idle), ["error Conflict spec.scaling.wva.keda.idleReplicaCount"]);
  });

  it("requires a scheduler, because only the scheduler sees waiting requests", () => {
    const { router: _router, ...bare } = SERVICE;
    assert.deepEqual(issuesOf(bare), ["error MissingField spec.router.scheduler"]);
  });

  it("reports a scheduler that cannot hold requests", () => {
    const made = (scheduler: object) =>
      issuesIn(make({ spec: { ...scaled(), router: { scheduler } }, settings, operations: { scaleToZero: true } }));
    const warning = [`warning Conflict ${PATH}`];
    const annotations = { "app.kubernetes.io/version": "0.9.0" };
    const picker = (...args: string[]) => ({ template: { containers: [{ ...ENGINE.containers?.[0], args }] } });
    const elsewhere = made({ pool: { ref: { name: "shared" } } });
    assert.deepEqual(elsewhere, ["warning NotFound spec.router.scheduler.pool.ref", ...warning], "elsewhere");
    assert.deepEqual(made({ annotations, ...picker("--config-file", "/etc/config.yaml") }), warning, "in a file");
    assert.deepEqual(made(picker()), warning, "of an unknown release");
    const old = { "app.kubernetes.io/version": "0.6.1" };
    assert.deepEqual(made({ annotations: old, ...picker() }), warning, "of an old release");
    assert.deepEqual(made({ annotations, ...picker() }), []);
  });

  it("reports that requests for adapters do not start an engine", () => {
    const lora = { adapters: [{ name: "sql", uri: "hf://org/sql" }] };
    assert.deepEqual(issuesOf({ ...SERVICE, model: { ...MODEL.model, lora } }), [`warning Conflict ${PATH}`]);
  });

  it("is the lower bound in a diff and is shown by explain", () => {
    const before = planned(SERVICE, { settings });
    const { gpus, gpusAtMost } = impactOf(before, toZero(SERVICE));
    assert.deepEqual([gpus.before, gpus.after], [2, 0]);
    assert.deepEqual([gpusAtMost.before, gpusAtMost.after], [4, 4]);
    const rows = explain(planOf({ ...SERVICE, operations: { scaleToZero: true } }, { settings }), "replicas");
    assert.deepEqual(
      rows.map(({ value, rule }) => [value, rule]),
      [["0 while idle, then 2 to 4", "autoscaler"]],
    );
  });

  it("refuses invalid values with a fix", () => {
    assert.deepEqual(issuesOf(SERVICE, { cooldown: 5 }), [`error UnknownField ${PATH}.cooldown`]);
    assert.deepEqual(issuesOf(SERVICE, { cooldownPeriod: -1 }), [`error InvalidValue ${PATH}.cooldownPeriod`]);
  });
});
