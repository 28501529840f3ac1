import { GROUP_FIELDS } from "../api/shorthands/shorthands.ts";
import { formatPath } from "../kubernetes/json.ts";
import { pathSteps } from "../kubernetes/path.ts";
import { inWords } from "../kubernetes/text.ts";
import { indexedPath } from "./issues/indexed.ts";
import type { Fix, Issue } from "./issues/issue.ts";
import { groupLayer, type LoweredGroup, SHORTHANDS } from "./lowering.ts";
import { type Admitted, type AppliedConfig, emptyPlan, type GroupPlan, type Plan } from "./plan.ts";

/** A replica group as if it were the whole service; objects of a cluster are adopted for all groups together. */
export function asService(group: LoweredGroup, { input, behaviour, lowered }: Admitted): Admitted {
  const { adopt: _ofAll, ...others } = input;
  const { service, configs, written } = group;
  const issues = configs.flatMap((config) => config.issues);
  const documents = { ...lowered, service, configs, group, issues };
  return { input: { ...others, service: written }, behaviour, lowered: documents, admission: [] };
}

/** The plan of a service with these groups; their issues and objects are not joined yet. */
export function joined(groups: readonly GroupPlan[]): Plan {
  const applied = groups.flatMap(({ plan }) => plan.appliedConfigs);
  return { ...(groups[0]?.plan ?? emptyPlan()), appliedConfigs: uniqueConfigs(applied), groups };
}

/** Each config once, because groups share most of them. */
function uniqueConfigs(applied: readonly AppliedConfig[]): AppliedConfig[] {
  return [...new Map(applied.map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}

/** A replica group, and its plan as if it were the whole service. */
interface GroupIssues {
  name: string;
  issues: readonly Issue[];
}

/** What is wrong with the fields of a group, at the places where they are written. */
export function inGroup({ name, issues }: GroupIssues): Issue[] {
  return issues.map((issue) => moved(issue, name));
}

/**
 * The issues of the groups' plans, at places of the service. An issue names the group where the group set the field, or where other
 * groups do not have the issue, for then the group can set another value. An issue that lower layers cause in all groups alike is
 * reported once, where the field is set. An issue that a config causes keeps its place in the config, and names the groups that have it.
 */
export function inGroups(groups: readonly GroupPlan[], service: unknown): Issue[] {
  const parts = groups.map(({ name, plan: { issues } }): GroupIssues => ({ name, issues }));
  const counts = new Map<string, number>();
  for (const { issues } of parts)
    for (const key of new Set(issues.map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  const isEverywhere = (issue: Issue): boolean => parts.length > 1 && counts.get(keyOf(issue)) === parts.length;
  const isOfAll = (issue: Issue): boolean => isEverywhere(issue) && !DERIVED.includes(issue.layer);
  const isOfSome = (issue: Issue): boolean => parts.length > 1 && !isEverywhere(issue);
  const atGroup = (issue: Issue, name: string): Issue => {
    const there = whereWritten(moved(issue, name), name, service);
    return isOfSome(issue) ? named(there, issue, name) : there;
  };
  const inConfig = (issue: Issue): Issue => (isOfSome(issue) ? ofGroups(issue, namesOf(parts, keyOf(issue))) : issue);
  return parts.flatMap(({ name, issues }) =>
    issues.map((issue) => (isOfAll(issue) ? issue : isOfConfig(issue) ? inConfig(issue) : atGroup(issue, name))),
  );
}

/** Whether the value stands in a config, which is another document than the one that has the groups. */
function isOfConfig({ layer }: Issue): boolean {
  return layer.startsWith("config ");
}

/** The groups with an issue. */
function namesOf(parts: readonly GroupIssues[], key: string): string[] {
  return parts.filter(({ issues }) => issues.some((issue) => keyOf(issue) === key)).map(({ name }) => name);
}

function ofGroups(issue: Issue, names: readonly string[]): Issue {
  const shown = `${names.length === 1 ? "group" : "groups"} ${inWords(names, "and")}`;
  return { ...issue, message: `${issue.message} (${shown})` };
}

/** An issue whose message names containers of the group within it if the group, and not the service, writes them. */
function whereWritten(issue: Issue, group: string, service: unknown): Issue {
  const isWritten = (path: string): boolean => !indexedPath(path, service).includes("[name=");
  const message = issue.message.replace(/\bspec(?:\.\w+|\[name=[^[\]\s]*\])+/g, (path) => {
    const inside = placed(path, group);
    return path.includes("[name=") && isWritten(inside) ? inside : path;
  });
  return { ...issue, message };
}

/**
 * An issue of a shared field that only some groups have. It names the group, because otherwise the reader could not
 * tell which pods are affected.
 */
function named(issue: Issue, { path }: Issue, group: string): Issue {
  return issue.path === path ? { ...issue, message: `${issue.message} (group ${group})` } : issue;
}

/** Layers of values that are not written anywhere but follow from written ones, perhaps from those of a group. */
const DERIVED: readonly string[] = ["merged", SHORTHANDS];

function keyOf({ code, severity, path, layer, message }: Issue): string {
  return JSON.stringify([code, severity, path, layer, message]);
}

/**
 * An issue about what a group itself writes, found as if the group were the service. The fix names the fields of the
 * group too. A program moves nothing out of a group, because the service may have the field already.
 */
export function inOneGroup({ fixes = [], ...issue }: Issue, group: string): Issue {
  const at = (path: string): string => `${formatPath(["spec", "groups", group])}${path.slice("spec".length)}`;
  const isOwn = fixes.every(({ path }, index) => index === 0 || placed(path, group) !== path);
  return {
    ...issue,
    path: at(issue.path),
    ...(issue.fix !== undefined && { fix: inText(issue.fix, group).replace(/\bspec$/, at("spec")) }),
    ...(fixes.length > 0 && isOwn && { fixes: fixes.map((fix) => ({ ...fix, path: at(fix.path) })) }),
  };
}

/** An issue of a workload's field as one of the group's. */
function moved(issue: Issue, group: string): Issue {
  const isOwn = issue.layer === groupLayer(group);
  const { message, fix, fixes } = issue;
  return {
    ...issue,
    path: placed(issue.path, group),
    ...(isOwn && { layer: "service", message: inText(message, group) }),
    ...(isOwn && fix !== undefined && { fix: inText(fix, group) }),
    ...(fixes && { fixes: fixes.flatMap((fix) => movedFixes(fix, group, isOwn)) }),
  };
}

/**
 * A group can override any field of the service and remove flags. A field that must be removed otherwise may be the
 * service's.
 */
function movedFixes(fix: Fix, group: string, isOwn: boolean): Fix[] {
  const path = placed(fix.path, group);
  const atGroup = { ...fix, path };
  const isFlag = pathSteps(path).at(-1)?.startsWith("[-") === true;
  return fix.value !== undefined || isFlag || isOwn || path === fix.path ? [atGroup] : [fix, atGroup];
}

/** A text with the fields of workloads that it names within a group. */
function inText(text: string, group: string): string {
  return text.replace(/\bspec(?:\.\w+|\[[^[\]\s]*\])+/g, (path) => placed(path, group));
}

/** The field of a workload within its group; all other fields are the service's. */
function placed(path: string, group: string): string {
  const [spec, field = ""] = pathSteps(path);
  if (spec !== "spec" || (field !== "" && !GROUP_FIELDS.includes(field))) return path;
  return `${formatPath(["spec", "groups", group])}${path.slice("spec".length)}`;
}
