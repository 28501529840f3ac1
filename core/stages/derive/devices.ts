import type { AcceleratorClass } from "../../api/shorthands/accelerator.ts";
import type { ParallelismSpec } from "../../api/shorthands/parallelism.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { LoweringContext, Recognised } from "../../contract/lowering.ts";
import { DEVICES, mostCoresOf, recognise } from "../../knowledge/accelerators/recognise.ts";
import type { EngineKind } from "../../knowledge/engine/engines.ts";
import { flagValue } from "../../knowledge/engine/flags/commandline.ts";
import { ENGINE_FLAGS } from "../../knowledge/engine/flags/known.ts";
import { isOmni, otherEngineOf } from "../../knowledge/engine/images.ts";
import { sizesOfSglang } from "../../knowledge/engine/sglang/sizes.ts";
import { argsInRelease } from "../../knowledge/engine/start/inrelease.ts";
import { engineStart, isWhole, vllmStart } from "../../knowledge/engine/start/start.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { quantityNumber } from "../../kubernetes/quantity.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { nodesOfCopies } from "./nodes.ts";
import { type DerivePlace, isUsers } from "./place.ts";

/**
 * A pod whose node selector names an accelerator but that requests none gets one; devices by claim are requested
 * already.
 */
export function withResource(container: Container, pod: PodSpec, own: LoweringContext["accelerators"]): Container {
  const limits = container.resources?.limits ?? {};
  if (Object.keys(limits).some((name) => DEVICES.test(name)) || (pod.resourceClaims?.length ?? 0) > 0) return container;
  const resource = recognise(pod, undefined, own)?.accelerator.resource;
  if (resource === undefined || entryOf(limits, resource) !== undefined) return container;
  return { ...container, resources: { ...container.resources, limits: { ...limits, [resource]: "1" } } };
}

/**
 * tensor × pipeline × dataLocal of a pod that is a whole engine; a group's engine, with all its copies, is spread over
 * its pods.
 */
export function devicesPerPod(parallelism: ParallelismSpec, pods: number | undefined): number {
  const { tensor = 1, pipeline = 1, data, dataLocal = 1 } = parallelism;
  if (pods === undefined) return tensor * pipeline * dataLocal;
  return Math.ceil((tensor * pipeline * (data ?? dataLocal)) / pods);
}

/** The class of the devices that a pod requests, if the pod or a layer identifies it. */
export function classOf(
  pod: PodSpec,
  { resources }: Container,
  own: LoweringContext["accelerators"],
  named: Recognised | undefined,
): AcceleratorClass | undefined {
  const resource = Object.keys(resources?.limits ?? {}).find((name) => DEVICES.test(name));
  if (resource === undefined) return undefined;
  const all = { ...own, ...(named && { [named.name]: named.accelerator }) };
  const found = recognise(pod, resource, all) ?? (named?.accelerator.resource === resource ? named : undefined);
  return found?.accelerator;
}

interface Ranks {
  parallelism: ParallelismSpec;
  /** Number of pods of a group; undefined if a pod is a whole engine. */
  pods?: number;
  /** The class of the devices, if it is known: how many ranks one device serves, and how many a node has. */
  known: AcceleratorClass | undefined;
}

/**
 * The container with as many devices as its ranks need. A number that a user wrote must agree with the ranks, if they
 * are known: only the author knows how many ranks another engine than vLLM starts, or a script that hides its flags.
 */
