import { driverOf } from "../../knowledge/stacks/stacks.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { CheckFinding } from "../../stages/check/check.ts";
import type { Demand } from "./demand.ts";
import type { ClusterNode } from "./facts.ts";

/**
 * Nodes that can run the pods, but whose labels tell of an older driver than the image needs. A node that tells nothing is not
 * judged; an image may bring what lets it run on older drivers, so this is never certain.
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

/** The version that the labels of a node tell; undefined where one of them is missing. */
function versionOf({ metadata }: ClusterNode, labels: readonly string[]): string | undefined {
  const parts = labels.map((label) => entryOf(metadata.labels ?? {}, label));
  return parts.every((part) => part !== undefined) ? parts.join(".") : undefined;
}

/** Whether a version of numbers is below another; false where it is no such version. */
function isOlder(version: string | undefined, than: string): boolean {
  const numbers = (text: string): number[] => text.split(".").map(Number);
  const [have, need] = [numbers(version ?? ""), numbers(than)];
  if (version === undefined || have.some(Number.isNaN)) return false;
  const at = need.findIndex((part, i) => (have[i] ?? 0) !== part);
  return at >= 0 && (have[at] ?? 0) < (need[at] ?? 0);
}
