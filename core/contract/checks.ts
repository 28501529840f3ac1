import type { Issue, IssueCode } from "./issue.ts";

export type CheckSeverity = Issue["severity"] | "off";

/** Each code of the checks with its default severity. `off`: informative only; many correct services trigger it. */
export const CHECK_SEVERITIES = {
  UnknownFlag: "error",
  RemovedFlag: "error",
  FlagTooNew: "error",
  InvalidFlagValue: "error",
  UnknownEngineVersion: "warning",
  UnreadVariable: "warning",
  GpuShape: "error",
  NoAccelerator: "warning",
  ModelShape: "error",
  MemoryFit: "error",
  ContextTooLong: "error",
  UnknownModel: "off",
  RolesDisagree: "error",
  WrongPort: "error",
  RoutingContract: "error",
  SharedMemory: "error",
  StartupBudget: "warning",
  GracePeriod: "warning",
  RolloutSurge: "warning",
  CompileCache: "error",
  UnusedField: "warning",
  MissingApi: "error",
  MissingObject: "warning",
  NoMatchingNode: "error",
  NoRoom: "error",
  ClusterUnreadable: "warning",
} as const satisfies Partial<Record<IssueCode, CheckSeverity>>;

/** The codes whose severity a stack may set. */
export const CHECK_CODES = Object.keys(CHECK_SEVERITIES) as (keyof typeof CHECK_SEVERITIES)[];
