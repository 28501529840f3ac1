import { API_VERSION, GROUP, type LLMInferenceService, type LLMInferenceServiceConfig } from "../../api/service.ts";
import { COMPATS, type Compat } from "../../contract/behaviour.ts";
import { isFine } from "../../contract/issues/issue.ts";
import { PRESET_PREFIX } from "../../contract/names.ts";
import type { Settings } from "../../contract/options/settings.ts";
import type { Adopt, Plan, PlanInput } from "../../contract/plan.ts";
import { presets } from "../../knowledge/stacks/stacks.ts";
import { isPlainAnnotation, withoutCopies } from "../../kubernetes/copies.ts";
import { groupOf, type KubernetesObject, objectKey } from "../../kubernetes/objects.ts";
import { isDeployment, podSpecsOf, selectorOf } from "../../kubernetes/workloads/workloads.ts";
import { plan } from "../../plan.ts";
import { POOL_ALPHA } from "../../stages/materialize/router/route/backends.ts";
import { INITIALIZER } from "../../stages/materialize/storage/initializer.ts";
import { type Difference, differences } from "./compare.ts";

/** What a cluster contains of a service that KServe manages. */
export interface Managed {
  service: LLMInferenceService;
  /** Including KServe's own presets. */
  configs: readonly LLMInferenceServiceConfig[];
  settings: Settings;
  /** The service's own objects, and others that its plan may look up. */
  objects: readonly KubernetesObject[];
}

/** How a program describes what runs already. */
export interface Adoption {
  /** The service as the program writes it: KServe's spec, without the fields that KServe recorded. */
  service: LLMInferenceService;
  compat?: Compat;
  adopt: Adopt;
  configs: LLMInferenceServiceConfig[];
  /** Only the objects that change the plan. */
  known: KubernetesObject[];
  settings: Settings;
  plan: Plan;
  /** Where the plan differs from what runs. */
  differences: Difference[];
}

/** The default rules come first: if they render the service as it runs, it needs no others. */
const MODES: readonly (Compat | undefined)[] = [undefined, ...(Object.keys(COMPATS) as Compat[])];

/**
 * Finds how a service must be planned so that its pods stay: with the default rules and KServe's presets if that gives
 * what runs, otherwise with the rules of the KServe release that comes nearest. Pure; callers look at `plan.issues` and
 * `differences` before they write anything.
 */
export function adoption(managed: Managed): Adoption {
  const tried = MODES.map((compat) => adoptionUnder(managed, compat));
  const best = tried.find(
    ({ plan, differences }) => isFine(plan.issues) && !differences.some(({ path }) => path !== ""),
  );
  const [, ...byReleases] = tried;
  return best ?? byReleases.reduce((one, other) => (distanceOf(other) < distanceOf(one) ? other : one));
}

/** The number of differences between a plan and what runs; a refused plan counts as farthest. */
function distanceOf({ plan, differences }: Adoption): number {
  return isFine(plan.issues) ? differences.length : Number.POSITIVE_INFINITY;
}

function adoptionUnder(managed: Managed, compat: Compat | undefined): Adoption {
  const { service, configs } = unpinned(managed);
  const { settings, objects } = managed;
  const ours = compat === undefined ? presets({ namespace: settings.systemNamespace }) : [];
  const request: PlanInput = { service, settings, configs: [...ours, ...configs], known: knowable(objects), compat };
  const first = plan(request);
  const applied = configs.filter((config) => isApplied(config, first));
  const adopt = adoptOf(objects, first.objects);
  const chosen = { ...request, configs: [...ours, ...applied], adopt };
  const known = needed(chosen);
  const planned = plan({ ...chosen, known });
  return {
    ...{ service, compat, adopt, configs: applied, known, settings, plan: planned },
    differences: differences(objects, planned.objects),
  };
}

const PINNED = `${GROUP}/`;
const PIN = `${PINNED}config-llm-`;

/**
 * The service without its status, with the configs where a component looks first: in its namespace, with each preset
 * that the status pins under the name that a new service would look up.
 */
function unpinned({ service, configs }: Managed): Pick<Adoption, "service" | "configs"> {
  const { metadata, spec, status } = service;
  const { namespace } = metadata;
  const pins = Object.entries(status?.annotations ?? {}).filter(([key]) => key.startsWith(PIN));
  const pinned = new Map(pins.map(([key, name]) => [name, PRESET_PREFIX + key.slice(PINNED.length)]));
  const moved = configs.flatMap((config) => {
    const standard = pinned.get(config.metadata.name);
    const names = standard === undefined ? [config.metadata.name] : [standard];
    return names.map((name) => ({
      own: config.metadata.namespace === namespace,
      config: configNamed(config, name, namespace),
    }));
  });
  const inOrder = [...moved.filter(({ own }) => own), ...moved.filter(({ own }) => !own)].map(({ config }) => config);
  const first = new Map<string, LLMInferenceServiceConfig>();
  for (const config of inOrder) if (!first.has(config.metadata.name)) first.set(config.metadata.name, config);
  const { name, labels, annotations } = metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith("kubectl.kubernetes.io/"));
  return {
    service: {
      apiVersion: service.apiVersion,
      kind: "LLMInferenceService",
      metadata: {
        name,
        namespace,
        ...(labels && { labels }),
        ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
      },
      spec,
    },
    configs: [...first.values()],
  };
}

