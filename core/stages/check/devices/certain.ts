import { shapedAs } from "../../../knowledge/models/served.ts";
import type { CheckFinding, CheckSubject } from "../check.ts";

/**
 * Findings that follow from the shape of the model. They are warnings if the catalogue knows the model by its name only,
 * under which another publisher may have published another shape.
 */
export function asCertain(findings: readonly CheckFinding[], subject: CheckSubject): CheckFinding[] {
  const id = findings.length === 0 ? undefined : shapedAs(subject);
  if (id === undefined) return [...findings];
  return findings.map((finding) =>
    finding.severity === "info" || finding.code === "UnknownModel"
      ? finding
      : { ...finding, severity: "warning", message: `${finding.message} (if the model has the shape of ${id})` },
  );
}
