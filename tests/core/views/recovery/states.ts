import type { KubernetesObject } from "../../../../core/kubernetes/objects.ts";
import type { ExportedState, PendingOperation, StateResource } from "../../../../core/views/recovery/state.ts";
import { STACK_MARK } from "../../../../core/views/recovery/verdict.ts";

export const STACK = "organization/serving/prod";
export const PROVIDER = "urn:pulumi:prod::serving::pulumi:providers:kubernetes::cluster";

export function urn(kind: string, name: string): string {
  return `urn:pulumi:prod::serving::kserve-llm:index:LLMInferenceService$kubernetes:apps/v1:${kind}::chat/${name}`;
}

/** A Deployment of a service as the state has it, or as an interrupted create has it (`{ id: undefined }`). */
export function deployment(name: string, extra: Partial<StateResource> = {}): StateResource {
  const inputs = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "team", annotations: { [STACK_MARK]: STACK } },
    spec: { replicas: 1 },
  };
  const type = "kubernetes:apps/v1:Deployment";
  return { urn: urn("Deployment", name), type, custom: true, provider: `${PROVIDER}::id`, inputs, ...extra };
}

export function provider(inputs: StateResource["inputs"] = {}): StateResource {
  return { urn: PROVIDER, type: "pulumi:providers:kubernetes", id: "id", inputs, created: "2026-11-01T10:00:00Z" };
}

export function stateOf(resources: StateResource[], pending: PendingOperation[] = []): ExportedState {
  return { version: 3, deployment: { manifest: {}, resources, pending_operations: pending } };
}

/** The Deployment in the API server, with a field manager. */
export function live(
  name: string,
  manager: string,
  metadata: Record<string, unknown> = {},
  operation = "Apply",
): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      namespace: "team",
      creationTimestamp: "2026-11-20T10:00:00Z",
      managedFields: [{ manager, operation }],
      ...metadata,
    } as KubernetesObject["metadata"],
  };
}