function configNamed(
  { apiVersion, spec }: LLMInferenceServiceConfig,
  name: string,
  namespace: string,
): LLMInferenceServiceConfig {
  return {
    apiVersion: apiVersion ?? API_VERSION,
    kind: "LLMInferenceServiceConfig",
    metadata: { name, namespace },
    spec,
  };
}

function isApplied({ metadata }: LLMInferenceServiceConfig, { appliedConfigs }: Plan): boolean {
  return appliedConfigs.some(({ name, namespace }) => name === metadata.name && namespace === metadata.namespace);
}

/** What a running pod needs unchanged: live selectors, KServe's certificate, and its storage initializer. */
function adoptOf(live: readonly KubernetesObject[], planned: readonly KubernetesObject[]): Adopt {
  const runs = (object: KubernetesObject) => live.find((one) => objectKey(one) === objectKey(object));
  const selectors = planned.flatMap((object) => {
    const found = isDeployment(object) ? runs(object) : undefined;
    const matchLabels = found && selectorOf(found);
    return matchLabels === undefined ? [] : [[object.metadata.name, matchLabels] as const];
  });
  const secrets = planned.filter(({ kind }) => kind === "Secret");
  // KServe leaves out the pool of the older API if the cluster does not serve that API.
  const absent = planned.filter((object) => groupOf(object.apiVersion) === POOL_ALPHA && runs(object) === undefined);
  const leave = [
    ...secrets.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
    ...absent.map(({ kind, metadata }) => `${POOL_ALPHA}/${kind}/${metadata.name}`),
  ];
  const plainInitializer = planned
    .flatMap((object) => podSpecsOf(runs(object) ?? object))
    .some(({ initContainers = [] }) =>
      initContainers.some(({ name, securityContext }) => name === INITIALIZER && securityContext === undefined),
    );
  return {
    selectors: Object.fromEntries(selectors),
    ...(leave.length > 0 && { leave }),
    ...(plainInitializer && { plainInitializer }),
  };
}

/** Objects as a program may contain them: without fields of the server, and Secrets without their values. */
function knowable(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.map((object) => {
    const { name, namespace, labels, annotations, ...others } = object.metadata as KubernetesObject["metadata"] &
      Record<string, unknown>;
    const { creationTimestamp } = others;
    const isSecret = object.kind === "Secret";
    const kept = withoutCopies(annotations).filter(([, value]) => !isSecret || isPlainAnnotation(value));
    const metadata = {
      ...{ name, namespace },
      ...(labels && { labels }),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
      ...(object.kind === "LLMInferenceService" && creationTimestamp !== undefined && { creationTimestamp }),
    };
    return (isSecret ? { ...emptied(object), metadata } : { ...object, metadata }) as KubernetesObject;
  });
}

/** A Secret with its keys, but without their values. */
function emptied({ apiVersion, kind, ...secret }: KubernetesObject): Omit<KubernetesObject, "metadata"> {
  const { type, data, stringData } = secret as { type?: string; data?: object; stringData?: object };
  const keys = Object.keys({ ...data, ...stringData });
  return {
    apiVersion,
    kind,
    ...(type !== undefined && { type }),
    data: Object.fromEntries(keys.map((key) => [key, ""])),
  };
}

/**
 * Leaves out the objects that do not change the result: many at once and, if the result changes, each half separately.
 * A plan reads few of a cluster's objects, so few plans are needed to find them.
 */
function needed(input: PlanInput): KubernetesObject[] {
  const outcome = (known: readonly KubernetesObject[]): string => {
    const { objects, issues } = plan({ ...input, known });
    return JSON.stringify([objects, issues]);
  };
  const whole = outcome(input.known ?? []);
  const without = (
    kept: readonly KubernetesObject[],
    some: readonly KubernetesObject[],
  ): readonly KubernetesObject[] => {
    if (some.length === 0) return kept;
    const gone = new Set(some);
    const rest = kept.filter((one) => !gone.has(one));
    if (outcome(rest) === whole) return rest;
    if (some.length === 1) return kept;
    const half = some.length >> 1;
    return without(without(kept, some.slice(0, half)), some.slice(half));
  };
  return [...without(input.known ?? [], input.known ?? [])];
}
