import type { Issue, IssueCode } from "../issues/issue.ts";

export type CheckSeverity = Issue["severity"] | "off";

/** Each code of the checks with its default severity. */
export const CHECK_SEVERITIES = {
  UnknownFlag: "error",
  RemovedFlag: "error",
  FlagTooNew: "error",
  InvalidFlagValue: "error",
  UnknownEngineVersion: "warning",
  UnreadVariable: "warning",
  PlainCredential: "warning",
  GpuShape: "error",
  NoAccelerator: "warning",
  UnsupportedAccelerator: "error",
  ModelShape: "error",
  MemoryFit: "error",
  ContextTooLong: "error",
  UnknownModel: "info",
  GatedModel: "info",
  RolesDisagree: "error",
  WrongPort: "error",
  TlsMismatch: "error",
  WrongVendor: "error",
  UnknownSchedulerFlag: "error",
  SchedulerConfig: "error",
  UnknownSchedulerVersion: "info",
  RoutingContract: "error",
  GroupsDisagree: "error",
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
  DriverTooOld: "warning",
  ClusterUnreadable: "warning",
} as const satisfies Partial<Record<IssueCode, CheckSeverity>>;

/** The codes whose severity a stack may set. */
export const CHECK_CODES = Object.keys(CHECK_SEVERITIES) as (keyof typeof CHECK_SEVERITIES)[];
