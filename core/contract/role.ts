import type { WorkloadRole } from "./names.ts";

/** Where the workload of a role stands in the document of a service. */
export function roleAt(role: WorkloadRole): string {
  return role === "main" ? "spec" : "spec.prefill";
}

/** A field of the workload of a role, by its path inside of the spec. */
export function inRole(role: WorkloadRole, field: string): string {
  return role === "main" ? field : `prefill.${field}`;
}
