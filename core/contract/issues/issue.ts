import type { Json } from "../../kubernetes/json.ts";

/**
 * What the plan reports about its input. Errors are values: every stage returns its issues and the pipeline reports all
 * of them at once.
 */
export interface Issue {
  /** Stable, documented; see {@link ISSUE_CODES}. */
  code: IssueCode;
  /** An info is not a fault: it names something that the plan does not know and therefore does not check. */
  severity: "error" | "warning" | "info";
  /** Field path as Kubernetes writes it, e.g. `spec.template.containers[0].resources.limits`. "" for the whole input. */
  path: string;
  /** Where the value came from: `service`, `config NAMESPACE/NAME`, `preset NAME`, `settings`, `platform`. */
  layer: string;
  /** What is wrong, with the value that is wrong (never a secret's). */
  message: string;
  /** What to do about it. */
  fix?: string;
  /** The fix as changes of the service that a program can make; all of them together resolve the issue. */
  fixes?: readonly Fix[];
}

/**
 * One change of a document. A step `[name=main]` of the path is the item of a list that has the name, `[0]` the item at an index,
 * and `args[--port]` the value of a flag of a command line.
 */
export interface Fix {
  /** The path from the root of the document, such as `spec.template.containers[name=main].args[--port]`. */
  path: string;
  /** The new value; without it, the current value is removed. */
  value?: Json;
}

/** A problem at a place of a document; the caller adds the document and the severity. */
export type Finding = Pick<Issue, "code" | "path" | "message" | "fix" | "fixes">;

/** The closed set of codes. A code never changes its meaning. */
export const ISSUE_CODES = {
  UnreadableInput: "The document is not an LLMInferenceService or LLMInferenceServiceConfig.",
  NotJudged: "The plan ended at so many errors that later stages did not judge the service.",
  UnknownField: "The API does not have the field.",
  WrongType: "The value does not have the type of the field.",
  MissingField: "A required field is not set.",
  InvalidValue: "The field does not allow the value.",
  Conflict: "Two fields exclude each other, or have values that do not agree.",
  Immutable: "The field cannot be changed after creation.",
  ConfigNotFound:
    "A config that the service names exists neither in the service's namespace nor in the system namespace.",
  NotFound: "An object that the service refers to does not exist.",
  ReleaseNotFound: "The platform release or the version of the presets does not exist.",
  ReleaseChanged: "The content of a published release would change.",
  ReleasePinned: "A release would be removed while services still pin it.",
  DigestMismatch: "The digest of the bundle differs from the pinned digest.",
  MergeFailed: "Two layers cannot be merged.",
  TemplateSyntax: "A template cannot be parsed, or uses an unsupported feature.",
  TemplateValue: "A template reads a value that is not set.",
  NoDigest: "An image has no digest, although the settings require one.",
  UnknownAccelerator: "The catalogue does not have the accelerator.",
  NoEngineImage: "The release of the stack has no engine image for the accelerator.",
  NoNodeLabel: "Under the `nodeLabels` of the platform, no node label identifies the accelerator.",
  UnknownFlag: "No release of vLLM has the flag.",
  RemovedFlag: "The release of vLLM no longer has the flag.",
  FlagTooNew: "The flag was added in a later release of vLLM.",
  InvalidFlagValue: "A flag of vLLM or of the scheduler does not accept the value.",
  UnknownEngineVersion: "The release of vLLM is unknown, so its flags are not checked.",
  UnreadVariable: "The release of vLLM does not read the environment variable.",
  PlainCredential: "A token or key is written as plain text instead of in a Secret.",
  GpuShape: "The accelerators of the pod or the node do not fit the parallelism.",
  NoAccelerator:
    "The pod of an engine requests no accelerator, although its ranks need accelerators, its author chose an image for GPUs, or other pods of the service request them.",
  UnsupportedAccelerator:
    "The accelerator does not support the format of the model, or the engine's image does not support the accelerator.",
  ModelShape: "The parallelism does not divide the model evenly.",
  MemoryFit: "The model does not fit into the memory of its accelerators.",
  ContextTooLong: "The context is longer than the model supports.",
  GatedModel: "The model is gated, and the service names no token for its download.",
  UnknownModel: "The catalogue does not have the model, so its memory and parallelism are not checked.",
  RolesDisagree: "Prefill and decode cannot exchange their KV cache.",
  WrongPort: "Requests or probes go to a port on which no container listens.",
  TlsMismatch: "One side of a connection uses TLS, and the other does not.",
  WrongVendor: "The image is built for the accelerators of another vendor.",
  UnknownSchedulerFlag: "The release of the scheduler does not have the flag.",
  SchedulerConfig: "The release of the scheduler does not accept its configuration.",
  UnknownSchedulerVersion:
    "The release of the scheduler is unknown, so its flags and configuration are compared with all known releases.",
  RoutingContract: "A route, pool, scheduler or Service does not lead to the pods of the service.",
  GroupsDisagree: "Requests go to the pods of all replica groups, but the groups answer differently.",
  SharedMemory: "The ranks of a pod lack the shared memory that they need.",
  StartupBudget: "The startup probe fails before the weights are loaded.",
  RolloutSurge: "A rollout needs more accelerators than are free.",
  CompileCache: "Engines of this release cannot share a compile cache.",
  GracePeriod: "The pod is killed before it has drained its requests.",
  UnknownValue: "The value of a field that decides which objects exist is unknown during preview.",
  SecretName: "A name depends on a secret value, but names cannot be hidden.",
  UnsupportedScheme: "The scheme of the model URI is not supported.",
  SettingsInvalid: "The cluster-wide settings cannot be read.",
  UnusedField: "The field has no effect on any object.",
  MissingApi: "The inspected cluster does not serve an API that the objects need.",
  MissingObject: "A planned object refers to an object that does not exist in the cluster.",
  NoMatchingNode: "No node of the inspected cluster can run the pods.",
  NoRoom: "The nodes that can run the pods have too few resources, or too few free resources.",
  DriverTooOld: "The driver of a node is older than the one that the engine's image needs.",
  ClusterUnreadable: "A part of the cluster could not be inspected.",
} as const;
export type IssueCode = keyof typeof ISSUE_CODES;

