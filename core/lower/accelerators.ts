import type { AcceleratorClass } from "../spec/accelerator.ts";

/** Who labels the nodes: the device operator with node feature discovery, or a cloud. */
export const NODE_LABELS = ["gpu-operator", "gke", "eks", "aks"] as const;
export type NodeLabels = (typeof NODE_LABELS)[number];

interface Entry {
  memoryGiB?: number;
  /** The value of the vendor's product label. */
  product?: string;
  gke?: string;
  /** Karpenter's `karpenter.k8s.aws/instance-gpu-name`. */
  eks?: string;
  aliases?: readonly string[];
}

interface Vendor {
  resource: string;
  /** Label that holds the product where the vendor's operator labels the nodes. */
  productLabel?: string;
  /** A taint that such nodes carry by convention. */
  taint?: string;
  entries: Readonly<Record<string, Entry>>;
}

const NVIDIA: Vendor = {
  resource: "nvidia.com/gpu",
  productLabel: "nvidia.com/gpu.product",
  taint: "nvidia.com/gpu",
  entries: {
    "nvidia-t4": { memoryGiB: 16, product: "Tesla-T4", gke: "nvidia-tesla-t4", eks: "t4" },
    "nvidia-l4": { memoryGiB: 24, product: "NVIDIA-L4", gke: "nvidia-l4", eks: "l4" },
    "nvidia-a10": { memoryGiB: 24, product: "NVIDIA-A10" },
    "nvidia-a10g": { memoryGiB: 24, product: "NVIDIA-A10G", eks: "a10g" },
    "nvidia-l40s": { memoryGiB: 48, product: "NVIDIA-L40S", eks: "l40s" },
    "nvidia-a100-40gb": { memoryGiB: 40, product: "NVIDIA-A100-SXM4-40GB", gke: "nvidia-tesla-a100", eks: "a100" },
    "nvidia-a100-80gb": { memoryGiB: 80, product: "NVIDIA-A100-SXM4-80GB", gke: "nvidia-a100-80gb" },
    "nvidia-a100-80gb-pcie": { memoryGiB: 80, product: "NVIDIA-A100-80GB-PCIe" },
    "nvidia-h100-80gb": {
      memoryGiB: 80,
      product: "NVIDIA-H100-80GB-HBM3",
      gke: "nvidia-h100-80gb",
      eks: "h100",
      aliases: ["nvidia-h100-80gb-hbm3"],
    },
    "nvidia-h100-80gb-pcie": { memoryGiB: 80, product: "NVIDIA-H100-PCIe" },
    "nvidia-h100-nvl": { memoryGiB: 94, product: "NVIDIA-H100-NVL" },
    "nvidia-h200-141gb": { memoryGiB: 141, product: "NVIDIA-H200", gke: "nvidia-h200-141gb", eks: "h200" },
    "nvidia-b200-180gb": { memoryGiB: 180, product: "NVIDIA-B200", gke: "nvidia-b200", eks: "b200" },
    "nvidia-gb200-186gb": { memoryGiB: 186, product: "NVIDIA-GB200", gke: "nvidia-gb200" },
  },
};

const AMD: Vendor = {
  resource: "amd.com/gpu",
  productLabel: "amd.com/gpu.product-name",
  taint: "amd.com/gpu",
  entries: {
    "amd-mi210-64gb": { memoryGiB: 64, product: "AMD_Instinct_MI210" },
    "amd-mi250-128gb": { memoryGiB: 128, product: "AMD_Instinct_MI250" },
    "amd-mi300x-192gb": { memoryGiB: 192, product: "AMD_Instinct_MI300X_OAM" },
    "amd-mi325x-256gb": { memoryGiB: 256, product: "AMD_Instinct_MI325X_OAM" },
    "amd-mi355x-288gb": { memoryGiB: 288, product: "AMD_Instinct_MI355X_OAM" },
  },
};

const GAUDI: Vendor = {
  resource: "habana.ai/gaudi",
  taint: "habana.ai/gaudi",
  entries: { "intel-gaudi2-96gb": { memoryGiB: 96 }, "intel-gaudi3-128gb": { memoryGiB: 128 } },
};

const TPU: Vendor = {
  resource: "google.com/tpu",
  taint: "google.com/tpu",
  entries: {
    "google-tpu-v5e": { memoryGiB: 16, gke: "tpu-v5-lite-podslice" },
    "google-tpu-v6e": { memoryGiB: 32, gke: "tpu-v6e-slice" },
  },
};

const NEURON: Vendor = {
  resource: "aws.amazon.com/neuron",
  taint: "aws.amazon.com/neuron",
  entries: { "aws-inferentia2": { memoryGiB: 32 }, "aws-trainium1": { memoryGiB: 32 } },
};

const VENDORS = [NVIDIA, AMD, GAUDI, TPU, NEURON];
const GKE_LABEL = { "google.com/tpu": "cloud.google.com/gke-tpu-accelerator" } as const;

/** Every name that {@link acceleratorNamed} knows, aliases not counted. */
export const ACCELERATORS: readonly string[] = [...VENDORS.flatMap(({ entries }) => Object.keys(entries)), "cpu"];

/**
 * A class of the catalogue, with the labels that whoever labels the nodes writes. Undefined for a name that is unknown, and
 * for one that has no known label there: a pod without a selector would land on any GPU.
 */
export function acceleratorNamed(name: string, labels: NodeLabels = "gpu-operator"): AcceleratorClass | undefined {
  if (name === "cpu") return { resource: "cpu" };
  for (const vendor of VENDORS) {
    const found = Object.entries(vendor.entries).find(([key, { aliases }]) => key === name || aliases?.includes(name));
    if (found === undefined) continue;
    const [, entry] = found;
    const tolerations =
      vendor.taint === undefined
        ? {}
        : { tolerations: [{ key: vendor.taint, operator: "Exists", effect: "NoSchedule" }] };
    const memory = entry.memoryGiB === undefined ? {} : { memoryGiB: entry.memoryGiB };
    return { resource: vendor.resource, ...memory, nodeSelector: selector(vendor, entry, labels), ...tolerations };
  }
  return undefined;
}

function selector(vendor: Vendor, entry: Entry, labels: NodeLabels): Record<string, string> {
  const gke = GKE_LABEL[vendor.resource as keyof typeof GKE_LABEL] ?? "cloud.google.com/gke-accelerator";
  if (labels === "gke" && entry.gke !== undefined) return { [gke]: entry.gke };
  if (labels === "eks" && entry.eks !== undefined) return { "karpenter.k8s.aws/instance-gpu-name": entry.eks };
  if (vendor.productLabel !== undefined && entry.product !== undefined) return { [vendor.productLabel]: entry.product };
  if (entry.gke !== undefined) return { [gke]: entry.gke };
  return {};
}
