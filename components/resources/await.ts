import type * as pulumi from "@pulumi/pulumi";
import { isA, kindOf } from "../../core/contract/kinds.ts";
import type { Container, KubernetesObject, PodSpec } from "../../core/kubernetes/objects.ts";
import { podSpecsOf } from "../../core/kubernetes/workloads/workloads.ts";

const SKIP_AWAIT = "pulumi.com/skipAwait";
const WAIT = "pulumi.com/waitFor";
const DELETION = "pulumi.com/deletionPropagationPolicy";
/** A Job that failed stays failed; the next update creates it again. */
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
 * The object with the annotations that tell the kubernetes plugin what to wait for. An object without dependents is
 * deleted in the background, so that a destroy does not wait for each one; plugins up to 4.18 sometimes miss a deletion
 * and wait for it without end.
 */
export function annotate(object: KubernetesObject, awaited: boolean): KubernetesObject {
  const { readiness = "", skipsReadiness } = kindOf(object) ?? {};
  if (!awaited) {
    const skips = readiness === "builtIn" || skipsReadiness;
    // A Namespace is gone only when everything in it is gone.
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

/** Time for scheduling, pulling a large image and mounting volumes, before the first probe counts. */
const BEFORE_PROBES_SECONDS = 600;
/** Time for an object to go once nothing keeps it. */
const DELETE_SECONDS = 60;
/** Time for the pods that use a claim to end: until then the claim stays. */
const RELEASE_SECONDS = 1200;
/** Kubernetes' defaults. */
const PERIOD_SECONDS = 10;
const FAILURE_THRESHOLD = 3;
const GRACE_SECONDS = 30;

/**
 * How long an object may take. To come up: what the start-up probes of a workload allow (the presets size them by the
 * model), or the deadline of a Job, plus ten minutes for what comes first. To go: the termination grace period of its
 * pods.
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
