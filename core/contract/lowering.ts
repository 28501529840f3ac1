import type { AcceleratorClass } from "../api/shorthands/accelerator.ts";
import type { Operations } from "../api/shorthands/operations.ts";
import type { JsonObject } from "../kubernetes/json.ts";
import type { OpenedDocument } from "./input/document.ts";
import type { Issue } from "./issues/issue.ts";
import type { NodeLabels } from "./options/nodelabels.ts";
import type { PrometheusSettings } from "./options/settings.ts";

/** Where accelerators and node labels are looked up. */
export interface LoweringContext {
  nodeLabels?: NodeLabels;
  /** Classes of the platform: they add to the catalogue, and win over it. */
  accelerators?: Readonly<Record<string, AcceleratorClass>>;
  /** The metric by which KEDA scales if a document names no trigger, and the server that KEDA asks. */
  triggers?: readonly DefaultTrigger[];
  prometheus?: PrometheusSettings;
  /** The replica group that a document belongs to. */
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

/** The accelerators that a document names for its engines, by role. */
export type NamedAccelerators = Partial<Record<"main" | "prefill", Recognised>>;

export interface Lowered {
  /** The document without the shorthands: KServe's own format. */
  document: unknown;
  /** The meaning of the shorthands, as a layer directly below the document's own spec. Undefined without shorthands. */
  shorthands?: JsonObject;
  /** How the service is to be run: it changes no spec, only the objects. Undefined if nothing is set. */
  operations?: Operations;
  /** What `accelerator` states about its devices in addition to what the pods contain: the checks read it. */
  accelerators?: NamedAccelerators;
  /** Whether prefill's accelerator is only the one that it shares with decode. */
  sharesAccelerator?: true;
  /**
   * Settings of `tuning`, by the path that their size or flag has after lowering: issues use it to find where they are
   * written.
   */
  written?: ReadonlyMap<string, string>;
  issues: Issue[];
}

/**
 * By layer, lowest precedence first, the settings of its `tuning`: the path of the size or flag after lowering
 * (`spec.template.containers[name=main].args[--max-model-len]`), and the path where it is written.
 */
export type WrittenSettings = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Where `tuning` writes a value whose layer provenance names; undefined if another field wrote it. */
export function settingAt(
  path: string,
  layer: string | undefined,
  written: WrittenSettings = new Map(),
): string | undefined {
  const layers = layer === SHORTHANDS ? [...written.values()].reverse() : [written.get(layer ?? "")];
  return layers.find((fields) => fields?.has(path))?.get(path);
}

/** The name of an accelerator, as a pod's node selector, node affinity and resources imply it. */
export interface Recognised {
  name: string;
  accelerator: AcceleratorClass;
}

/** The document of a service, or of a part of one, that is opened for admission and reading. */
export type LoweredService = Lowered & { opened: OpenedDocument };

/** A replica group of a service. */
export interface LoweredGroup {
  name: string;
  /** The fields that the group sets itself, as a document: a layer over the service's. */
  own: LoweredService;
  /** The service as this group has it, without the fields that the group sets. */
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
  /** The replica groups of the service; each is planned separately. */
  groups: readonly LoweredGroup[];
  /** The group that is being planned. */
  group?: LoweredGroup;
  issues: Issue[];
}

/** What layers and issues call the fields that a replica group sets. */
export function groupLayer(name: string): string {
  return `group ${name}`;
}

/** What provenance calls the values that the service's accelerator and tuning set. */
export const SHORTHANDS = "accelerator and tuning";
