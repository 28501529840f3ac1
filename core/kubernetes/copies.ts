import { asText } from "./json.ts";

/** Copies of a whole object that tools write into its annotations: those of a Secret contain its values. */
const COPIES: readonly string[] = ["kubectl.kubernetes.io/last-applied-configuration"];

/** Longer annotations of a Secret may be a copy of it, and so may annotations that contain JSON. */
const PLAIN_ANNOTATION = /^[^{}[\]]{0,100}$/;

/** Annotations that are not a copy of their object. */
export function withoutCopies(annotations: Readonly<Record<string, string>> = {}): [name: string, value: string][] {
  return Object.entries(annotations).filter(([name]) => !COPIES.includes(name));
}

/** Whether an annotation of a Secret is too short and plain to be a copy of its values. */
export function isPlainAnnotation(value: unknown): boolean {
  return PLAIN_ANNOTATION.test(asText(value));
}
