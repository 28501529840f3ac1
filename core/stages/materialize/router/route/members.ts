import { API_VERSION, GROUP, type LLMInferenceService, type LLMInferenceServiceSpec } from "../../../../api/service.ts";
import { nameOf } from "../../../../contract/names.ts";
import { isStopped } from "../../../../contract/stopped.ts";
import { asText, isObject, type Json, type JsonObject, valueAt } from "../../../../kubernetes/json.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import type { MaterializeContext } from "../../context.ts";
import { backendOf, POOL_ALPHA, POOL_V1, poolGroup } from "./backends.ts";

/** A service of a routing group: what it serves, its share, and its address. */
export interface Member {
  name: string;
  models: string[];
  weight: number;
  isStopped: boolean;
  backend: JsonObject;
}

/** The service as other services see it, without the fields that its configs set. */
export type Peer = Pick<LLMInferenceService, "metadata"> & {
  spec: Partial<LLMInferenceServiceSpec>;
  status?: JsonObject;
};

/**
 * The members of the service's group in its namespace, by name, including itself. Source: listGroupMembers,
 * filterEligibleMembers and resolveGroupMembers in router_group.go, KServe v0.20.0.
 */
export function membersOf(context: MaterializeContext): Member[] {
  const { service, spec, behaviour } = context;
  const own: Peer = behaviour.routingGroup === "given" ? { ...service, spec } : asStored(context);
  const group = spec.router?.route?.group;
  return [own, ...peersOf(context)]
    .filter((peer) => peer.spec.router?.route?.group === group)
    .map((peer) => ({
      name: peer.metadata.name,
      models: modelsOf(peer),
      isStopped: isStopped(peer),
      weight: isStopped(peer) ? 0 : (peer.spec.router?.route?.weight ?? 0),
      backend: backendOfPeer(peer, context),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The model and the adapters of a spec. */
export function modelNames(service: string, { model }: Partial<LLMInferenceServiceSpec>): string[] {
  const adapters = (model?.lora?.adapters ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  return unique([model?.name ?? service, ...adapters]);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** KServe reads its own service from the API server, with a status; with a scheduler, that status names the v1 pool. */
function asStored({ service, spec }: MaterializeContext): Peer {
  const scheduler = spec.router?.scheduler;
  if (scheduler === undefined || scheduler === null) return { metadata: service.metadata, spec: service.spec };
  const name = scheduler.pool?.ref?.name || nameOf(service.metadata.name, "inferencePool");
  const inferencePool = { group: POOL_V1, kind: "InferencePool", name };
  return { metadata: service.metadata, spec: service.spec, status: { router: { scheduler: { inferencePool } } } };
}

function peersOf(context: MaterializeContext): Peer[] {
  if (context.behaviour.routingGroup === "given") return neighboursOf(context);
  return neighboursOf(context).filter((peer) => isStopped(peer) || isRunning(peer));
}

/** The other known services of the namespace. */
export function neighboursOf({ service, known }: MaterializeContext): Peer[] {
  const { name, namespace } = service.metadata;
  return [API_VERSION, `${GROUP}/v1alpha1`]
    .flatMap((apiVersion) => known.list(apiVersion, "LLMInferenceService", namespace))
    .map((object) => object as unknown as Peer)
    .filter((peer) => peer.metadata.name !== name && isObject(peer.spec));
}

function isRunning({ status }: Peer): boolean {
  const conditions = Array.isArray(status?.["conditions"]) ? status["conditions"].filter(isObject) : [];
  const isReady = conditions.some(({ type, status: is }) => type === "RouterReady" && is === "True");
  const workloads = isObject(status?.["workloads"]) ? status["workloads"] : {};
  const parts = ["primary", "prefill", "scheduler"].map((part) => entryOf(workloads, part)).filter(isObject);
  return isReady && isObject(workloads["primary"]) && parts.every(({ readyReplicas }) => Boolean(readyReplicas));
}

/**
 * The names to which a service answers. The names in a status include those of configs, so they have precedence over
 * the spec.
 */
export function modelsOf({ metadata, spec, status }: Peer): string[] {
  const addresses = Array.isArray(status?.["addresses"]) ? status["addresses"].filter(isObject) : [];
  const models = addresses.flatMap(({ models: some }) => (Array.isArray(some) ? some.filter(isObject) : []));
  const names = models.map(({ name }) => asText(name));
  return names.length > 0 ? unique(names) : modelNames(metadata.name, spec);
}

function backendOfPeer(peer: Peer, { behaviour }: MaterializeContext): JsonObject {
  const { name } = peer.metadata;
  const scheduler = peer.spec.router?.scheduler;
  const referred = scheduler?.pool?.ref?.name;
  if (referred) {
    return backendOf("InferencePool", referred, behaviour.routingGroup === "given" ? POOL_V1 : POOL_ALPHA);
  }
  const stated = poolOfStatus(peer.status);
  if (stated) return backendOf("InferencePool", asText(stated["name"]), asText(stated["group"] ?? ""));
  const hasScheduler = scheduler !== undefined && scheduler !== null;
  if (behaviour.routingGroup === "given" && hasScheduler) {
    return backendOf("InferencePool", nameOf(name, "inferencePool"), poolGroup(behaviour));
  }
  return backendOf("Service", nameOf(name, "workloadService"));
}

function poolOfStatus(status: Json | undefined): JsonObject | undefined {
  const pool = valueAt(status, ["router", "scheduler", "inferencePool"]);
  return isObject(pool) ? pool : undefined;
}
