import type { AcceleratorClass } from "../../api/shorthands/accelerator.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import type { LoweringContext, NamedAccelerators, Recognised } from "../../contract/lowering.ts";
import { isObject } from "../../kubernetes/json.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import { remembering, rememberingLast } from "../../kubernetes/remember.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { ACCELERATORS, acceleratorNamed } from "./accelerators.ts";
import { NODE_LABELS } from "./catalogue.ts";

/**
 * Extended resources that count accelerators; a device serves one rank, or as many as its class says
 * (`coresPerDevice`). Resources that count a device's memory or cores (`huawei.com/Ascend910B3-memory`,
 * `gpu.intel.com/millicores`) do not count devices. Sources: the device plugins of the vendors (time slicing and MIG of
 * NVIDIA's, partitions of AMD's), of Huawei's CCE and of HAMi.
 */
export const DEVICES = {
  test: remembering((resource): boolean => OF_VENDORS.some((pattern) => pattern.test(resource))),
};

const OF_VENDORS: readonly RegExp[] = [
  /^nvidia\.com\/(?:gpu$|gpu\.shared$|mig-.)/,
  /^amd\.com\/(?:gpu|[a-z]+_nps\d)$/,
  /^gpu\.intel\.com\/(?:i915|xe)$/,
  /^(?:habana\.ai\/gaudi|google\.com\/tpu)$/,
  /^aws\.amazon\.com\/neuron/,
  /^huawei\.com\/(?:npu|ascend-\d+)$/,
  /^huawei\.com\/Ascend[^-]+(?:-\d[^-]*)?$/,
];

/**
 * The most cores that a device may have, for resources whose generations differ in it: if the generation is unknown,
 * any number of devices that can hold the ranks may be intended. Trainium2 has eight physical cores, TPU v7 and the
 * cards of Ascend's A3 two (vllm-project/aibrix, samples/vllm-ascend, asks for a card for two ranks).
 */
const MOST_CORES: Readonly<Record<string, number>> = {
  "aws.amazon.com/neuron": 8,
  "google.com/tpu": 2,
  "huawei.com/Ascend910": 2,
};

export function mostCoresOf(resource: string): number {
  return entryOf(MOST_CORES, resource) ?? 1;
}

/** Extended resources of network adapters, as the device plugins of vendors and clouds name them. */
export const NETWORK = /(?:^|[/._-])(?:rdma|efa|ib|roce|sriov|hostdev|hca|nic|mlnxnics?|eic)(?:$|[/._-])/i;

type Classes = Readonly<Record<string, AcceleratorClass>>;

/**
 * Which accelerator a pod requests, among those that a resource counts, or among all. The platform's own classes are
 * tried first; if several match, the most specific one. Undefined if only the resource's name is known, which may be
 * any device.
 */
export function recognise(pod: PodSpec, resource: string | undefined, own: Classes = {}): Recognised | undefined {
  const wanted = nodeLabelsOf(pod);
  if (wanted.size === 0) return undefined;
  let best: { one: Recognised; labels: number } | undefined;
  const consider = (one: Recognised): void => {
    const { resource: of, nodeSelector = {} } = one.accelerator;
    const labels = Object.keys(nodeSelector).length;
    if ((resource !== undefined && of !== resource) || labels <= (best?.labels ?? 0)) return;
    if (isSelected(one.accelerator, wanted)) best = { one, labels };
  };
  for (const [name, accelerator] of Object.entries(own)) consider({ name, accelerator });
  for (const [label, [value]] of wanted) for (const one of classesWith(label, value)) consider(one);
  return best?.one;
}

let byLabel: ReadonlyMap<string, readonly Recognised[]> | undefined;

/** The classes of the catalogue whose first label is this one, in the catalogue's order. */
function classesWith(label: string, value: string | undefined): readonly Recognised[] {
  byLabel ??= Map.groupBy(catalogue(), ({ accelerator: { nodeSelector = {} } }) => {
    const [first = ["", ""]] = Object.entries(nodeSelector);
    return first.join("=");
  });
  return byLabel.get(`${label}=${value}`) ?? NONE;
}

const NONE: readonly Recognised[] = [];

/** The names of the classes of the catalogue whose nodes have a label. */
export function classNamesWith(label: string, value: string): string[] {
  return classesWith(label, value).map(({ name }) => name);
}

function catalogue(): Recognised[] {
  return NODE_LABELS.flatMap((who) =>
    ACCELERATORS.flatMap((name) => {
      const accelerator = acceleratorNamed(name, who);
      return accelerator?.nodeSelector === undefined ? [] : [{ name, accelerator }];
    }),
  );
}

type NodeLabels = ReadonlyMap<string, readonly string[]>;
const NO_LABELS: NodeLabels = new Map();

/** A plan reads the selector of a pod several times. */
const selectedLabels = rememberingLast(
  (nodeSelector: NonNullable<PodSpec["nodeSelector"]>): NodeLabels =>
    new Map(Object.entries(nodeSelector).map(([label, value]): [string, string[]] => [label, [value]])),
);

function isSelected({ nodeSelector = {} }: AcceleratorClass, wanted: NodeLabels): boolean {
  return Object.entries(nodeSelector).every(
    ([label, value]) => wanted.get(label)?.every((one) => one === value) === true,
  );
}

/**
 * The names of a service's accelerators by role: as its documents name them, or as the node selectors of the pods
 * imply.
 */
export function acceleratorNames(
  spec: WorkloadSpec & { prefill?: WorkloadSpec },
  ofDocuments: NamedAccelerators = {},
  { accelerators }: Pick<LoweringContext, "accelerators"> = {},
): Partial<Record<"main" | "prefill", string>> {
  const named = (role: "main" | "prefill", pod: PodSpec | undefined): { [role: string]: string } => {
    // A class that is written out has the name of its resource, which is not a value of a label.
    const names = [ofDocuments[role]?.name, pod && recognise(pod, undefined, accelerators)?.name];
    const name = names.find((one) => one !== undefined && !one.includes("/"));
    return name === undefined ? {} : { [role]: name };
  };
  return { ...named("main", spec.template), ...named("prefill", spec.prefill?.template) };
}

/**
 * The values that the pod's node must have, by label: from its selector, and from an affinity with one term. A layer
 * may have null for either, which removes that of the layers below.
 */
function nodeLabelsOf({ nodeSelector, affinity }: PodSpec): NodeLabels {
  if (!affinity) return nodeSelector ? selectedLabels(nodeSelector) : NO_LABELS;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const expressions = terms.length === 1 ? (terms[0]?.matchExpressions ?? []) : [];
  return new Map([
    ...expressions
      .filter((one) => isObject(one) && one.operator === "In")
      .map(({ key, values }): [string, string[]] => [key, values ?? []]),
    ...Object.entries(nodeSelector ?? {}).map(([label, value]): [string, string[]] => [label, [value]]),
  ]);
}
