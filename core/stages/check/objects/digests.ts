import type { Settings } from "../../../contract/options/settings.ts";
import type { JsonObject } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { withRoles } from "../../../kubernetes/workloads/disaggregatedset.ts";
import { hasDigest, imagesOf } from "../../../kubernetes/workloads/image.ts";
import type { CheckFinding } from "../check.ts";
import { foundInPods } from "./objects.ts";
import type { Written } from "./places.ts";
import { isUnknown, type Refusal } from "./rule.ts";

/**
 * Every image of the finished objects that has only a tag although the settings require digests, including those of
 * presets, of the storage initializer and of the model. The registry can move a tag to another image; a digest
 * identifies the image.
 */
export function judgeDigests(
  objects: readonly KubernetesObject[],
  written: Written,
  { requireDigests = false, storageInitializer }: Settings,
): CheckFinding[] {
  if (!requireDigests) return [];
  return withRoles(objects).flatMap((object) =>
    foundInPods(object, written, withoutDigest).map(({ image, ...refusal }): CheckFinding => {
      // The pods of every service have this image, and it is written in the settings.
      const isOfSettings = refusal.path === "" && image === storageInitializer.image;
      const where = isOfSettings ? SETTINGS : { layer: "merged" };
      return { ...refusal, ...(isOfSettings && { message: problemOf(image) }), ...where };
    }),
  );
}

const SETTINGS = { path: "settings.storageInitializer.image", layer: "settings" };

interface Named extends Refusal {
  image: string;
}

function withoutDigest(pod: JsonObject, path: string): Named[] {
  return imagesOf(pod).flatMap((found): Named[] => {
    const { image } = found;
    if (hasDigest(image) || isUnknown(image)) return [];
    const fix = "add @sha256: and the digest of the image";
    return [{ code: "NoDigest", path: `${path}.${found.path}`, message: problemOf(image), fix, image }];
  });
}

function problemOf(image: string): string {
  return `the image ${JSON.stringify(image)} has no digest, and the setting requireDigests is true`;
}
