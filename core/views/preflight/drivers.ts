import { driverOf } from "../../knowledge/stacks/stacks.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { CheckFinding } from "../../stages/check/check.ts";
import type { Demand } from "./demand.ts";
import type { ClusterNode } from "./facts.ts";

/**
 * Nodes that can run the pods, but whose labels report an older driver than the image needs. A node without the labels
 * is not judged; an image may contain compatibility libraries for older drivers, so this is never certain.
 */
export function judgeDrivers(
  { pod, path, workload }: Demand,
  able: readonly ClusterNode[],
  source: string,
): CheckFinding[] {
  return (pod.containers ?? []).flatMap(({ image = "" }, index): CheckFinding[] => {
    const { what, atLeast, nodeLabels } = driverOf(image) ?? {};
    if (what === undefined || atLeast === undefined || nodeLabels === undefined) return [];
    const old = able.filter((node) => isOlder(versionOf(node, nodeLabels), atLeast));
    const [first] = old;
    if (first === undefined) return [];
    const others = old.length === 1 ? "" : ` (and ${old.length - 1} more)`;
    const found = versionOf(first, nodeLabels);
    const message = `${workload} needs the ${what}, ${atLeast} or later, but the node ${first.metadata.name}${others} has ${found}`;
    const fix = "update the driver of the nodes, or choose nodes that have it";
    return [{ code: "DriverTooOld", path: `${path}.containers[${index}].image`, layer: source, message, fix }];
  });
}

/** The version in the labels of a node; undefined if one of them is missing. */
function versionOf({ metadata }: ClusterNode, labels: readonly string[]): string | undefined {
  const parts = labels.map((label) => entryOf(metadata.labels ?? {}, label));
  return parts.every((part) => part !== undefined) ? parts.join(".") : undefined;
}

/** Whether a dotted version is below another; false if it is not such a version. */
function isOlder(version: string | undefined, than: string): boolean {
  const numbers = (text: string): number[] => text.split(".").map(Number);
  const [have, need] = [numbers(version ?? ""), numbers(than)];
  if (version === undefined || have.some(Number.isNaN)) return false;
  const at = need.findIndex((part, i) => (have[i] ?? 0) !== part);
  return at >= 0 && (have[at] ?? 0) < (need[at] ?? 0);
}
