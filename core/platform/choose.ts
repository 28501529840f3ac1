import { type Issue, isFine } from "../contract/issue.ts";
import { nearest } from "../kubernetes/nearest.ts";
import { type Bundle, configsOf, digestOf } from "./bundle.ts";

/** What a service says of the platform it stands on. */
export interface Pin {
  /** Name of the release. */
  release?: string;
  /** Digest that the release must have. */
  digest?: string;
}
/** A platform's own bundle, or its releases by name. */
export type PlatformOutputs = Bundle | Readonly<Record<string, Bundle>>;

/** The bundle that a service is merged with, and whether it is the one that was pinned. */
export function chooseBundle(platform: PlatformOutputs | undefined, pin: Pin): { bundle?: Bundle; issues: Issue[] } {
  if (platform === undefined) {
    const unpinned = pin.release === undefined && pin.digest === undefined;
    return { issues: unpinned ? [] : [withoutPlatform()] };
  }
  const found = find(platform, pin);
  if (found.bundle === undefined) return found;
  const issues = [...checkPin(found.bundle, pin), ...checkContent(found.bundle)];
  return isFine(issues) ? { bundle: found.bundle, issues } : { issues };
}

function find(platform: PlatformOutputs, { release }: Pin): { bundle?: Bundle; issues: Issue[] } {
  if (isBundle(platform)) {
    if (release === undefined || release === platform.release) return { bundle: platform, issues: [] };
    return { issues: [notThere(release, platform.release === "" ? [] : [platform.release])] };
  }
  const names = Object.keys(platform);
  if (release === undefined) return { issues: [unnamed(names)] };
  const bundle = platform[release];
  return bundle === undefined ? { issues: [notThere(release, names)] } : { bundle, issues: [] };
}

export function isBundle(value: PlatformOutputs): value is Bundle {
  return typeof (value as Bundle).presetVersion === "string" && typeof (value as Bundle).digest === "string";
}

function checkPin({ release, digest }: Bundle, pin: Pin): Issue[] {
  if (pin.digest === undefined || pin.digest === digest || !isDigest(digest)) return [];
  const name = release === "" ? "the platform's bundle" : `release ${release}`;
  return [
    issue(
      "DigestMismatch",
      "digest",
      `${name} has the digest ${digest}, and ${pin.digest} is pinned`,
      "look at the changes with `kserve-llm diff`, then pin the digest that you mean",
    ),
  ];
}

/** That this package makes of the bundle what the platform's did; not so where the two have other presets of one version. */
function checkContent(bundle: Bundle): Issue[] {
  if (!isDigest(bundle.digest)) return [];
  const { configs, issues } = configsOf(bundle);
  if (!isFine(issues)) return issues;
  const digest = digestOf(bundle, configs);
  if (digest === bundle.digest) return [];
  return [
    issue(
      "DigestMismatch",
      "platform",
      `the platform computed the digest ${bundle.digest} for what is ${digest} here`,
      "use the same release of this package in both stacks, or deploy the platform again",
    ),
  ];
}

/** In a preview the digest of a bundle with eventual values is not known yet. */
function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

function notThere(release: string, names: readonly string[]): Issue {
  const near = nearest(release, names);
  const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  return issue(
    "ReleaseNotFound",
    "release",
    `the platform has no release ${JSON.stringify(release)}: ${known}`,
    near === undefined ? "pin a release that it has" : `did you mean ${near}?`,
  );
}

function unnamed(names: readonly string[]): Issue {
  return issue(
    "MissingField",
    "release",
    "the platform has several releases, and none is named",
    `set release to ${names.join(" or ")}`,
  );
}

function withoutPlatform(): Issue {
  return issue(
    "MissingField",
    "platform",
    "a release is pinned, but there is no platform to take it from",
    "pass the platform's releases",
  );
}

function issue(code: Issue["code"], path: string, message: string, fix: string): Issue {
  return { code, severity: "error", path, layer: "service", message, fix };
}
