import type { Behaviour } from "../../contract/behaviour.ts";
import { inGroup } from "../../contract/grouped.ts";
import { type Issue, isFine } from "../../contract/issues/issue.ts";
import type { LoweredDocuments, LoweredService } from "../../contract/lowering.ts";
import { admitService, missingModel } from "./validate.ts";

/**
 * Judges the service and its replica groups before the plan: their shorthands and fields and, if they are refused, also
 * what no config could provide.
 */
export function admitDocuments(
  { service, groups, old }: LoweredDocuments,
  configs: readonly unknown[],
  behaviour: Behaviour,
): Issue[] {
  const issues = [
    ...admitOne(service, behaviour, old?.document),
    ...groups.flatMap(({ name, own }) => inGroup({ name, issues: admitOne(own, behaviour) })),
  ];
  return isFine(issues) ? issues : [...issues, ...missingModel(service.document, configs, issues)];
}

function admitOne({ opened, issues }: LoweredService, behaviour: Behaviour, old?: unknown): Issue[] {
  const { errors, warnings } = admitService(opened, behaviour, old);
  return [...issues, ...errors, ...warnings];
}
