import { isObject } from "../json.ts";
import type { Container, PodSpec } from "../objects.ts";

/** What Kubernetes gives a pod that sets nothing. */
const DEFAULT_GRACE_SECONDS = 30;

/** Seconds from the request to end a pod to the end of its processes; the preStop hook's time is part of them. */
export function graceSeconds({ terminationGracePeriodSeconds }: PodSpec): number {
  return terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
}

/** Seconds that a preStop hook waits; undefined where there is none, or where it does something else. */
export function preStopSeconds({ lifecycle }: Container): number | undefined {
  const { preStop } = lifecycle ?? {};
  const slept: unknown = isObject(preStop) && isObject(preStop["sleep"]) ? preStop["sleep"]["seconds"] : undefined;
  if (typeof slept === "number") return slept;
  const [, seconds] = /\bsleep (\d+)$/.exec((preStop?.exec?.command ?? []).join(" ")) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