/** One line for people: `error UnknownField spec.modle (service): … — fix: …`. */
export function formatIssue(issue: Issue): string {
  const where = issue.path === "" ? issue.layer : `${issue.path} (${issue.layer})`;
  const fix = issue.fix === undefined ? "" : ` — ${issue.fix}`;
  return `${issue.severity} ${issue.code} ${where}: ${issue.message}${fix}`;
}

/** True if no issue in the list stops the plan. */
export function isFine(issues: readonly Issue[]): boolean {
  return !issues.some((issue) => issue.severity === "error");
}

/** Collects issues; each addition returns whether one of them stops the plan. */
export class Findings {
  readonly issues: Issue[];

  constructor(issues: readonly Issue[]) {
    this.issues = [...issues];
  }

  /** Added one by one: a call takes a limited number of arguments, and there may be more issues. */
  add(more: readonly Issue[]): void {
    for (const issue of more) this.issues.push(issue);
  }

  /** Adds issues; returns whether any issue so far is an error. */
  stopAt(more: readonly Issue[]): boolean {
    this.add(more);
    return !isFine(this.issues);
  }
}

/**
 * Removes duplicates and keeps the first: admission and merge may report the same issue. What a config only may cause is
 * a warning, which the error about the same value replaces.
 */
export function deduplicate(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  const errors = new Set(issues.filter((issue) => !isFine([issue])).map(formatIssue));
  return issues.filter((issue) => {
    const line = formatIssue(issue);
    const isLess = issue.severity === "warning" && errors.has(formatIssue({ ...issue, severity: "error" }));
    return !isLess && !seen.has(line) && seen.add(line);
  });
}

/** The same findings, with every error turned into a warning. */
export function asWarnings(issues: readonly Issue[]): Issue[] {
  return issues.map((issue): Issue => ({ ...issue, severity: "warning" }));
}
