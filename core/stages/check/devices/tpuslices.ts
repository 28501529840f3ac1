import { podsOfCopy } from "../../../api/shorthands/parallelism.ts";
import type { Fix } from "../../../contract/issues/issue.ts";
import {
  type NoSlice,
  type Slice,
  sliceOf,
  TPU_KIND,
  TPU_KINDS,
  TPU_TOPOLOGY,
  topologyOf,
} from "../../../knowledge/accelerators/tpus.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type Check, type CheckFinding, type CheckSubject, withFixes } from "../check.ts";
import type { Engine } from "../engine.ts";
import { devicesOf } from "./devices.ts";

export const TPU_CHECK: Check = {
  name: "the pods of an engine on TPUs have all chips of a slice",
  source:
    "core/knowledge/accelerators/tpus.ts; GKE's admission of TPU pods asks for both labels (AI-Hypercomputer/xpk#1173, ray-project/ray#53914)",
  codes: ["GpuShape"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeSlice(engine, subject)),
};

/** The chips that an engine's pods request, and the generation that their nodes must have. */
interface Asked {
  engine: Engine;
  kind: string;
  topology: string | undefined;
  /** Chips of one pod, and number of pods of the engine. */
  count: number;
  pods: number;
}

function judgeSlice(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { podSpec, role, workload } = engine;
  const { resource, count = 0 } = devicesOf(engine, subject) ?? {};
  const kind = entryOf(podSpec.nodeSelector, TPU_KIND);
  if (resource !== "google.com/tpu" || kind === undefined || count < 1) return [];
  const topology = entryOf(podSpec.nodeSelector, TPU_TOPOLOGY);
  const asked = { engine, kind, topology, count, pods: podsOfCopy(role, workload, subject.groupSizes) };
  if (!TPU_KINDS.includes(kind)) return unknownKind(asked);
  if (topology === undefined) return engine.pod === "worker" ? [] : [noTopology(asked)];
  const slice = sliceOf(kind, topology);
  if (slice === undefined) return [];
  return "why" in slice ? [noSlice(asked, slice)] : judgeChips(asked, slice);
}

function finding(
  { engine: { path, traced } }: Asked,
  label: string,
  { value, ...texts }: Pick<CheckFinding, "message" | "fix" | "severity"> & { value?: string | undefined },
): CheckFinding {
  const fixes: Fix[] = value === undefined ? [] : [{ path: `spec.${podOf(traced)}.nodeSelector[${label}]`, value }];
  const at = `${podOf(path)}.nodeSelector[${label}]`;
  return { code: "GpuShape", path: at, layer: "merged", ...texts, ...withFixes(fixes) };
}

function podOf(path: string): string {
  return path.slice(0, path.indexOf(".containers["));
}

/** A generation may be newer than the table, so a name is only reported if it nearly equals a known one. */
function unknownKind(asked: Asked): CheckFinding[] {
  const generation = (name: string): string => name.split("-").slice(0, 2).join("-");
  const value =
    TPU_KINDS.findLast((one) => generation(one) === generation(asked.kind)) ?? nearest(asked.kind, TPU_KINDS);
  if (value === undefined) return [];
  const message = `no known TPU node of GKE has the label ${TPU_KIND}=${asked.kind}`;
  return [finding(asked, TPU_KIND, { severity: "warning", message, fix: `did you mean ${value}?`, value })];
}

function noTopology(asked: Asked): CheckFinding {
  const { kind, count, pods } = asked;
  const value = topologyOf(kind, count * pods);
  const message = `the pod requests google.com/tpu, but selects no ${TPU_TOPOLOGY}: GKE's admission refuses such pods, and an engine cannot run on a part of a larger slice`;
  const fix =
    value === undefined
      ? `select the topology of a slice with ${count * pods} chips`
      : `set ${TPU_TOPOLOGY} in nodeSelector to ${value}`;
  return finding(asked, TPU_TOPOLOGY, { severity: "warning", message, fix, value });
}

const WHY: Readonly<Record<NoSlice["why"], (slice: NoSlice) => string>> = {
  "no topology": () => "is not a topology of",
  "other dimensions": ({ dimensions }) => `does not have the ${dimensions} dimensions of a slice of`,
  "not sold": () => "is not one of the topologies that Google lists for",
};

/** Only GKE writes the label, so no node has a value of another form; new shapes may be added. */
function noSlice(asked: Asked, slice: NoSlice): CheckFinding {
  const { meant: value, dimensions, why } = slice;
  const example = dimensions === 2 ? "2x4" : "2x2x1";
  return finding(asked, TPU_TOPOLOGY, {
    ...(why === "not sold" && { severity: "warning" as const }),
    message: `${TPU_TOPOLOGY}: ${JSON.stringify(asked.topology)} ${WHY[why](slice)} ${asked.kind}`,
    fix: value === undefined ? `write a topology such as ${example}` : `write ${value}`,
    value,
  });
}

/** A pod has at most the chips of a node; the pods of an engine together use the whole slice, which starts as one. */
function judgeChips(asked: Asked, { topology, chips, perNode }: Slice): CheckFinding[] {
  const { engine, kind, count, pods } = asked;
  const all = count * pods;
  const most = Math.max(...perNode);
  const value = pods === 1 && engine.workload.worker === undefined ? topologyOf(kind, count) : undefined;
  const fits = value !== undefined && count <= 8 ? value : undefined;
  if (count > most) {
    const message = `a pod requests ${count} google.com/tpu, but a node of a ${topology} slice has ${most}`;
    const fix =
      fits === undefined
        ? `set google.com/tpu to ${most}, and spread the engine over the ${chips / most} nodes of the slice with worker`
        : `set ${TPU_TOPOLOGY} to ${fits}, or google.com/tpu to ${most}`;
    return [finding(asked, TPU_TOPOLOGY, { message, fix, value: fits })];
  }
  if (engine.pod === "worker" || all === chips || isBounded(engine)) return [];
  const nodes = perNode.map((each) => chips / each);
  const has = `a ${topology} slice has ${chips} chips on ${nodes.join(" or ")} ${nodes.at(-1) === 1 ? "node" : "nodes"}`;
  const message = `${has}, but the engine requests ${all} of them in ${pods} ${pods === 1 ? "pod" : "pods"}: all chips of a slice start together`;
  const fix =
    fits === undefined
      ? `set google.com/tpu so that all ${chips} chips are requested, or set ${TPU_TOPOLOGY} to the topology of a smaller slice`
      : `set ${TPU_TOPOLOGY} to ${fits}, or request all ${chips} chips`;
  return [finding(asked, TPU_TOPOLOGY, { severity: "warning", message, fix, value: fits })];
}

/** Variables that make libtpu start on a part of the slice. */
function isBounded({ container: { env = [] } }: Engine): boolean {
  return env.some(({ name }) =>
    /^TPU_(?:(?:CHIPS_PER_)?PROCESS_BOUNDS|VISIBLE_(?:CHIPS|DEVICES)|CHIPS_PER_HOST_BOUNDS)$/.test(name),
  );
}
