import { KINDS } from "./kinds.ts";
/**
 * Where our own behaviour and KServe's differ, as one table: a stage asks for the rule it needs, never for the mode.
 * The reasons stand in docs/kserve-differences.md.
 */
export interface Behaviour {
  /** How `args` of a later layer meet those of an earlier one. */
  args: "flags" | "replace";
  /** Whether zero values, false, "" and null of a later layer take effect. KServe's typed merge drops them. */
  zeroOverrides: boolean;
  /** Of fields that exclude each other (value and valueFrom, volume sources, replicas and scaling): the latest layer's, or all. */
  alternatives: "latest" | "all";
  /** Which view chooses the presets: the merged one that is rendered, or KServe's, where baseRefs win over the service. */
  topologyFrom: "merged" | "baseRefsOverService";
  /** Templates: leaf by leaf over the merged spec, or KServe's whole document over the unmerged one. */
  templates: "leaf" | "document";
  /** Whether the CRD's defaults are filled in before the merge: the API server does so in what it stores. */
  schemaDefaults: boolean;
  /** Fields that the API does not have. */
  unknownFields: "error" | "warning";
  /** What the API server stores first: the document as it is written, or after a round trip through KServe's Go types. */
  admission: "asWritten" | "goTypes";
  /** Whether rules of KServe's CRD that can never hold (KEDA's `advanced`) are kept. */
  crdMistakes: boolean;
  /** Whether the number of pods of a group may change: by a replacement that the plan shows, or never. */
  groupSize: "replaced" | "immutable";
  /** Whether `accelerator` and `tuning` are read, and flags and GPU counts follow from parallelism. */
  conveniences: boolean;
  /** Whether the plan is held against the engine's flags, the model's size and the like: the gates of docs/checks.md. */
  checks: boolean;
  /** What `parallelism.data` means without `worker`: copies of the pod, or nothing (KServe). */
  dataParallelCopies: boolean;
  /** A workload's selector: fixed identity labels, or every pod label (KServe). */
  selector: "identity" | "podLabels";
  /** The Secret with the self-signed certificate: only with TLS, or always (KServe). */
  certificate: "withTls" | "always";
  /** The API versions in which the InferencePool is made; the route points at the first. */
  inferencePools: readonly string[];
  /**
   * Members of a routing group: as they are given (itself as merged, and all that are known), or as the API server records
   * them (KServe: itself without what configs say, and those whose status says that they run).
   */
  routingGroup: "given" | "recorded";
  /** Whether what runs of a service already, where it is known, keeps its scheduler's configuration and its route's pool (KServe). */
  history: "ignored" | "kept";
  /** Whether leftovers that KServe makes and nothing uses are made too (single-node RBAC of a multi-node decode …). */
  leftovers: boolean;
  /** Schemes of models that the storage initializer downloads; it knows more than KServe's controller lets through. */
  downloads: readonly string[];
  /** How an engine is given its LoRA adapters: behind its flags, as its command needs them, or quoted for a shell in front of all. */
  adapterArgs: "asCommand" | "quotedFirst";
  /** Where an engine finds what is downloaded for it: each at its own path, or all below one read-only mount. */
  downloadMounts: "each" | "commonParent";
  /** Whether the storage initializer runs as engines do: non-root, and without capabilities. */
  initializerSecurity: "hardened" | "unset";
  /** How traces call an engine that both prefills and decodes. */
  undividedRole: "unnamed" | "decode";
  /** Objects that a service names and the plan was not told of: a plan may know less than KServe, which reads the cluster. */
  unknownReferences: "warning" | "error";
  /** Pods that lack the container which the annotations of managed devices name: told of, or not (KServe). */
  unclaimedDevices: "told" | "ignored";
}

export type Compat = "kserve-0.20";

export const OWN: Behaviour = {
  args: "flags",
  zeroOverrides: true,
  alternatives: "latest",
  topologyFrom: "merged",
  templates: "leaf",
  schemaDefaults: true,
  unknownFields: "error",
  admission: "asWritten",
  crdMistakes: false,
  groupSize: "replaced",
  conveniences: true,
  checks: true,
  dataParallelCopies: true,
  selector: "identity",
  certificate: "withTls",
  inferencePools: [KINDS.InferencePool.apiVersion],
  routingGroup: "given",
  history: "ignored",
  leftovers: false,
  downloads: ["hf", "s3", "gs"],
  adapterArgs: "asCommand",
  downloadMounts: "each",
  initializerSecurity: "hardened",
  undividedRole: "unnamed",
  unknownReferences: "warning",
  unclaimedDevices: "told",
};

export const KSERVE_0_20: Behaviour = {
  args: "replace",
  zeroOverrides: false,
  alternatives: "all",
  topologyFrom: "baseRefsOverService",
  templates: "document",
  schemaDefaults: true,
  unknownFields: "warning",
  admission: "goTypes",
  crdMistakes: true,
  groupSize: "immutable",
  conveniences: false,
  checks: false,
  dataParallelCopies: false,
  selector: "podLabels",
  certificate: "always",
  inferencePools: [KINDS.AlphaInferencePool.apiVersion, KINDS.InferencePool.apiVersion],
  routingGroup: "recorded",
  history: "kept",
  leftovers: true,
  downloads: ["hf", "s3"],
  adapterArgs: "quotedFirst",
  downloadMounts: "commonParent",
  initializerSecurity: "unset",
  undividedRole: "decode",
  unknownReferences: "error",
  unclaimedDevices: "ignored",
};

export function behaviourOf(compat: Compat | undefined): Behaviour {
  return compat === "kserve-0.20" ? KSERVE_0_20 : OWN;
}

/** Whether a variable that a container already has is added once more, as KServe does, instead of being left to the container. */
export function keepsBoth({ alternatives }: Pick<Behaviour, "alternatives">): boolean {
  return alternatives !== "latest";
}
