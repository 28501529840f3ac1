import type { LLMInferenceService, LLMInferenceServiceSpec } from "../../../../core/api/service.ts";
import type { Operations } from "../../../../core/api/shorthands/operations.ts";
import type { Behaviour } from "../../../../core/contract/behaviour.ts";
import { OWN } from "../../../../core/contract/behaviour.ts";
import type { Issue } from "../../../../core/contract/issues/issue.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../../../core/contract/options/settings.ts";
import type { Adopt } from "../../../../core/contract/plan.ts";
import type { Stack } from "../../../../core/knowledge/stacks/stack.ts";
import { DEFAULT_STACK } from "../../../../core/knowledge/stacks/stacks.ts";
import { KnownObjects } from "../../../../core/kubernetes/known.ts";
import type { Container, KubernetesObject, PodSpec } from "../../../../core/kubernetes/objects.ts";
import { materialize } from "../../../../core/stages/materialize/materialize.ts";
import { deepFreeze } from "../merge/freeze.ts";

export interface Given {
  /** The merged spec; by default its model is hf://org/model, and its template an engine with only a name. */
  spec?: object;
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string>; namespace?: string };
  settings?: Partial<Settings>;
  known?: readonly KubernetesObject[];
  behaviour?: Behaviour;
  stack?: Stack;
  operations?: Operations;
  adopt?: Adopt;
}

export interface Made {
  objects: KubernetesObject[];
  issues: Issue[];
}

export const ENGINE: PodSpec = { containers: [{ name: "main", image: "engine" }] };

/** Materializes a merged spec for the service `chat` in `team`; every input is frozen. */
export function make({
  spec,
  metadata,
  settings,
  known = [],
  behaviour = OWN,
  stack = DEFAULT_STACK,
  operations,
  adopt,
}: Given): Made {
  const issues: Issue[] = [];
  const merged = {
    model: { uri: "hf://org/model", name: "chat" },
    template: ENGINE,
    ...spec,
  } as LLMInferenceServiceSpec;
  const service: LLMInferenceService = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name: "chat", namespace: "team", ...metadata },
    spec: merged,
  };
  const input = deepFreeze({ service, spec: merged, settings: { ...DEFAULT_SETTINGS, ...settings }, behaviour });
  const objects = materialize({
    ...input,
    ...(adopt && { adopt }),
    ...(operations && { operations: deepFreeze(operations) }),
    stack,
    known: new KnownObjects(deepFreeze(known)),
    report: (issue) => void issues.push(issue),
  });
  return { objects, issues };
}

/** `Kind/name` of each object, in order. */
export function namesIn({ objects }: Made): string[] {
  return objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}

/** `severity Code path` of each issue. */
export function issuesIn({ issues }: Made): string[] {
  return issues.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind.
export function objectIn({ objects }: Made, kind: string, name?: string): any {
  return objects.find((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
}

/** The pod of the service's own Deployment. */
export function podIn(made: Made, name = "chat-kserve"): PodSpec {
  return objectIn(made, "Deployment", name)?.spec.template.spec;
}

export function engineIn(made: Made, name?: string): Container {
  return containerIn(podIn(made, name).containers, "main");
}

export function initializerIn(made: Made): Container {
  return containerIn(podIn(made).initContainers, "storage-initializer");
}

export function containerIn(containers: Container[] | undefined, name: string): Container {
  const found = containers?.find((container) => container.name === name);
  if (found === undefined) throw new Error(`there is no container ${name}`);
  return found;
}

export function serviceAccount(name: string, parts: object = {}): KubernetesObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "team" }, ...parts };
}
