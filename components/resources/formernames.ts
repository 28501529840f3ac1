import * as pulumi from "@pulumi/pulumi";
import type { Planned } from "../inputs/restore.ts";

/**
 * Releases up to 0.1.0 made an Output of a name that came from another resource, such as `namespace: ns.metadata.name`, and an
 * Output in a text reads as this sentence of @pulumi/pulumi. So stacks hold resources of that name.
 */
function formerName(): string | undefined {
  try {
    return String(pulumi.output(""));
  } catch {
    // With PULUMI_ERROR_OUTPUT_STRING the library throws, as it did then: no resource has that name.
    return undefined;
  }
}

/**
 * Adds an alias to each object that may have been registered under that name. `mayBe` selects those objects. If the
 * service has several objects of a kind, none of them can have had that name, because the second would have had the URN
 * of the first.
 */
export function withFormerNames(objects: readonly Planned[], mayBe: (object: Planned) => boolean): Planned[] {
  const former = formerName();
  const kindOf = ({ planned: { apiVersion, kind } }: Planned): string => `${apiVersion}|${kind}`;
  const isOnly = (object: Planned): boolean => objects.filter((other) => kindOf(other) === kindOf(object)).length === 1;
  if (former === undefined) return [...objects];
  return objects.map((object) => (mayBe(object) && isOnly(object) ? { ...object, formerNames: [former] } : object));
}

/** An object without a namespace has that of its service in its name; a name may also come from a resource or secret itself. */
export function hadEventualName({ planned, isNameEventual }: Planned): boolean {
  return planned.metadata.namespace === undefined || isNameEventual === true;
}
