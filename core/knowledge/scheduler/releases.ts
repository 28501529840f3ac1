/**
 * From which release of llm-d's scheduler on something is so: a stage compares the release that the scheduler's annotation names.
 * Source: scheduler.go of KServe v0.20.0 and the release notes of llm-d-inference-scheduler and llm-d-router.
 */
export const SCHEDULER_SINCE = {
  /** A pod that names no release is older than all. */
  unnamed: "0.0.0",
  /** Requests can wait while there is no engine; built on Gateway API Inference Extension v1.4. */
  holdsRequests: "0.7.0",
} as const;
