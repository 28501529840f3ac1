import type { Issue } from "../../contract/issues/issue.ts";

/** The result of reading a part of a document, and its problems. */
export interface Reading<T> {
  value: T;
  issues: readonly Issue[];
}

/** The path of a workload, the service's own or `prefill`, in the document of a layer. */
export interface Place {
  path: readonly string[];
  layer: string;
}
