import { GROUP_FIELDS } from "../../api/conveniences.ts";
import type { Fix, Issue } from "../../contract/issue.ts";
import { CONVENIENCES, groupLayer } from "../../contract/lowering.ts";

/** A replica group, and what was found of it as if it were the whole service. */
export interface GroupIssues {
  name: string;
  issues: readonly Issue[];
}

/** What is wrong with the fields of a group, at the places where they are written. */
export function inGroup({ name, issues }: GroupIssues): Issue[] {
  return issues.map((issue) => moved(issue, name));
}

/**
 * What the plans of the groups found, at places of the service. What one group set is told of that group; and so is what the others
 * do not have, for the group can set another value. What lower layers set for all groups alike is told once, where it is set.
 */
export function inGroups(parts: readonly GroupIssues[]): Issue[] {
  const counts = new Map<string, number>();
  for (const { issues } of parts)
    for (const key of new Set(issues.map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  const isOfAll = (issue: Issue): boolean =>
    parts.length > 1 && !DERIVED.includes(issue.layer) && counts.get(keyOf(issue)) === parts.length;
  return parts.flatMap(({ name, issues }) => issues.map((issue) => (isOfAll(issue) ? issue : moved(issue, name))));
}

/** Layers of values that nobody wrote so, but that follow from what somebody wrote: perhaps from what a group did. */
const DERIVED: readonly string[] = ["merged", CONVENIENCES];

function keyOf({ code, severity, path, layer, message }: Issue): string {
  return JSON.stringify([code, severity, path, layer, message]);
}

/** An issue of a workload's field as one of the group's. What the service wrote can only be removed there. */
function moved(issue: Issue, group: string): Issue {
  const isOwn = issue.layer === groupLayer(group);
  const { fixes } = issue;
  const movedFix = (fix: Fix): Fix =>
    fix.value === undefined && issue.layer === "service" ? fix : { ...fix, path: placed(fix.path, group) };
  return {
    ...issue,
    path: placed(issue.path, group),
    ...(isOwn && { layer: "service" }),
    ...(fixes && { fixes: fixes.map(movedFix) }),
  };
}

/** The field of a workload within its group; all other fields are the service's. */
function placed(path: string, group: string): string {
  if (path === "spec") return `spec.groups.${group}`;
  const [, field = ""] = /^spec\.([A-Za-z]+)/.exec(path) ?? [];
  return GROUP_FIELDS.includes(field) ? `spec.groups.${group}${path.slice("spec".length)}` : path;
}
