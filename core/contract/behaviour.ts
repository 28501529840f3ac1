import type { Dialect } from "../api/deviations.ts";
import { KINDS } from "./kinds.ts";

/**
 * Where the default behaviour and KServe's differ, as one table: a stage asks for the rule it needs, never for the mode.
 * The reasons stand in docs/kserve-differences.md.
 */
export interface Behaviour {
  /** How `args` of a later layer meet those of an earlier one. */
  args: "flags" | "replace";
  /** Whether zero values, false, "" and null of a later layer take effect. KServe's typed merge drops them. */
  zeroOverrides: boolean;
  /** Of fields that exclude each other (value and valueFrom, volume sources, replicas and scaling): the latest layer's, or all. */
  alternatives: "latest" | "all";
  /**
   * Which view chooses the presets: the merged one that is rendered, or KServe's, in which baseRefs override the
   * service.
   */
  topologyFrom: "merged" | "baseRefsOverService";
  /** Templates: leaf by leaf over the merged spec, or KServe's whole document over the unmerged one. */
  templates: "leaf" | "document";
  /**
   * Where the API's defaults are filled in, the model's name among them: in what is merged, so that only what a
   * document writes overrides another; or in each document before, as KServe merges what the API server has stored.
   * `name` is for a document that no CRD has judged.
   */
  apiDefaults: "merged" | "documents" | "name";
  /** Fields that the API does not have. */
  unknownFields: "error" | "warning";
  /** What the API server stores first: the document as it is written, or after a round trip through KServe's Go types. */
  admission: "asWritten" | "goTypes";
  /**
   * Which version of the API applies: its fields, and the rules of the CRDs, with those of KServe's that can never
   * hold.
   */
  dialect: Dialect;
  /**
   * What judges the merged spec: the schema and the rules, KServe's rules alone, everything that KServe's API server
   * requires of a service, or nothing.
   */
  mergedSpec: "whole" | "rules" | "dryRun" | "none";
  /** The severity of faults in the configs of a stopped service, for which no objects are made. */
  stoppedFaults: "error" | "warning";
  /** Whether the number of pods of a group may change: by a replacement that the plan shows, or not at all. */
  groupSize: "replaced" | "immutable";
  /** Whether `accelerator` and `tuning` are read, and flags and GPU counts follow from parallelism. */
  shorthands: boolean;
  /** Whether the checks of docs/checks.md run: the engine's flags, the model's size and the like. */
  checks: boolean;
  /** What `parallelism.data` means without `worker`: copies of the pod, or nothing (KServe). */
  dataParallelCopies: boolean;
  /**
   * Whether the pods of a group follow from the devices of a pod where tensor parallelism spreads over several, or from `data`, `dataLocal`
   * and `pipeline` alone (KServe).
   */
  tensorOverPods: boolean;
  /** A workload's selector: fixed identity labels, or every pod label (KServe). */
  selector: "identity" | "podLabels";
  /** The Secret with the self-signed certificate: only with TLS, or always (KServe). */
  certificate: "withTls" | "always";
  /** The API versions in which the InferencePool is made; the route points at the first. */
  inferencePools: readonly string[];
  /**
   * Members of a routing group: as they are given (the service itself as merged, and all known services), or as the
   * API server records them (KServe: the service itself without its configs, and services whose status reports that
   * they run).
   */
  routingGroup: "given" | "recorded";
  /**
   * The number of replicas that percentages of a rollout refer to when they are judged: a number large enough that no
   * share rounds to zero, or one (KServe).
   */
  rolloutUnits: 1 | 100;
  /** Members of a routing group that are stopped: without weight, or left out. */
  stoppedMembers: "weightless" | "leftOut";
  /**
   * Whether a service that runs already, where its objects are known, keeps its scheduler's configuration and its
   * route's pool (KServe).
   */
  history: "ignored" | "kept";
  /**
   * What marks a service as cached by KServe's LocalModel: the labels that are written and the caches that are known,
   * or its webhook alone.
   */
  localModelMarks: "written" | "webhook";
  /**
   * Whether objects are made that KServe makes although nothing uses them (single-node RBAC of a multi-node decode …).
   */
  leftovers: boolean;
  /** Schemes of models that the storage initializer downloads; it supports more than KServe's controller accepts. */
  downloads: readonly string[];
  /** Whether a Secret with a token of ModelScope is one that the storage initializer reads. */
  modelScopeTokens: "read" | "passedOver";
  /**
   * How the variant autoscaler finds a workload: by separate objects, by annotations of the actuator, or as the release
   * of the stack requires.
   */
  variants: "objects" | "annotations" | "asStack";
  /**
   * Where the tokenizer of the scheduler runs: in the scheduler's pod, as a separate service, or as one only if there
   * is a preset for it.
   */
  tokenizer: "beside" | "service" | "asPresets";
  /**
   * Where the configuration of the scheduler is read when presets are chosen: only in its own field, or also in the
   * template's arguments.
   */
  schedulerConfigIn: "inline" | "inlineOrArgs";
  /** The API of the scheduler's configuration: of the Gateway API's extension, llm-d's own, or that once the older one is deprecated. */
  schedulerApi: "gateway" | "llm-d" | "asRelease";
  /**
   * How the scheduler gets the address of engines' metrics: by flags, or by a plugin once its release has no flags for
   * it.
   */
  metricsSource: "flags" | "plugin";
  /**
   * How the configuration of an older scheduler is converted to the form of a newer one: completely, or with the parts
   * that KServe loses or duplicates.
   */
  schedulerMigrations: "whole" | "asKServe";
  /**
   * How an engine gets its LoRA adapters: after its flags, as its command requires, or before them all and quoted for a
   * shell.
   */
  adapterArgs: "asCommand" | "quotedFirst";
  /**
   * How flags are found that the engine's container sets itself: in any form that the engine's parser reads, or by their
   * text.
   */
  writtenFlags: "anyForm" | "asText";
  /** Where an engine finds its downloads: each at its own path, or all below one read-only mount. */
  downloadMounts: "each" | "commonParent";
  /** Whether the storage initializer runs with the same restrictions as engines: non-root, and without capabilities. */
  initializerSecurity: "hardened" | "unset";
  /** What traces call an engine that does both prefill and decode. */
  undividedRole: "unnamed" | "decode";
  /**
   * How objects are treated that a service names and the plan does not know: a plan may know less than KServe, which
   * reads the cluster.
   */
  unknownReferences: "warning" | "error";
  /** Whether to report pods without the container that the annotations of managed devices name. KServe does not. */
  unclaimedDevices: "reported" | "ignored";
}

