import { type Issue, isFine } from "../contract/issues/issue.ts";
import { formatPath, isObject, type PathStep } from "../kubernetes/json.ts";
import { nearest } from "../kubernetes/nearest.ts";
import { entryOf } from "../kubernetes/table.ts";
import { type Bundle, configsOf, digestOf } from "./bundle.ts";
import { judgeOutputs } from "./outputs.ts";

/** The platform settings of a service. */
export interface Pin {
  /** Name of the release. */
  release?: string;
  /** Digest that the release must have. */
  digest?: string;
}
/** A platform's own bundle, or its releases by name. */
export type PlatformOutputs = Bundle | Readonly<Record<string, Bundle>>;

/** Whether the value at a path of the platform's outputs is not known yet; see {@link chooseBundle}. */
export type IsUnknown = (path: readonly PathStep[]) => boolean;
const ALL_KNOWN: IsUnknown = () => false;

/**
 * The bundle that a service is merged with, and whether it is the pinned one. A digest always has to match, whatever
 * its form: the comparison is only postponed if the caller knows that the value itself does not exist yet (`isUnknown`,
 * in a preview).
 */
export function chooseBundle(
  platform: PlatformOutputs | undefined,
  given: Pin | null = {},
  isUnknown: IsUnknown = ALL_KNOWN,
): { bundle?: Bundle; issues: Issue[] } {
  if (given !== null && !isObject(given)) return { issues: [notAName(given)] };
  const pin = given ?? {};
  if (platform === undefined) {
    const unpinned = pin.release === undefined && pin.digest === undefined;
    return { issues: unpinned ? [] : [withoutPlatform()] };
  }
  const { release } = pin;
  if (release !== undefined && typeof release !== "string") return { issues: [notAName(release)] };
  const unreadable = judgeOutputs(platform, release);
  if (unreadable.length > 0) return { issues: unreadable };
  const found = find(platform, pin);
  if ("issue" in found) return { issues: [found.issue] };
  const { bundle, path } = found;
  if (isUnknown([...path, "digest"])) return { bundle, issues: [] };
  const issues = [...checkPin(bundle, pin), ...checkContent(bundle)];
  return isFine(issues) ? { bundle, issues } : { issues };
}

/**
 * The problem of a platform without a value: an output that its stack does not have is undefined, and the service must
 * not be planned as if the program had set no platform.
 */
export function withoutValue(platform: unknown): Issue[] {
  if (platform !== null) return [];
  const message =
    "platform has no value: it comes from an output that does not exist or is empty, so the service would use the config defaults of this package instead";
  const fix =
    "pass the output `bundle` or `releases` of the platform's stack by its name, or remove platform to use the config defaults of this package";
  return [issue("WrongType", "platform", message, fix)];
}

type Found = { bundle: Bundle; path: readonly PathStep[] } | { issue: Issue };

function find(platform: PlatformOutputs, { release }: Pin): Found {
  if (!isObject(platform)) return { issue: notABundle(["platform"]) };
  if (isBundle(platform)) {
    if (release === undefined || release === platform.release) return { bundle: platform, path: [] };
    return { issue: notThere(release, platform.release === "" ? [] : [platform.release]) };
  }
  const releases: Readonly<Record<string, Bundle>> = platform;
  const names = Object.keys(releases);
  if (names.length === 0) return { issue: withoutReleases() };
  if (release === undefined) return { issue: unnamed(names) };
  const bundle = entryOf(releases, release);
  if (bundle === undefined) return { issue: notThere(release, names) };
  return isBundle(bundle) ? { bundle, path: [release] } : { issue: notABundle(["platform", release]) };
}

/** Distinguishes a bundle from releases by name, and from other values. Its digest is checked separately. */
export function isBundle(value: unknown): value is Bundle {
  return isObject(value) && typeof value["presetVersion"] === "string";
}

function checkPin(bundle: Bundle, pin: Pin): Issue[] {
  if (pin.digest === undefined || pin.digest === bundle.digest) return [];
  return [
    issue(
      "DigestMismatch",
      "digest",
      `${titleOf(bundle)} has ${digestText(bundle)}, but the digest ${pin.digest} is pinned`,
      "review the changes with `kserve-llm diff`, then pin the digest of the release that you want",
    ),
  ];
}

/**
 * Checks that this package and the platform's make the same content of the bundle; they do not if they have different
 * presets under one version.
 */
function checkContent(bundle: Bundle): Issue[] {
  const { configs, issues } = configsOf(bundle);
  if (!isFine(issues)) return issues;
  const digest = digestOf(bundle, configs);
  if (digest === bundle.digest) return [];
  return [
    issue(
      "DigestMismatch",
      "platform",
      `${titleOf(bundle)} has ${digestText(bundle)}, but its content has the digest ${digest}`,
      "read the platform's outputs from its stack again and pass them on unchanged; use the same release of this package in both stacks, or deploy the platform again",
    ),
  ];
}

function titleOf({ release }: Bundle): string {
  return release === "" ? "the platform's bundle" : `release ${release}`;
}

function digestText({ digest }: { digest?: unknown }): string {
  return digest === undefined
    ? "no digest"
    : `the digest ${typeof digest === "string" ? digest : JSON.stringify(digest)}`;
}

function notABundle(path: readonly PathStep[]): Issue {
  return issue(
    "WrongType",
    formatPath(path),
    "the value is neither the bundle of a platform nor a map of its releases",
    "pass the platform, or the output `bundle` or `releases` of its stack",
  );
}

function notAName(release: unknown): Issue {
  const message = `the release is ${JSON.stringify(release)}, but the name of a release is a text`;
  return issue("WrongType", "release", message, "write the name of a release");
}

function notThere(release: string, names: readonly string[]): Issue {
  const near = nearest(release, names);
  const known = names.length === 0 ? "it has no releases" : `it has ${names.join(", ")}`;
  return issue(
    "ReleaseNotFound",
    "release",
    `the platform has no release ${JSON.stringify(release)}: ${known}`,
    near === undefined ? "pin an existing release" : `did you mean ${near}?`,
  );
}

function withoutReleases(): Issue {
  return issue(
    "WrongType",
    "platform",
    "the platform is empty: it has neither a bundle nor releases",
    "pass the output `bundle`, or publish a release and pass the output `releases`",
  );
}

function unnamed(names: readonly string[]): Issue {
  return issue(
    "MissingField",
    "release",
    "the platform has several releases, but `release` is not set",
    `set release to ${names.join(" or ")}`,
  );
}

function withoutPlatform(): Issue {
  return issue(
    "MissingField",
    "platform",
    "a release or a digest is pinned, but no platform is given",
    "set platform to the bundle or the releases of the platform (--platform)",
  );
}

function issue(code: Issue["code"], path: string, message: string, fix: string): Issue {
  return { code, severity: "error", path, layer: "service", message, fix };
}
