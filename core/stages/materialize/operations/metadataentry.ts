import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { OperatedContext } from "../context.ts";
import { refusal } from "../issues.ts";

/** What other controllers read of an object: its labels or its annotations. */
type Part = "labels" | "annotations";

/**
 * The object with a label or an annotation that a switch sets. A service's own labels and annotations may be copied to
 * its objects too, so if one of them has another value the two must be made to agree.
 */
export function withMetadataEntry(
  object: KubernetesObject,
  part: Part,
  entry: { key: string; value: string; path: string },
  { report }: OperatedContext,
): KubernetesObject {
  const { key, value, path } = entry;
  const { [part]: before } = object.metadata;
  const carried = entryOf(before, key);
  if (carried !== undefined && carried !== value) {
    const message = `the field is ${value}, but the ${part.slice(0, -1)} ${key} of the service sets ${carried}`;
    report(refusal("Conflict", path, message, `remove the field, or ${key} from the ${part} of the service`));
  }
  return { ...object, metadata: { ...object.metadata, [part]: { ...before, [key]: value } } };
}
