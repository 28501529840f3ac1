import { type Issue, isFine } from "../../core/contract/issues/issue.ts";
import { LABEL } from "../../core/contract/names.ts";
import type { PlanInput } from "../../core/contract/plan.ts";
import type { JsonObject } from "../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { plan } from "../../core/plan.ts";
import { UnreadableInput } from "../input/input.ts";
import type { PlanningOptions } from "../input/options.ts";
import { inputFor, readRequest } from "../input/request.ts";
import type { Terminal } from "../text/terminal.ts";
import { readState } from "./state.ts";

/** One service of a side of a comparison, with its objects. */
export interface SideService {
  /** `namespace/name`. */
  name: string;
  objects: readonly KubernetesObject[];
  /** Where objects were planned: their input. */
  input?: PlanInput;
  /** Issues of what it is planned with: with errors here it is not planned. */
  inputIssues: Issue[];
  /** All issues, including those of the plan. */
  issues: Issue[];
}

interface SideOptions extends PlanningOptions {
  /** Whether the plans' issues are left to the caller. */
  quiet?: boolean;
}

const STATE = "state:";

/**
 * A side of a comparison: planned services, rendered objects, or `state:FILE`, the last state of a stack as `pulumi
 * stack export` writes it.
 */
export function readSide(where: string, options: SideOptions, terminal: Terminal): SideService[] {
  if (where.startsWith(STATE)) return byService(readState(where.slice(STATE.length)));
  const request = readRequest({ ...options, file: [where] }, terminal);
  if (request.services.length === 0) {
    const { known } = request.common;
    if (known.length === 0) throw new UnreadableInput(`${where}: the input contains neither services nor objects`);
    return byService(known);
  }
  return request.services.map((service): SideService => {
    const { source, document } = service;
    const input = inputFor(request, service);
    const { objects, issues } = isFine(request.issues) ? plan(input) : { objects: [], issues: [] };
    const all = [...request.issues, ...issues];
    if (options.quiet !== true) terminal.issues(source, all);
    return { name: nameOf(document), objects, input, inputIssues: request.issues, issues: all };
  });
}

export function nameOf(document: JsonObject): string {
  const { namespace, name } = document["metadata"] as { namespace?: string; name?: string };
  return `${namespace ?? "default"}/${name ?? ""}`;
}

/** Whether every service of a side could be planned. */
export function isPlanned(side: readonly SideService[]): boolean {
  return side.every(({ issues }) => isFine(issues));
}

/** Objects by the service that their labels name; an object without a namespace belongs to the service's namespace. */
function byService(objects: readonly KubernetesObject[]): SideService[] {
  const ownerOf = ({ metadata }: KubernetesObject): string => metadata.labels?.[LABEL.name] ?? metadata.name;
  const spaces = new Map(
    objects.flatMap((object) =>
      object.metadata.namespace === undefined ? [] : [[ownerOf(object), object.metadata.namespace]],
    ),
  );
  const keyOf = (object: KubernetesObject): string => {
    const owner = ownerOf(object);
    return `${object.metadata.namespace ?? spaces.get(owner) ?? "default"}/${owner}`;
  };
  const names = [...new Set(objects.map(keyOf))];
  return names.map((name) => ({
    name,
    objects: objects.filter((object) => keyOf(object) === name),
    inputIssues: [],
    issues: [],
  }));
}
