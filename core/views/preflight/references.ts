import { collectionPath, type KindName, KINDS as MADE_KINDS } from "../../contract/kinds.ts";
import { didYouMean } from "../../kubernetes/nearest.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { titleOf, withRoles } from "../../kubernetes/workloads/disaggregatedset.ts";
import { podSpecsOf } from "../../kubernetes/workloads/workloads.ts";
import type { CheckFinding } from "../../stages/check/check.ts";
import { shortened } from "../text.ts";
import type { ClusterFacts } from "./facts.ts";

/** Kinds of objects that pods and claims name, their place in the API, and the consequence if they are missing. */
const KINDS = {
  StorageClass: {
    root: "/apis/storage.k8s.io/v1/storageclasses",
    without: "no volume is created, and the pods stay Pending",
  },
  PersistentVolumeClaim: { without: "the pods stay Pending" },
  PriorityClass: { root: "/apis/scheduling.k8s.io/v1/priorityclasses", without: "the API server refuses the pods" },
  RuntimeClass: { root: "/apis/node.k8s.io/v1/runtimeclasses", without: "the API server refuses the pods" },
  ServiceAccount: { without: "the API server refuses the pods" },
} as const satisfies Record<string, { root?: string; without: string }>;
type Kind = keyof typeof KINDS;

function isMade(kind: Kind): kind is Kind & KindName {
  return kind in MADE_KINDS;
}

/** An object that another one needs. Without a name it is the default one of the cluster. */
interface Reference {
  kind: Kind;
  name?: string;
  by: KubernetesObject;
}

/** A list that must be read in the cluster: its kind, and its path. */
export interface NeededList {
  what: string;
  path: string;
}

/** The lists in which the named objects must be found. */
export function neededLists(objects: readonly KubernetesObject[]): NeededList[] {
  const all = referencesIn(objects).map(({ kind, by }) => ({ what: `${kind}s`, path: pathOf(kind, by) }));
  return [...new Map(all.map((one) => [one.path, one])).values()];
}

/**
 * Objects that are named but neither planned nor in the cluster. A program may create them in the same update, so this
 * is a warning instead of an error.
 */
export function missingObjects(objects: readonly KubernetesObject[], facts: ClusterFacts): CheckFinding[] {
  const found = referencesIn(objects).flatMap((reference): CheckFinding[] => {
    const there = entryOf(facts.named, pathOf(reference.kind, reference.by));
    if (there === undefined) return [];
    const { name } = reference;
    const isThere =
      name === undefined ? there.some(({ isDefault }) => isDefault) : there.some((one) => one.name === name);
    const names = there.map((one) => one.name);
    return isThere ? [] : [finding(reference, names, facts.source)];
  });
  return [...new Map(found.map((one) => [one.message, one])).values()];
}

function finding({ kind, name, by }: Reference, there: readonly string[], source: string): CheckFinding {
  const wanted = name === undefined ? `a default ${kind}` : `${kind} ${name}`;
  const has = there.length > 0 ? `the cluster has only ${shortened(there)}` : `the cluster has none`;
  const near = name === undefined ? undefined : didYouMean(name, there);
  const noDefault =
    there.length > 0 ? "mark one of them as the default, or name one of them" : `create a default ${kind}`;
  const fix = near ?? (name === undefined ? noDefault : "create it, or name an existing one");
  const message = `${titleOf(by)} needs ${wanted}, but ${has}: without it ${KINDS[kind].without}`;
  return { code: "MissingObject", path: "", layer: source, message, fix };
}

function referencesIn(objects: readonly KubernetesObject[]): Reference[] {
  const made = new Set(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
  return withRoles(objects)
    .flatMap((by) => [...ofPods(by), ...ofClaim(by)])
    .filter(({ kind, name }) => name === undefined || !made.has(`${kind}/${name}`));
}

function ofPods(by: KubernetesObject): Reference[] {
  return podSpecsOf(by).flatMap((pod) => {
    const claims = (pod.volumes ?? []).map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName);
    const named: [Kind, string | undefined][] = [
      ["ServiceAccount", pod.serviceAccountName],
      ["PriorityClass", pod.priorityClassName],
      ["RuntimeClass", pod.runtimeClassName],
      ...claims.map((claim): [Kind, string | undefined] => ["PersistentVolumeClaim", claim]),
    ];
    return named.flatMap(([kind, name]) => (name ? [{ kind, name, by }] : []));
  });
}

function ofClaim(by: KubernetesObject): Reference[] {
  if (by.kind !== "PersistentVolumeClaim") return [];
  const { storageClassName } = by["spec"] as { storageClassName?: string };
  return [{ kind: "StorageClass", by, ...(storageClassName !== undefined && { name: storageClassName }) }];
}

/** A namespaced object is in the namespace of the object that names it. */
function pathOf(kind: Kind, { metadata: { namespace = "default" } }: KubernetesObject): string {
  return isMade(kind) ? collectionPath(kind, namespace) : KINDS[kind].root;
}
