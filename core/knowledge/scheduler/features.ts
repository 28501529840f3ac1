/**
 * The releases of llm-d's scheduler from which on a feature exists: a stage compares the release in the scheduler's
 * annotation. Source: scheduler.go of KServe v0.21 and the release notes of llm-d-inference-scheduler and llm-d-router.
 */
export const SCHEDULER_SINCE = {
  /** A pod without a release counts as older than all of them. */
  unnamed: "0.0.0",
  /** The first release to which the migrations apply, and which no longer has the flags of metrics. */
  migrated: "0.7.0",
  /** Requests can wait while there is no engine; built on Gateway API Inference Extension v1.4. */
  holdsRequests: "0.7.0",
  /** The extractor of metrics has another name. */
  renamedExtractor: "0.8.0",
  /**
   * llm-d's own API of the configuration, the scorer of precise prefixes in several plugins, and a tokenizer only if it
   * is called.
   */
  ownApi: "0.9.0",
  /** The older API of the configuration is deprecated. */
  deprecatesOldApi: "0.10.0",
  /** A plugin keeps a request to prefill and decode pods of one revision. */
  pairsRevisions: "0.10.0",
  /** A plugin has the address of engines' metrics; the flags for it are gone. */
  metricsPlugin: "0.10.0",
  /** Plugins and fields that were deprecated in 0.9 are gone. */
  dropsDeprecated: "0.11.0",
} as const;