export function withRanks(container: Container, { parallelism, pods, known }: Ranks, place: DerivePlace): Container {
  const limits = container.resources?.limits ?? {};
  const resource = Object.keys(limits).find((name) => DEVICES.test(name));
  if (resource === undefined) return container;
  const inArgs = sizesInArgs(container, place.engine, pods !== undefined);
  const isSized = (["tensor", "pipeline", "dataLocal"] as const).some((size) => parallelism[size] !== undefined);
  if (inArgs === undefined && !isSized) return container;
  const all = devicesPerPod(bothSizes(inArgs, parallelism), pods);
  // In a group, the number of its pods says the same.
  const ranks = pods === undefined ? all / nodesOfCopies(container, parallelism, place) : all;
  const cores = known && (known.coresPerDevice ?? 1);
  const count = Math.ceil(ranks / (cores ?? 1));
  const written = quantityNumber(entryOf(limits, resource) ?? 0);
  if (written === count) return container;
  const at = `${place.path}.resources.limits`;
  const isWritten = isUsers(place.provenance, `${at}.${resource}`) || isUsers(place.provenance, at);
  const isRay = runsOnRay(container, place);
  const most = known?.devicesPerNode ?? count;
  if (!isWritten && isRay && count > most) {
    // Ray has the other ranks in other pods: no node has room for all of them.
    place.report(devicesConflict({ at, resource, written: most, count, pods, hasRequest: false, isRay, most }, place));
    return withDevices(container, resource, most);
  }
  if (!isWritten) return withDevices(container, resource, count);
  // How many cores form one rank is also a setting of the runtime, so any number that can hold the ranks may be
  // intended.
  const each = cores === undefined ? mostCoresOf(resource) : cores > 1 ? cores * 2 : 1;
  const isMeant = each > 1 && written <= ranks && written * each >= ranks;
  if (inArgs !== undefined && !isMeant) {
    const hasRequest = entryOf(container.resources?.requests, resource) !== undefined;
    const request = { at, resource, written, count, pods, hasRequest, isRay, most };
    place.report(devicesConflict(request, place));
  }
  return container;
}

/** The sizes of flags, and whether their copies share the tensor-parallel ranks of SGLang. */
type SizesInArgs = ParallelismSpec & { isShared?: boolean };

/** Sizes of `parallelism` over those of flags. Copies that flags alone set are parts of the ranks of `tensor`. */
export function bothSizes(
  { isShared, ...inArgs }: SizesInArgs = {},
  parallelism: ParallelismSpec = {},
): ParallelismSpec {
  const { tensor, data, dataLocal } = parallelism;
  const both = { ...inArgs, ...parallelism };
  if (isShared !== true || tensor === undefined || data !== undefined || dataLocal !== undefined) return both;
  return { ...both, tensor: tensor / (inArgs.data ?? inArgs.dataLocal ?? 1) };
}

/**
 * Sizes that only the engine's own flags set: they count devices as `parallelism` does. Undefined if they cannot be
 * read.
 */
export function sizesInArgs(container: Container, engine: EngineKind, grouped = false): SizesInArgs | undefined {
  return engine === "sglang" ? sglangInArgs(container, grouped) : vllmInArgs(container, grouped);
}

/**
 * The sizes of SGLang's flags. Those of a group count the ranks of all its pods; only `parallelism` says how many
 * copies a pod has.
 */
function sglangInArgs(container: Container, grouped: boolean): SizesInArgs | undefined {
  const start = engineStart(container, "sglang");
  if (start === undefined || !isWhole(start)) return undefined;
  const sizes = sizesOfSglang(start.args);
  if (!grouped || sizes === undefined) return sizes;
  const { isShared, tensor = 1, dataLocal: copies = 1, pipeline } = sizes;
  return isShared ? { tensor, data: copies, pipeline, isShared } : { tensor, pipeline };
}

