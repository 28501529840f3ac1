/**
 * What the plan has to say about its input. Errors are values: every stage returns its issues and the pipeline reports
 * all of them at once.
 */
export interface Issue {
  /** Stable, documented; see {@link ISSUE_CODES}. */
  code: IssueCode;
  severity: "error" | "warning";
  /** Field path as Kubernetes writes it, e.g. `spec.template.containers[0].resources.limits`. "" for the whole input. */
  path: string;
  /** Where the value came from: `service`, `config NAMESPACE/NAME`, `preset NAME`, `settings`, `platform`. */
  layer: string;
  /** What is wrong, with the value that is wrong (never a secret's). */
  message: string;
  /** What to do about it. */
  fix?: string;
}

/** What is wrong at a place of a document; whoever judged it adds which document, and how bad it is. */
export type Finding = Pick<Issue, "code" | "path" | "message" | "fix">;

/** The closed set of codes. A code never changes its meaning. */
export const ISSUE_CODES = {
  UnreadableInput: "the document is not an LLMInferenceService or LLMInferenceServiceConfig",
  UnknownField: "a field that the API does not have",
  WrongType: "a value of another type than the field's",
  MissingField: "a required field is not set",
  InvalidValue: "a value outside of what the field allows",
  Conflict: "two fields that exclude each other, or must agree and do not",
  Immutable: "a field that cannot change after creation",
  ConfigNotFound: "a config that is named exists neither in the service's nor in the system namespace",
  NotFound: "an object that is referred to does not exist",
  ReleaseNotFound: "a release, or a version of the presets, that is not there",
  ReleaseChanged: "a published release whose content would change",
  ReleasePinned: "a release that would go while services pin it",
  DigestMismatch: "a bundle is not the one that was pinned",
  MergeFailed: "two layers cannot be merged",
  TemplateSyntax: "a template cannot be parsed, or uses what is not supported",
  TemplateValue: "a template reads a value that is not there",
  UnknownAccelerator: "an accelerator that the catalogue does not have",
  NoNodeLabel: "an accelerator that nothing tells nodes by where the service runs",
  UnknownFlag: "a flag that the engine does not have in any release",
  RemovedFlag: "a flag that the engine's release has no more",
  FlagTooNew: "a flag that came with a later release of the engine",
  InvalidFlagValue: "a flag of the engine with a value that it does not take",
  UnknownEngineVersion: "nothing tells which release of the engine runs, so its flags are not checked",
  GpuShape: "parallelism that the accelerators of a pod or node cannot carry",
  NoAccelerator: "an engine's pod that asks for no accelerator, though its ranks or the other pods need them",
  ModelShape: "parallelism that does not divide the model",
  MemoryFit: "a model that does not fit into the memory of its accelerators",
  ContextTooLong: "a context longer than the model was made for",
  UnknownModel: "nothing tells the size of the model, so that it fits is not checked",
  RolesDisagree: "prefill and decode that cannot hand KV cache to each other",
  WrongPort: "requests or probes that go to a port on which nothing listens",
  RoutingContract: "a route, pool, scheduler or Service that does not lead to the pods of the service",
  SharedMemory: "ranks in a pod without the shared memory that they need",
  StartupBudget: "a startup probe that gives up before the weights are read",
  RolloutSurge: "a rollout that needs more accelerators than are free",
  CompileCache: "a compile cache that engines of this release cannot share",
  GracePeriod: "a pod that is killed before it has drained",
  UnknownValue: "a field that decides structure has no known value at preview",
  SecretName: "a name that comes from a secret, and is shown all the same",
  UnsupportedScheme: "a model URI of a scheme that cannot be served",
  SettingsInvalid: "the cluster-wide settings cannot be read",
  UnusedField: "a field that no object came to use",
  MissingApi: "an API that the objects need is not in the cluster that was looked at",
  MissingObject: "an object that the planned ones name and the cluster does not have",
  NoMatchingNode: "pods that no node of the cluster that was looked at may run",
  NoRoom: "pods for which the nodes that may run them have too little, or too little left",
  ClusterUnreadable: "a part of the cluster that could not be looked at",
} as const;
export type IssueCode = keyof typeof ISSUE_CODES;

/** One line for people: `error UnknownField spec.modle (service): … — fix: …`. */
export function formatIssue(issue: Issue): string {
  const where = issue.path === "" ? issue.layer : `${issue.path} (${issue.layer})`;
  const fix = issue.fix === undefined ? "" : ` — ${issue.fix}`;
  return `${issue.severity} ${issue.code} ${where}: ${issue.message}${fix}`;
}

/** True when nothing in the list stops the plan. */
export function isFine(issues: readonly Issue[]): boolean {
  return !issues.some((issue) => issue.severity === "error");
}

/** Each issue once, where it first stood: admission and merge may find the same. */
export function deduplicate(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  return issues.filter((issue) => {
    const line = formatIssue(issue);
    return !seen.has(line) && seen.add(line);
  });
}
