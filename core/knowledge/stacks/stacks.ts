import { API_VERSION, type LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Finding } from "../../contract/issues/issue.ts";
import { isObject } from "../../kubernetes/json.ts";
import { didYouMean } from "../../kubernetes/nearest.ts";
import { rememberingOf } from "../../kubernetes/remember.ts";
import { LLM_D_0_8 } from "./llm-d-0.8/release.ts";
import { LLM_D_0_9 } from "./llm-d-0.9/release.ts";
import { type DriverRequirement, PLATFORMS, type Stack } from "./stack.ts";

/**
 * Every release of the serving stack, oldest first: each has a folder, and a line here. A published release never
 * changes.
 */
export const STACKS: readonly Stack[] = [LLM_D_0_8, LLM_D_0_9];

/**
 * The release of platforms and services that name none. It is the one that was used before there was a choice: an
 * upgrade of this package must not replace pods.
 */
export const DEFAULT_STACK: Stack = LLM_D_0_8;

/** A release by its name; undefined if this package does not have it. */
export function stackNamed(name: string): Stack | undefined {
  return STACKS.find((stack) => stack.name === name);
}

/** The release of a plan; the default for a missing name, or for one that was refused already. */
export function stackOf(name: string | undefined): Stack {
  return (name === undefined ? undefined : stackNamed(name)) ?? DEFAULT_STACK;
}

/** The release whose presets have this version: bundles of older versions of this package name only that. */
export function stackOfPresets(presetVersion: string): Stack | undefined {
  return STACKS.find((stack) => stack.presetVersion === presetVersion);
}

/** The problem of a release's name. */
export function judgeStack(name: string | undefined): Finding[] {
  if (name === undefined || stackNamed(name) !== undefined) return [];
  const names = STACKS.map((stack) => stack.name);
  const listed = `use one of: ${names.join(", ")}`;
  const fix = [didYouMean(name, names), listed].filter((text) => text !== undefined).join(" ");
  return [
    { code: "ReleaseNotFound", path: "stack", message: `unknown release of the stack: ${JSON.stringify(name)}`, fix },
  ];
}

/**
 * The presets of a release as the configs that a platform installs, in a namespace; equal arguments give the same
 * objects.
 */
export function presets({
  namespace,
  stack = DEFAULT_STACK,
}: {
  namespace: string;
  stack?: Stack;
}): readonly LLMInferenceServiceConfig[] {
  const key = `${stack.name} ${namespace}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const configs = Object.entries(stack.presets()).map(([name, spec]) => ({
    apiVersion: API_VERSION,
    kind: "LLMInferenceServiceConfig" as const,
    metadata: { name, namespace },
    spec,
  }));
  if (made.size >= MOST_MADE) made.delete(made.keys().next().value as string);
  made.set(key, configs);
  return configs;
}

/**
 * Whether a config is a preset, unchanged, that joined its release after publication. The name of the release fixes
 * unchanged presets, so they stay out of the digests of bundles, and the digests that services pinned remain valid.
 */
export function joinedLater({ metadata: { name }, spec }: LLMInferenceServiceConfig, stack: Stack): boolean {
  return JOINED_LATER.test(name) && sorted(spec) === laterPresets(stack).get(name);
}
/** A value as a text that does not depend on the order of its fields. */
const sorted = rememberingOf((value: object): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1))) : item,
  ),
);
/** Made once per release: every service of a program compares the digest of its bundle. */
const laterPresets = rememberingOf((stack: Stack) => {
  const shipped = Object.entries(stack.presets()).filter(([name]) => JOINED_LATER.test(name));
  return new Map(shipped.map(([name, spec]) => [name, sorted(spec)]));
});
/** The presets of SGLang. */
const JOINED_LATER = /^kserve-config-sglang-/;

/** Presets are read for every plan; one that was read once is recognised by its identity. */
/** Each takes a third of a megabyte once plans use it. */
const MOST_MADE = 64;
const made = new Map<string, readonly LLMInferenceServiceConfig[]>();

/** What the nodes must have for an engine's image; undefined for an image that is in no release. */
export function driverOf(image: string): DriverRequirement | undefined {
  for (const { engines, drivers } of STACKS) {
    const platform = PLATFORMS.find((one) => {
      const { image: own, roles = {} } = engines[one] ?? {};
      return own === image || Object.values(roles).includes(image);
    });
    if (platform !== undefined) return drivers[platform];
  }
  return undefined;
}
