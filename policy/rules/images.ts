import { hasDigest, imagesOf, tagOf } from "../../core/kubernetes/image.ts";
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
        return problem === undefined ? [] : [violates(pods, `${path} is ${JSON.stringify(image)}, ${problem}`)];
      }),
    ),
});

function problemOf(image: string, requireDigests: boolean): string | undefined {
  if (hasDigest(image)) return undefined;
  if (requireDigests) return "which has no digest; add @sha256: and the digest of the image";
  const tag = tagOf(image);
  if (tag === undefined) return "which has no tag, so it means latest; name a release or a digest";
  return tag === "latest" ? "whose tag may mean another image at any time; name a release or a digest" : undefined;
}
