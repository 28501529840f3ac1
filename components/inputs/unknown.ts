import * as pulumi from "@pulumi/pulumi";
import { formatIssue, type Issue } from "../../core/contract/issues/issue.ts";
import { CONTENTS } from "../../core/contract/names.ts";
import { formatPath } from "../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { pathSteps } from "../../core/kubernetes/path.ts";
import { type Deferred, type Leaf, tokensIn } from "./deferred.ts";
import { insideOf } from "./outputs.ts";

/** Stands where an issue would quote the token of a value that is not known yet. */
const UNKNOWN = "[unknown]";

function rewritten({ path, message, fix, ...issue }: Issue, rewrite: (text: string) => string): Issue {
  return {
    ...issue,
    path: rewrite(path),
    message: rewrite(message),
    ...(fix !== undefined && { fix: rewrite(fix) }),
  };
}

/** The unknown values without which the plan cannot be made, each as an error. */
export function unknownStructure({ leaves }: Deferred, decides: (leaf: Leaf) => boolean): Promise<Issue[]> {
  return Promise.all(leaves.filter((leaf) => !leaf.known && decides(leaf)).map(issueOf));
}

/**
 * Rewrites what a plan reports about tokens as errors that a user can act on: a field that decides structure (which
 * objects exist, their names, parallelism, list lengths) has no known value yet. `decides` lists more values that must
 * be known.
 */
export async function explainUnknowns(
  issues: readonly Issue[],
  objects: readonly KubernetesObject[],
  deferred: Deferred,
  decides: (leaf: Leaf) => boolean = () => false,
): Promise<Issue[]> {
  const unknown = deferred.leaves.filter((leaf) => !leaf.known);
  if (unknown.length === 0) return [...issues];
  const blamed = new Set<Leaf>(unknown.filter(decides));
  const others = issues.filter((issue) => {
    const leaves = issue.severity === "error" ? leavesOf(issue, unknown, deferred) : [];
    for (const leaf of leaves) blamed.add(leaf);
    return leaves.length === 0;
  });
  for (const object of objects) for (const leaf of leavesInIdentity(object, deferred)) blamed.add(leaf);
  const named = (text: string): string => unknown.reduce((out, { token }) => out.replaceAll(token, UNKNOWN), text);
  return [...(await Promise.all([...blamed].map(issueOf))), ...others.map((issue) => rewritten(issue, named))];
}

/** The unknown values that an issue is about: it quotes their token, or stands at their field, within it, or at a small part that they are in. */
function leavesOf(issue: Issue, unknown: readonly Leaf[], deferred: Deferred): Leaf[] {
  const quoted = tokensIn(`${issue.message} ${issue.path}`, deferred).filter(({ known }) => !known);
  if (quoted.length > 0) return quoted;
  const places = placesOf(issue.path);
  const lists = issue.path.split(/[.[]/).length > LARGE;
  return unknown.filter((leaf) => {
    const path = pathOf(leaf);
    return places.some((place) => place === path || isWithin(place, path) || (lists && isWithin(path, place)));
  });
}

/** A finding about a replica group may follow from a field of the service. */
function placesOf(path: string): string[] {
  const [, , , ...rest] = pathSteps(path);
  return path.startsWith("spec.groups.") ? [path, ["spec", ...rest].join(".").replaceAll(".[", "[")] : [path];
}

/**
 * Paths of this length, such as `spec.template.containers[0]`, name parts with many fields: a finding there is not
 * about each of them.
 */
const LARGE = 4;

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/**
 * A name that is a hash shows no token; the annotation next to it holds what was hashed. Keys of maps are names too.
 */
function leavesInIdentity({ apiVersion, kind, metadata, ...fields }: KubernetesObject, deferred: Deferred): Leaf[] {
  const { namespace, name, annotations = {} } = metadata;
  const names = [apiVersion, kind, namespace, name, annotations[CONTENTS], ...keysIn({ metadata, ...fields })];
  return tokensIn(names.join(" "), deferred);
}

function keysIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  return [...keys, ...Object.values(value).flatMap(keysIn)];
}

/**
 * The path of the field as it is written in the service or config, without the first step, which belongs to the
 * arguments.
 */
function pathOf({ path }: Leaf): string {
  return formatPath(path[0] === "service" || path[0] === "config" ? path.slice(1) : path);
}

/** Warns of secrets that are used as names: URNs and the cluster show the names of resources. */
export function secretNames(deferred: Deferred): Issue[] {
  const isName = ({ path: [, metadata, field] }: Leaf): boolean =>
    metadata === "metadata" && (field === "name" || field === "namespace");
  return deferred.leaves.filter((leaf) => leaf.secret && leaf.path.length === 3 && isName(leaf)).map(secretName);
}

export function secretName(leaf: Leaf): Issue {
  return {
    code: "SecretName",
    severity: "warning",
    path: pathOf(leaf),
    layer: leaf.path[0] === "service" || leaf.path[0] === "config" ? "service" : "platform",
    message: "a name depends on a secret value, but names cannot be hidden: URNs and the cluster show it",
    fix: "use a name that is not secret, or wrap it in `pulumi.unsecret`",
  };
}

async function issueOf(leaf: Leaf): Promise<Issue> {
  const sources = await Promise.all([...leaf.resources].map(describe));
  const from = sources.length > 0 ? ` until ${[...new Set(sources)].sort().join(", ")} is updated` : "";
  return {
    code: "UnknownValue",
    severity: "error",
    path: pathOf(leaf),
    layer: "service",
    message: `this field determines which objects exist, but its value is unknown${from}`,
    fix: "use a literal or a configuration value, or deploy the resource that provides the value first",
  };
}

/** `aws:s3/bucket:Bucket models`, from the URN, which is known in a preview too. */
async function describe(resource: pulumi.Resource): Promise<string> {
  const urn = String(await insideOf(resource.urn).promise());
  const [type = "", name = ""] = urn.split("::").slice(2);
  return `${type.split("$").pop()} ${name}`;
}

/** Every problem of a component's arguments, each with its path, and no stack trace: the input is wrong, not the program. */
export class RefusedError extends pulumi.ResourceError {
  readonly issues: readonly Issue[];
  constructor(what: string, issues: readonly Issue[], resource: pulumi.Resource) {
    super(refusal(what, issues), resource, true);
    this.issues = issues;
  }
}

/** Thrown to stop a component whose input is refused. */
export function refuse(what: string, issues: readonly Issue[], resource: pulumi.Resource): never {
  throw new RefusedError(what, issues, resource);
}

/** The message for refused input: the number of problems, then one problem per line. Warnings are left out. */
function refusal(what: string, issues: readonly Issue[]): string {
  const errors = issues.filter(({ severity }) => severity === "error").map(formatIssue);
  const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
  return `${what}: ${count}\n${errors.map((line) => `  ${line}`).join("\n")}`;
}
