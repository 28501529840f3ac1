import { isNotYetKnown } from "../../../../contract/input/unknown.ts";
import { referenceProblem } from "../../../../kubernetes/imagereference.ts";
import type { Json } from "../../../../kubernetes/json.ts";
import { invalid, type Refusal, shown } from "../rule.ts";

/** What a program may still fill in before the objects are created: `PROJECT_ID`, `${TAG}`, `<registry>`. */
const PLACEHOLDER =
  /<\w[\w-]{0,60}>|\$[{(]?\w{1,60}[})]?|%\w{1,60}%|@[A-Z]{1,60}@|__\w{1,60}__|ko:\/\/|[A-Z]{1,30}_[A-Z]{1,30}/;

/** References of images that the API server stores, but no kubelet reads. `task` says what it does not do. */
export function judgeReference(image: Json | undefined, path: string, task: string): Refusal[] {
  // Spaces around an image, and an image that is not set, have their own findings.
  if (typeof image !== "string" || image === "" || image.trim() !== image || isNotYetKnown(image)) return [];
  const found = referenceProblem(image);
  if (found === undefined) return [];
  const [placeholder] = PLACEHOLDER.exec(image) ?? [];
  if (placeholder !== undefined) {
    const open = `the kubelet will not ${task}: the image ${shown(image)} holds the placeholder ${placeholder}`;
    return [{ ...invalid(path, open, `write the value in place of ${placeholder}`), severity: "warning" }];
  }
  const message = `the kubelet will not ${task}: ${shown(image)} is not the reference of an image: ${found.why}`;
  return [
    { ...invalid(path, message, found.fix), ...(found.right !== undefined && { right: { path, value: found.right } }) },
  ];
}
