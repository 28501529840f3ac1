import type { AcceleratorClass } from "../api/shorthands/accelerator.ts";
import type { Operations } from "../api/shorthands/operations.ts";
import type { JsonObject } from "../kubernetes/json.ts";
import type { OpenedDocument } from "./input/document.ts";
import type { Issue } from "./issues/issue.ts";
import type { PrometheusSettings } from "./options/settings.ts";

/** Who labels the nodes: the device operator with node feature discovery, or a cloud. */
export const NODE_LABELS = ["gpu-operator", "gke", "eks", "aks"] as const;
export type NodeLabels = (typeof NODE_LABELS)[number];

/** Where accelerators and node labels are looked up. */
export interface LoweringContext {
  nodeLabels?: NodeLabels;
  /** Classes of the platform: they add to the catalogue, and win over it. */
  accelerators?: Readonly<Record<string, AcceleratorClass>>;
  /** What KEDA scales by where a document names no trigger, and whom it asks. */
  triggers?: readonly DefaultTrigger[];
  prometheus?: PrometheusSettings;
  /** The replica group that a document is of. */
  group?: string;
}

/**
 * A trigger that scales by a metric of Prometheus. In the query `$namespace`, `$scheduler` (its Service) and `$pods` (a pattern) are
 * filled in for each workload.
 */
export interface DefaultTrigger {
  name: string;
  query: string;
  /** Target per replica. */
  threshold: string;
}

/** The accelerators that a document says its engines run on, by role. */
export type NamedAccelerators = Partial<Record<"main" | "prefill", Recognised>>;

export interface Lowered {
  /** The document without the shorthands: KServe's own format. */
  document: unknown;
  /** What the shorthands mean, as a layer that lies right below the document's own spec. Undefined where there are none. */
  shorthands?: JsonObject;
  /** How the service is to be run: it changes no spec, only the objects. Undefined where nothing is said. */
  operations?: Operations;
  /** What `accelerator` says of its devices beside what becomes of the pods: the checks read it. */
  accelerators?: NamedAccelerators;
  /** Whether prefill's accelerator is only the one that it shares with decode. */
  sharesAccelerator?: true;
  /** Sizes that `tuning` says, by the path that they have once they are lowered: where issues find them written. */
  written?: ReadonlyMap<string, string>;
  issues: Issue[];
}

/** By layer the sizes that its `tuning` says: the path that each has once it is lowered, and the one that it is written at. */
export type WrittenSizes = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** An accelerator by its name, as a pod's node selector, node affinity and resources tell it. */
export interface Recognised {
  name: string;
  accelerator: AcceleratorClass;
}

/** The document of a service, or of a part of one, that is opened for admission and reading. */
export type LoweredService = Lowered & { opened: OpenedDocument };

/** A replica group of a service. */
export interface LoweredGroup {
  name: string;
  /** What the group says itself, as a document of its own: a layer over the service's. */
  own: LoweredService;
  /** The service as this group has it: without what the group says in its place. */
  service: LoweredService;
  /** The same as it is written, with the fields of the group over those of the service. */
  written: unknown;
  /** The configs as this group has them. */
  configs: readonly Lowered[];
}

/** All documents of a plan, without their shorthands. */
export interface LoweredDocuments {
  service: LoweredService;
  old?: Lowered;
  configs: readonly Lowered[];
  /** The replica groups of the service, each of which is planned by itself. */
  groups: readonly LoweredGroup[];
  /** The one that is planned. */
  group?: LoweredGroup;
  issues: Issue[];
}

/** How layers and issues call what a replica group says. */
export function groupLayer(name: string): string {
  return `group ${name}`;
}

/** How provenance calls what the service's accelerator and tuning say. */
export const SHORTHANDS = "accelerator and tuning";