function vllmInArgs(container: Container, grouped: boolean): ParallelismSpec | undefined {
  const start = vllmStart(container);
  if (start === undefined || !isWhole(start) || isOmni(container.image, start.args)) return undefined;
  if (otherEngineOf(container.image ?? "") !== undefined) return undefined;
  const sizes = new Map<string, number>();
  for (const flag of [
    "tensor-parallel-size",
    "pipeline-parallel-size",
    "data-parallel-size-local",
    "data-parallel-size",
  ]) {
    const value = flagValue(start.args, flag);
    if (value?.includes("$")) return undefined;
    if (Number.isInteger(Number(value)) && Number(value) > 0) sizes.set(flag, Number(value));
  }
  const data = sizes.get("data-parallel-size");
  const all = {
    tensor: sizes.get("tensor-parallel-size"),
    pipeline: sizes.get("pipeline-parallel-size"),
    data: grouped ? data : undefined,
    dataLocal: sizes.get("data-parallel-size-local") ?? (grouped ? undefined : data),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/**
 * Ranks that Ray starts may run in pods that are not part of the service: flags say so, or a script that starts a
 * cluster of Ray first.
 */
export function runsOnRay(container: Container, { engineVersion }: Released): boolean {
  const { command = [], args = [] } = container;
  const isScript = [...command, ...args].some((word) => /\bray start\b|--ray_cluster_size\b/.test(word));
  return isScript || leavesRanksToRay(container, { engine: "vllm", engineVersion });
}

type Released = Pick<DerivePlace, "engineVersion">;

/** Whether a flag of the engine says that Ray starts its ranks. */
export function leavesRanksToRay(
  container: Container,
  { engine, engineVersion }: Released & Pick<DerivePlace, "engine">,
): boolean {
  const words = argsInRelease(container, engine, engineVersion) ?? [];
  const backends = ["distributed-executor-backend", "data-parallel-backend"];
  return backends.some((flag) => ENGINE_FLAGS[engine].lines.flagValue(words, flag) === "ray");
}

/** A number of devices that a pod requests although its ranks need another one. */
interface DeviceRequest {
  /** The path of the limits, as provenance writes it. */
  at: string;
  resource: string;
  /** The number that was written, and the number that the ranks need. */
  written: number;
  count: number;
  /** Number of pods of a group; undefined if a pod is a whole engine. */
  pods: number | undefined;
  /** Whether the container has a request of the resource as well as a limit. */
  hasRequest: boolean;
  isRay: boolean;
  /** Number of devices of the largest node. */
  most: number | undefined;
}

/** With too few devices the engine does not start, unless Ray has more of them elsewhere; surplus devices stay idle. */
function devicesConflict(request: DeviceRequest, { provenance }: DerivePlace): Parameters<DerivePlace["report"]>[0] {
  const { at, resource, written, count, pods, isRay } = request;
  const spread = pods === undefined ? "" : ` over ${pods} pods`;
  const sizes = `its parallelism (tensor × pipeline × dataLocal${spread})`;
  const needs = written > count ? `uses ${count}: the others stay idle` : `needs ${count}`;
  return {
    code: "Conflict",
    severity: written > count || isRay ? "warning" : "error",
    path: `spec.${at}[${resource}]`,
    layer: provenance.get(`${at}.${resource}`)?.layer ?? "merged",
    message: `the pod requests ${written} ${written === 1 ? "device" : "devices"}, but ${sizes} ${needs}`,
    ...deviceAdvice(request),
  };
}

function deviceAdvice(request: DeviceRequest): Pick<Issue, "fix" | "fixes"> {
  const { at, resource, written, count, hasRequest, isRay, most = count } = request;
  const isTooMany = count > most;
  if (isRay && written < count) {
    const change = isTooMany ? "lower its parallelism" : `set ${resource} to ${count}`;
    return {
      fix: `add nodes with ${count - written} more ${count - written === 1 ? "device" : "devices"} to the Ray cluster, or ${change}`,
    };
  }
  if (isTooMany)
    return { fix: `spread the engine over pods with worker, or lower its parallelism: no node has more than ${most}` };
  const places = [at, ...(hasRequest ? [at.replace(/limits$/, "requests")] : [])];
  const fixes = places.map((place) => ({ path: `spec.${place}[${resource}]`, value: String(count) }));
  return { fix: `set ${resource} to ${count}, or remove it: it follows from parallelism`, fixes };
}

function withDevices(container: Container, resource: string, count: number): Container {
  const { limits, requests } = container.resources ?? {};
  const devices = { [resource]: String(count) };
  return {
    ...container,
    resources: {
      ...container.resources,
      limits: { ...limits, ...devices },
      ...(entryOf(requests, resource) !== undefined && { requests: { ...requests, ...devices } }),
    },
  };
}
