import type { Issue } from "../../contract/issues/issue.ts";
import { COMPONENT, LABEL } from "../../contract/names.ts";
import type { GroupPlan, PlanInput } from "../../contract/plan.ts";
import { isObject, type Json, objectOf } from "../../kubernetes/json.ts";
import { groupOf, type KubernetesObject } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { adoptLive } from "./adopt.ts";

/**
 * The objects of a service with replica groups: the objects of each group, and one copy of those that the groups share.
 * Shared objects must be equal in each group, because there is one route, one pool, one scheduler and one Service.
 */
export function uniteGroups(
  groups: readonly GroupPlan[],
  { adopt }: Pick<PlanInput, "adopt">,
): { objects: KubernetesObject[]; issues: Issue[] } {
  const united: Shared[] = [];
  const issues: Issue[] = [];
  const report = (issue: Issue): void => void issues.push(issue);
  for (const { name, plan } of groups) {
    const { objects } = plan;
    let own: Shared[] = [];
    for (const object of objects) {
      const at = united.findIndex((one) => keyOf(one.object) === keyOf(object));
      const known = united[at];
      if (known === undefined) own.push({ object, group: name });
      else {
        judgeShared(known, { object, group: name }, report);
        // Objects that only this group has come before the object that they preceded in it.
        united.splice(at, 0, ...own);
        own = [];
      }
    }
    united.push(...own);
  }
  const objects = united.map(({ object }) => object);
  return { objects: adoptLive(objects, { report, ...(adopt && { adopt }) }), issues };
}

function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return JSON.stringify([groupOf(apiVersion), apiVersion, kind, metadata.namespace, metadata.name]);
}

interface Shared {
  object: KubernetesObject;
  group: string;
}

/** The Job that fills a cache runs where the first group may run; every other object must be equal in all groups. */
function judgeShared(first: Shared, other: Shared, report: (issue: Issue) => void): void {
  const { kind, metadata } = first.object;
  if (metadata.labels?.[LABEL.component] === COMPONENT.modelCache) return;
  const place = difference(objectOf(first.object), objectOf(other.object));
  if (place === undefined) return;
  report({
    code: "Conflict",
    severity: "error",
    path: `spec.groups.${other.group}`,
    layer: "merged",
    message: `${kind} ${metadata.name} belongs to all replica groups, but the group ${other.group} needs a different ${place} than the group ${first.group}`,
    fix: `set the fields that determine it, for example ports, to the same values in both groups, or use one service for each group`,
  });
}

/** The first path at which two values differ; undefined if they are equal. */
function difference(one: Json | undefined, other: Json | undefined, path = ""): string | undefined {
  if (one === other) return undefined;
  if (Array.isArray(one) && Array.isArray(other)) {
    const indices = Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index);
    return firstOf(indices, (index) => difference(one[index], other[index], `${path}[${index}]`));
  }
  if (!isObject(one) || !isObject(other)) return path;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return firstOf(names, (name) =>
    difference(entryOf(one, name), entryOf(other, name), path === "" ? name : `${path}.${name}`),
  );
}

function firstOf<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
