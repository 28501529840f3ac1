import type { Issue } from "../../contract/issues/issue.ts";
import type { Provenance } from "../../contract/layer.ts";
import { SHORTHANDS, type WrittenSettings } from "../../contract/lowering.ts";
import type { EngineKind } from "../../knowledge/engine/engines.ts";

/**
 * The path of an engine's container, as provenance writes it (`template.containers[name=main]`), and where its issues
 * go.
 */
export interface DerivePlace {
  path: string;
  /** The engine of the service, whose flags are derived. */
  engine: EngineKind;
  /** The release that the option `engineVersion` gives. */
  engineVersion?: string | undefined;
  provenance: Provenance;
  /** Where the layers write the settings of `tuning`. */
  written?: WrittenSettings | undefined;
  report(issue: Issue): void;
}

/** Whether a user wrote it, and not a preset or a shorthand. */
export function isUsers(provenance: Provenance, path: string): boolean {
  const layer = provenance.get(path)?.layer;
  return layer !== undefined && !layer.startsWith("preset ") && layer !== SHORTHANDS;
}
