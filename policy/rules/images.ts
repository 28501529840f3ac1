import { hasDigest, imagesOf, tagOf } from "../../core/kubernetes/workloads/image.ts";
import { rule } from "../rule.ts";
import { podsIn, violates } from "./pods.ts";

export const IMAGES_RULE = rule({
  name: "images-pinned",
  description: "Images have a digest, or a tag other than latest.",
  level: "mandatory",
  scope: "resource",
  fields: {
    requireDigests: { type: "boolean", description: "Whether every image must have a digest.", default: false },
  },
  judge: (resources, { requireDigests }) =>
    podsIn(resources).flatMap((pods) =>
      imagesOf(pods.spec).flatMap(({ path, image }) => {
        const problem = problemOf(image, requireDigests);
        return problem === undefined ? [] : [violates(pods, `${path} ${problem}`)];
      }),
    ),
});

/** The image is not shown: the engine passes secrets to policies in plain text, and an image may contain one. */
function problemOf(image: string, requireDigests: boolean): string | undefined {
  if (hasDigest(image)) return undefined;
  if (requireDigests) return "has no digest; add @sha256: and the digest of the image";
  const tag = tagOf(image);
  if (tag === undefined) return "has no tag, so it means the tag latest; set the tag of a release, or a digest";
  return tag === "latest"
    ? "has the tag latest, whose image may change at any time; set the tag of a release, or a digest"
    : undefined;
}
