import { isObject } from "../json.ts";
import type { Container, PodSpec } from "../objects.ts";

/** Kubernetes' defaults for a pod. */
const DEFAULT_GRACE_SECONDS = 30;

/** Seconds from the request to delete a pod to the end of its processes; they include the preStop hook's time. */
export function graceSeconds({ terminationGracePeriodSeconds }: PodSpec): number {
  return terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
}

/** Seconds that a preStop hook sleeps; undefined without a hook, or if it does something else. */
export function preStopSeconds({ lifecycle }: Container): number | undefined {
  const { preStop } = lifecycle ?? {};
  const slept: unknown = isObject(preStop) && isObject(preStop["sleep"]) ? preStop["sleep"]["seconds"] : undefined;
  if (typeof slept === "number") return slept;
  const [, seconds] = /\bsleep (\d+)$/.exec((preStop?.exec?.command ?? []).join(" ")) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
