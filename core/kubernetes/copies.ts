import { asText } from "./json.ts";

/** Copies of the whole object that tools keep beside it: of a Secret they hold its values. */
const COPIES: readonly string[] = ["kubectl.kubernetes.io/last-applied-configuration"];

/** Longer annotations of a Secret may be a copy of it, and so may those that hold JSON. */
const PLAIN_ANNOTATION = /^[^{}[\]]{0,100}$/;

/** Annotations that are no copy of their object. */
export function withoutCopies(annotations: Readonly<Record<string, string>> = {}): [name: string, value: string][] {
  return Object.entries(annotations).filter(([name]) => !COPIES.includes(name));
}

/** Whether an annotation of a Secret is short and plain enough to be no copy of its values. */
export function isPlainAnnotation(value: unknown): boolean {
  return PLAIN_ANNOTATION.test(asText(value));
}