export type Compat = "kserve-0.20" | "kserve-0.21";

export const OWN: Behaviour = {
  args: "flags",
  zeroOverrides: true,
  alternatives: "latest",
  topologyFrom: "merged",
  templates: "leaf",
  apiDefaults: "merged",
  unknownFields: "error",
  admission: "asWritten",
  dialect: "own",
  mergedSpec: "whole",
  stoppedFaults: "error",
  groupSize: "replaced",
  shorthands: true,
  checks: true,
  dataParallelCopies: true,
  tensorOverPods: true,
  selector: "identity",
  certificate: "withTls",
  inferencePools: [KINDS.InferencePool.apiVersion],
  routingGroup: "given",
  rolloutUnits: 100,
  stoppedMembers: "leftOut",
  history: "ignored",
  localModelMarks: "written",
  leftovers: false,
  downloads: ["hf", "s3", "gs", "modelscope", "oci+fetch"],
  modelScopeTokens: "read",
  variants: "asStack",
  tokenizer: "asPresets",
  schedulerConfigIn: "inlineOrArgs",
  schedulerApi: "asRelease",
  metricsSource: "plugin",
  schedulerMigrations: "whole",
  adapterArgs: "asCommand",
  writtenFlags: "anyForm",
  downloadMounts: "each",
  initializerSecurity: "hardened",
  undividedRole: "unnamed",
  unknownReferences: "warning",
  unclaimedDevices: "reported",
};

export const KSERVE_0_20: Behaviour = {
  args: "replace",
  zeroOverrides: false,
  alternatives: "all",
  topologyFrom: "baseRefsOverService",
  templates: "document",
  apiDefaults: "documents",
  unknownFields: "warning",
  admission: "goTypes",
  dialect: "kserve-0.20",
  mergedSpec: "rules",
  stoppedFaults: "error",
  groupSize: "immutable",
  shorthands: false,
  checks: false,
  dataParallelCopies: false,
  tensorOverPods: false,
  selector: "podLabels",
  certificate: "always",
  inferencePools: [KINDS.AlphaInferencePool.apiVersion, KINDS.InferencePool.apiVersion],
  routingGroup: "recorded",
  rolloutUnits: 1,
  stoppedMembers: "weightless",
  history: "kept",
  localModelMarks: "webhook",
  leftovers: true,
  downloads: ["hf", "s3"],
  modelScopeTokens: "passedOver",
  variants: "objects",
  tokenizer: "beside",
  schedulerConfigIn: "inline",
  schedulerApi: "gateway",
  metricsSource: "flags",
  schedulerMigrations: "asKServe",
  adapterArgs: "quotedFirst",
  writtenFlags: "asText",
  downloadMounts: "commonParent",
  initializerSecurity: "unset",
  undividedRole: "decode",
  unknownReferences: "error",
  unclaimedDevices: "ignored",
};

/** KServe v0.21, as far as it differs from v0.20. */
export const KSERVE_0_21: Behaviour = {
  ...KSERVE_0_20,
  dialect: "kserve-0.21",
  mergedSpec: "dryRun",
  stoppedFaults: "warning",
  stoppedMembers: "leftOut",
  modelScopeTokens: "read",
  variants: "annotations",
  tokenizer: "service",
  schedulerConfigIn: "inlineOrArgs",
  schedulerApi: "llm-d",
  metricsSource: "plugin",
};

/** The releases of KServe whose behaviour a plan can follow. */
export const COMPATS: Readonly<Record<Compat, Behaviour>> = { "kserve-0.20": KSERVE_0_20, "kserve-0.21": KSERVE_0_21 };

export function behaviourOf(compat: Compat | undefined): Behaviour {
  return compat === undefined ? OWN : COMPATS[compat];
}

/** Whether a variable that a container already has is added once more, as KServe does, instead of being left to the container. */
export function keepsBoth({ alternatives }: Pick<Behaviour, "alternatives">): boolean {
  return alternatives !== "latest";
}
