import { objectsOf, valueAt } from "../json.ts";
import type { PodSpec } from "../objects.ts";

/** An image that a pod runs or mounts. */
export interface PodImage {
  /** Its path: `containers[0].image`, or `volumes[1].image.reference`. */
  path: string;
  image: string;
}

/** The images of a pod: of its containers, and of its volumes (Kubernetes 1.31 and later). */
export function imagesOf({ containers, initContainers, volumes }: PodSpec): PodImage[] {
  const of = (list: string, all: unknown, ...at: [string, ...string[]]): PodImage[] =>
    objectsOf(all).flatMap((one, index) => {
      const image = valueAt(one, at);
      return typeof image === "string" && image !== "" ? [{ path: `${list}[${index}].${at.join(".")}`, image }] : [];
    });
  return [
    ...of("initContainers", initContainers, "image"),
    ...of("containers", containers, "image"),
    ...of("volumes", volumes, "image", "reference"),
  ];
}

/** Whether an image is identified by a digest of its content. */
export function hasDigest(image: string): boolean {
  return image.includes("@sha256:") || image.includes("@sha512:");
}

/** The tag of an image; undefined without one, which container runtimes read as `latest`. */
export function tagOf(image: string): string | undefined {
  const [name = ""] = image.split("@");
  const last = name.slice(name.lastIndexOf("/") + 1);
  return last.includes(":") ? last.slice(last.indexOf(":") + 1) : undefined;
}
