import type * as pulumi from "@pulumi/pulumi";
import { isA, kindOf } from "../../core/contract/kinds.ts";
import type { Container, KubernetesObject, PodSpec } from "../../core/kubernetes/objects.ts";
import { podSpecsOf } from "../../core/kubernetes/workloads/workloads.ts";

const SKIP_AWAIT = "pulumi.com/skipAwait";
const WAIT = "pulumi.com/waitFor";
const DELETION = "pulumi.com/deletionPropagationPolicy";
/** A Job that has failed stays so: the next update makes it anew. */
const REPLACE_UNREADY = "pulumi.com/replaceUnready";

const CONDITION = /^condition=/;

/**
 * Whether `pulumi up` waits for an object. Workloads: Deployments and the Jobs that fill caches by the kubernetes plugin's own
 * rules, LeaderWorkerSets by their condition. Services are not waited for: the plugin would wait for pods that may wait for
 * a route.
 */
export function isAwaited(object: KubernetesObject): boolean {
  return kindOf(object)?.readiness !== undefined;
}

/**
 * The object with the annotations by which the kubernetes plugin is told what to wait for. What has no dependents is
 * deleted in the background, so that a destroy does not wait for each; plugins up to 4.18 now and then wait without end for a deletion that
 * they have missed.
 */
export function annotate(object: KubernetesObject, awaited: boolean): KubernetesObject {
  const { readiness = "", skipsReadiness } = kindOf(object) ?? {};
  if (!awaited) {
    const skips = readiness === "builtIn" || skipsReadiness;
    // A Namespace is gone only when all that it holds is.
    const inBackground = readiness === "" && !isA(object, "Namespace");
    return withAnnotations(object, {
      ...(skips && { [SKIP_AWAIT]: "true" }),
      ...(inBackground && { [DELETION]: "background" }),
    });
  }
  return withAnnotations(object, {
    ...(CONDITION.test(readiness) && { [WAIT]: readiness }),
    ...(isA(object, "Job") && { [REPLACE_UNREADY]: "true", [DELETION]: "background" }),
  });
}

export function withAnnotations(object: KubernetesObject, added: Record<string, string>): KubernetesObject {
  if (Object.keys(added).length === 0) return object;
  const { annotations, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, ...added } } };
}

/** Scheduling, pulling a large image and mounting volumes, before the first probe counts. */
const BEFORE_PROBES_SECONDS = 600;
/** For an object to go once it may. */
const DELETE_SECONDS = 60;
/** For the pods that use a claim to end: until then it does not go. */
const RELEASE_SECONDS = 1200;
/** Kubernetes' defaults. */
const PERIOD_SECONDS = 10;
const FAILURE_THRESHOLD = 3;
const GRACE_SECONDS = 30;

/**
 * How long an object may take. A workload: what its start-up probes allow (the presets size them by the model), or a Job's own
 * deadline, after ten minutes for what comes before; and to go, what its pods are given to end.
 */
export function timeoutsOf(object: KubernetesObject, awaited: boolean): pulumi.CustomTimeouts {
  const specs = podSpecsOf(object);
  const grace = specs.map(({ terminationGracePeriodSeconds = GRACE_SECONDS }) => terminationGracePeriodSeconds);
  const create = minutes(BEFORE_PROBES_SECONDS + Math.max(deadlineOf(object), ...specs.flatMap(probeBudgets)));
  const released = isA(object, "PersistentVolumeClaim") ? RELEASE_SECONDS : 0;
  return {
    ...(awaited && { create, update: create }),
    delete: minutes(DELETE_SECONDS + Math.max(released, ...grace)),
  };
}

function deadlineOf(object: KubernetesObject): number {
  const { activeDeadlineSeconds = 0 } = (object.spec ?? {}) as { activeDeadlineSeconds?: number };
  return isA(object, "Job") ? activeDeadlineSeconds : 0;
}

function minutes(seconds: number): string {
  return `${Math.ceil(seconds / 60)}m`;
}

function probeBudgets(spec: PodSpec): number[] {
  return (spec.containers ?? []).map(({ startupProbe, readinessProbe }: Container) => {
    const probe = startupProbe ?? readinessProbe;
    if (probe === undefined) return 0;
    const { initialDelaySeconds = 0, periodSeconds = PERIOD_SECONDS, failureThreshold = FAILURE_THRESHOLD } = probe;
    return initialDelaySeconds + periodSeconds * failureThreshold;
  });
}
