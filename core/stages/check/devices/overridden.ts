import type { WorkloadSpec } from "../../../api/workload.ts";
import { SHORTHANDS } from "../../../contract/lowering.ts";
import { roleAt } from "../../../contract/role.ts";
import { isObject, withoutNulls } from "../../../kubernetes/json.ts";
import type { PodSpec } from "../../../kubernetes/objects.ts";
import { quantityNumber } from "../../../kubernetes/quantity.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { containerNamed, MAIN } from "../../../kubernetes/workloads/pods.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import type { Engine } from "../engine.ts";
import { devicesOf } from "./devices.ts";

export const OVERRIDDEN_DEVICES_CHECK: Check = {
  name: "devices and tolerations of lower layers are not replaced silently",
  source: "the merge of tolerations, an atomic list, and of an accelerator over the configs below it",
  codes: ["GpuShape"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeOverridden(engine, subject)),
};

/** Settings of a lower layer for a pod's devices that a higher layer replaces silently. */
function judgeOverridden(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const devices = devicesOf(engine, subject);
  if (devices === undefined) return [];
  const below = layersOf(engine, subject);
  return [...judgeTolerations(engine, devices, below), ...judgeCounts(engine, devices, below)];
}

type Devices = NonNullable<ReturnType<typeof devicesOf>>;
type Toleration = NonNullable<PodSpec["tolerations"]>[number];

/** A pod as one of the layers defines it. */
interface Below {
  label: string;
  pod: PodSpec;
}

function layersOf({ role, pod }: Engine, { layers = [] }: CheckSubject): Below[] {
  return layers.flatMap(({ label, spec }) => {
    const workload: WorkloadSpec | undefined = role === "main" ? spec : spec.prefill;
    const found = workload?.[pod];
    // A layer may unset fields by null.
    return isObject(found) ? [{ label, pod: withoutNulls(found) as PodSpec }] : [];
  });
}

/**
 * Tolerations are one value, which the last layer sets as a whole: the toleration of the accelerators' taint is lost
 * if a higher layer writes its own list. Source: PodSpec.tolerations, an atomic list in KServe's merge as in
 * Kubernetes'.
 */
function judgeTolerations(engine: Engine, { resource, accelerator }: Devices, below: readonly Below[]): CheckFinding[] {
  const { podSpec, role, pod } = engine;
  const kept = podSpec.tolerations ?? [];
  const ofClass = (accelerator?.tolerations ?? []).map(({ key }) => key);
  const isOfDevices = ({ key = "" }: Toleration): boolean =>
    key !== "" && (key === resource || key.startsWith(`${resource.split("/")[0]}/`) || ofClass.includes(key));
  const writer = below.findLast((one) => one.pod.tolerations !== undefined);
  const lost = below.flatMap(({ label, pod: { tolerations } }) =>
    (tolerations ?? [])
      .filter((one) => isObject(one) && isOfDevices(one) && !kept.some((other) => tolerates(other, one)))
      .map((one) => ({ label, ...one })),
  );
  const [first] = lost;
  if (first === undefined || writer === undefined) return [];
  const path = `${roleAt(role)}.${pod}.tolerations`;
  const shown = `{key: ${first.key}, operator: ${first.operator ?? "Equal"}${first.effect ? `, effect: ${first.effect}` : ""}}`;
  return [
    {
      code: "GpuShape",
      severity: "warning",
      path,
      layer: writer.label,
      message: `the toleration of ${first.key} (${first.label}) is lost: the tolerations of a higher layer replace the whole list, so the pods cannot run on nodes with this taint`,
      fix: `add ${shown} to ${path}`,
    },
  ];
}

function tolerates(one: Toleration, other: Toleration): boolean {
  return one.key === other.key || (!one.key && one.operator === "Exists");
}

/**
 * A number of devices that a config writes. The service's accelerator replaces it by the number that parallelism
 * requires.
 */
function judgeCounts(engine: Engine, { resource, count }: Devices, below: readonly Below[]): CheckFinding[] {
  const { path, pod } = engine;
  if (pod === "worker") return [];
  const counts = below.map((one) => entryOf(containerNamed(one.pod, MAIN)?.resources?.limits, resource));
  const by = below.findLastIndex(({ label }, i) => label === SHORTHANDS && counts[i] !== undefined);
  const at = below.findLastIndex(({ label }, i) => i < by && isConfig(label) && counts[i] !== undefined);
  const isOver = counts.some((one, i) => i > by && one !== undefined);
  const written = at < 0 ? undefined : quantityNumber(counts[at] ?? 0);
  if (written === undefined || isOver || written === count) return [];
  const config = below[at]?.label ?? "";
  return [
    {
      code: "GpuShape",
      severity: "info",
      path: `${path}.resources.limits[${resource}]`,
      layer: SHORTHANDS,
      message: `${config} sets ${written} ${resource}, but the accelerator of a higher layer replaces this number: the pod requests ${count}, which its parallelism needs`,
      fix: `set parallelism.tensor to ${written} if the engine should use all of them`,
    },
  ];
}

function isConfig(label: string): boolean {
  return label !== SHORTHANDS && label !== "service" && !label.startsWith("preset ");
}
