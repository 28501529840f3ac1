import { isScalar } from "yaml";
import type { PathStep } from "../../../core/kubernetes/json.ts";
import { documentsOf, nodeAt } from "./parsed.ts";

/**
 * The text of a switch or a fraction as a document writes it, by its place. Undefined for other values, and for words
 * such as `yes`, which readers of YAML 1.2 take for a text already.
 */
export function writtenTexts(text: string, index: number): (at: readonly PathStep[]) => string | undefined {
  const document = documentsOf(text)[index];
  return (at) => {
    const node = document && nodeAt(document, at)?.node;
    const written = isScalar(node) && node.type === "PLAIN" ? node.source : undefined;
    return written !== undefined && SAME_FOR_ALL.test(written) ? written : undefined;
  };
}

const SAME_FOR_ALL = /^(?:true|false|-?\d{1,15}\.\d{1,15})$/;
