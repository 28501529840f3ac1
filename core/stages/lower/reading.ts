import type { Issue } from "../../contract/issues/issue.ts";

/** What a part of a document amounts to, and what is wrong with it. */
export interface Reading<T> {
  value: T;
  issues: readonly Issue[];
}

/** Where a workload, the service's own or `prefill`, stands in the document of a layer. */
export interface Place {
  path: readonly string[];
  layer: string;
}
