import type { Issue } from "../contract/issues/issue.ts";
import { entryOf } from "../kubernetes/table.ts";
import type { Bundle } from "./bundle.ts";

export type Releases = Readonly<Record<string, Bundle>>;

/** What uses a release: a stack, or a service of it. */
export interface KnownPin {
  release: string;
  by: string;
}

/**
 * The changes that a platform may not make to published releases: change their content, or remove a pinned one. A
 * release that is not known to be pinned may be removed.
 */
export function checkHistory(before: Releases, now: Releases, pins: readonly KnownPin[]): Issue[] {
  return Object.entries(before).flatMap(([name, published]): Issue[] => {
    const current = entryOf(now, name);
    if (current === undefined) return dropped(name, pins);
    return current.digest === published.digest ? [] : [changed(name, published, current)];
  });
}

function dropped(name: string, pins: readonly KnownPin[]): Issue[] {
  const holders = pins.filter(({ release }) => release === name).map(({ by }) => by);
  if (holders.length === 0) return [];
  return [
    {
      code: "ReleasePinned",
      severity: "error",
      path: `releases.${name}`,
      layer: "platform",
      message: `release ${name} is removed, but ${holders.join(", ")} still ${holders.length === 1 ? "pins" : "pin"} it`,
      fix: "keep the release until these stacks pin another one",
    },
  ];
}

function changed(name: string, published: Bundle, current: Bundle): Issue {
  return {
    code: "ReleaseChanged",
    severity: "error",
    path: `releases.${name}`,
    layer: "platform",
    message: `release ${name} was published with the digest ${published.digest}, but would now have the digest ${current.digest}`,
    fix: "publish the new content under a new release name: a published release never changes",
  };
}
