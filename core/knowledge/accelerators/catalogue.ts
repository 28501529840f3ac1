import type { NodeLabels } from "../../contract/options/nodelabels.ts";

export { NODE_LABELS, type NodeLabels } from "../../contract/options/nodelabels.ts";

/**
 * Accelerators, by vendor. Sources of the labels: NVIDIA's GPU feature discovery (`nvidia.com/gpu.product`), AMD's
 * node labeller, Intel's device plugins with node feature discovery, GKE's accelerator and TPU labels, Karpenter's
 * instance labels for EKS (its reference of instance types, with memory in MiB), those of node auto-provisioning for
 * AKS (a node pool made by hand has `kubernetes.azure.com/accelerator: nvidia` and no model). Memory is what the driver
 * reports of one device, in GiB, from public logs: 1 % (H100) to 9 % (T4, L4) less than the advertised size, which is
 * in the name of the class. Where no log was found, it is the advertised size.
 */
export interface Entry {
  memoryGiB?: number;
  /**
   * Number of cores of a device that are separate ranks. Sources: AWS Neuron's documentation of each chip, Google's of
   * TPU v7. Default 1.
   */
  cores?: number;
  /** Compute capability of NVIDIA's devices, times ten. Source: developer.nvidia.com/cuda-gpus. */
  capability?: number;
  /** Whether the memory is also the node's own. */
  unified?: boolean;
  /** Number of devices of the largest node on the market: a pod can have no more. */
  perNode?: number;
  /** Labels of the vendor's operator: the value of its product label, or other labels. */
  product?: string | Labels;
  gke?: string | Labels;
  eks?: string | Labels;
  aks?: string | Labels;
  aliases?: readonly string[];
  /** Names of the partitions of such a device; each is a separate class. */
  mig?: readonly string[];
}
export type Labels = Readonly<Record<string, string>>;

export interface Vendor {
  resource: string;
  /** The label for a value that is written as text, by who labels the nodes. */
  labels: Partial<Record<NodeLabels, string>>;
  /** A taint that such nodes carry by convention. */
  taint?: string;
  entries: Readonly<Record<string, Entry>>;
}

const EKS_GPU = "karpenter.k8s.aws/instance-gpu-name";
const eksGpu = (name: string, memoryMiB: number): Labels => ({
  [EKS_GPU]: name,
  "karpenter.k8s.aws/instance-gpu-memory": String(memoryMiB),
});

const A100_80_MIG = ["1g.10gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"];
const H100_80_MIG = ["1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"];
const H200_MIG = ["1g.18gb", "1g.35gb", "2g.35gb", "3g.71gb", "4g.71gb", "7g.141gb"];

const NVIDIA: Vendor & { entries: Readonly<Record<string, Entry & { capability: number }>> } = {
  resource: "nvidia.com/gpu",
  labels: {
    "gpu-operator": "nvidia.com/gpu.product",
    gke: "cloud.google.com/gke-accelerator",
    eks: EKS_GPU,
    aks: "karpenter.azure.com/sku-gpu-name",
  },
  taint: "nvidia.com/gpu",
  entries: {
    "nvidia-t4": {
      capability: 75,
      memoryGiB: 14.6,
      perNode: 8,
      product: "Tesla-T4",
      gke: "nvidia-tesla-t4",
      eks: "t4",
      aks: "T4",
    },
    "nvidia-v100-16gb": {
      capability: 70,
      memoryGiB: 15.8,
      perNode: 8,
      product: "Tesla-V100-SXM2-16GB",
      gke: "nvidia-tesla-v100",
      eks: eksGpu("v100", 16384),
    },
    "nvidia-v100-32gb": {
      capability: 70,
      memoryGiB: 31.7,
      perNode: 16,
      product: "Tesla-V100-SXM3-32GB",
      eks: eksGpu("v100", 32768),
    },
    "nvidia-l4": { capability: 89, memoryGiB: 22.05, perNode: 8, product: "NVIDIA-L4", gke: "nvidia-l4", eks: "l4" },
    "nvidia-a10": { capability: 86, memoryGiB: 22.1, product: "NVIDIA-A10", aks: "A10" },
    "nvidia-a10g": { capability: 86, memoryGiB: 22.1, perNode: 8, product: "NVIDIA-A10G", eks: "a10g" },
    "nvidia-a30": { capability: 80, memoryGiB: 23.5, product: "NVIDIA-A30", mig: ["1g.6gb", "2g.12gb", "4g.24gb"] },
    "nvidia-a40": { capability: 86, memoryGiB: 44.4, product: "NVIDIA-A40" },
    "nvidia-rtx-a6000": { capability: 86, memoryGiB: 47.5, product: "NVIDIA-RTX-A6000" },
    "nvidia-rtx-6000-ada": { capability: 89, memoryGiB: 47.5, product: "NVIDIA-RTX-6000-Ada-Generation" },
    "nvidia-rtx-pro-6000": {
      capability: 120,
      memoryGiB: 94.9,
      perNode: 8,
      product: "NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition",
      gke: "nvidia-rtx-pro-6000",
    },
    "nvidia-l40": { capability: 89, memoryGiB: 44.4, product: "NVIDIA-L40" },
    "nvidia-l40s": { capability: 89, memoryGiB: 44.4, perNode: 8, product: "NVIDIA-L40S", eks: "l40s" },
    "nvidia-a100-40gb": {
      capability: 80,
      memoryGiB: 39.4,
      perNode: 16,
      product: "NVIDIA-A100-SXM4-40GB",
      gke: "nvidia-tesla-a100",
      eks: eksGpu("a100", 40960),
      mig: ["1g.5gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb"],
    },
    "nvidia-a100-80gb": {
      capability: 80,
      memoryGiB: 79.2,
      perNode: 8,
      product: "NVIDIA-A100-SXM4-80GB",
      gke: "nvidia-a100-80gb",
      eks: eksGpu("a100", 81920),
      aks: "A100",
      mig: A100_80_MIG,
    },
    "nvidia-a100-80gb-pcie": { capability: 80, memoryGiB: 79.2, product: "NVIDIA-A100-80GB-PCIe", mig: A100_80_MIG },
    "nvidia-h100-80gb": {
      capability: 90,
      memoryGiB: 79.2,
      perNode: 8,
      product: "NVIDIA-H100-80GB-HBM3",
      gke: "nvidia-h100-80gb",
      eks: "h100",
      aks: "H100",
      aliases: ["nvidia-h100-80gb-hbm3"],
      mig: H100_80_MIG,
    },
    "nvidia-h100-80gb-mega": {
      capability: 90,
      memoryGiB: 79.2,
      perNode: 8,
      product: "NVIDIA-H100-80GB-HBM3",
      gke: "nvidia-h100-mega-80gb",
    },
    "nvidia-h100-80gb-pcie": { capability: 90, memoryGiB: 79.2, product: "NVIDIA-H100-PCIe", mig: H100_80_MIG },
    "nvidia-h100-nvl": { capability: 90, memoryGiB: 93.0, product: "NVIDIA-H100-NVL" },
    "nvidia-gh200-96gb": { capability: 90, memoryGiB: 94.5, perNode: 1, product: "NVIDIA-GH200-480GB" },
    "nvidia-h200-141gb": {
      capability: 90,
      memoryGiB: 139.8,
      perNode: 8,
      product: "NVIDIA-H200",
      gke: "nvidia-h200-141gb",
      eks: "h200",
      aks: "H200",
      mig: H200_MIG,
    },
    "nvidia-h200-nvl": { capability: 90, memoryGiB: 139.8, product: "NVIDIA-H200-NVL" },
    "nvidia-b200-180gb": {
      capability: 100,
      memoryGiB: 178.35,
      perNode: 8,
      product: "NVIDIA-B200",
      gke: "nvidia-b200",
      eks: "b200",
      mig: ["1g.23gb", "1g.45gb", "2g.45gb", "3g.90gb", "4g.90gb", "7g.180gb"],
    },
    "nvidia-b300-288gb": { capability: 103, memoryGiB: 268, perNode: 8, product: "NVIDIA-B300-SXM6-AC", eks: "b300" },
    "nvidia-gb300-288gb": {
      capability: 103,
      memoryGiB: 276.6,
      perNode: 4,
      product: "NVIDIA-GB300",
      gke: "nvidia-gb300",
    },
    "nvidia-gb10-128gb": { capability: 121, memoryGiB: 121.7, perNode: 1, unified: true, product: "NVIDIA-GB10" },
    "nvidia-h20-96gb": { capability: 90, memoryGiB: 95, perNode: 8, product: "NVIDIA-H20" },
    "nvidia-h20-141gb": { capability: 90, memoryGiB: 139.8, perNode: 8, product: "NVIDIA-H20-3e" },
    "nvidia-h800-80gb": { capability: 90, memoryGiB: 79.2, perNode: 8, product: "NVIDIA-H800" },
    "nvidia-a800-80gb": { capability: 80, memoryGiB: 79.2, perNode: 8, product: "NVIDIA-A800-SXM4-80GB" },
    "nvidia-l20": { capability: 89, memoryGiB: 44.4, product: "NVIDIA-L20" },
    "nvidia-gh200-144gb": { capability: 90, memoryGiB: 140, perNode: 1, product: "NVIDIA-GH200-144G-HBM3e" },
    "nvidia-rtx-2080-ti": { capability: 75, memoryGiB: 10.75, product: "NVIDIA-GeForce-RTX-2080-Ti" },
    "nvidia-rtx-3090": { capability: 86, memoryGiB: 23.58, product: "NVIDIA-GeForce-RTX-3090" },
    "nvidia-rtx-4090": { capability: 89, memoryGiB: 23.55, product: "NVIDIA-GeForce-RTX-4090" },
    "nvidia-rtx-5090": { capability: 120, memoryGiB: 31.4, product: "NVIDIA-GeForce-RTX-5090" },
    "nvidia-rtx-pro-5000": { capability: 120, memoryGiB: 47.4, product: "NVIDIA-RTX-PRO-5000-Blackwell" },
    "nvidia-rtx-pro-5000-72gb": { capability: 120, memoryGiB: 71, product: "NVIDIA-RTX-PRO-5000-72GB-Blackwell" },
    "nvidia-gb200-186gb": {
      capability: 100,
      memoryGiB: 183.9,
      perNode: 4,
      product: "NVIDIA-GB200",
      gke: "nvidia-gb200",
    },
  },
};

const AMD: Vendor = {
  resource: "amd.com/gpu",
  labels: { "gpu-operator": "amd.com/gpu.product-name" },
  taint: "amd.com/gpu",
  entries: {
    "amd-mi210-64gb": { memoryGiB: 64, perNode: 8, product: "AMD_Instinct_MI210" },
    "amd-mi250-128gb": { memoryGiB: 128, perNode: 8, product: "AMD_Instinct_MI250" },
    "amd-mi300x-192gb": { memoryGiB: 191.98, perNode: 8, product: "AMD_Instinct_MI300X_OAM" },
    "amd-mi325x-256gb": { memoryGiB: 256, perNode: 8, product: "AMD_Instinct_MI325X_OAM" },
    "amd-mi350x-288gb": { memoryGiB: 288, perNode: 8, product: "AMD_Instinct_MI350X_OAM" },
    "amd-mi355x-288gb": { memoryGiB: 288, perNode: 8, product: "AMD_Instinct_MI355X_OAM" },
  },
};

/** Node feature discovery reports that a node has Gaudi, but not the generation. */
const GAUDI_NODE: Labels = { "intel.feature.node.kubernetes.io/gaudi": "true" };
const GAUDI: Vendor = {
  resource: "habana.ai/gaudi",
  labels: {},
  taint: "habana.ai/gaudi",
  entries: {
    "intel-gaudi2-96gb": { memoryGiB: 96, perNode: 8, product: GAUDI_NODE },
    "intel-gaudi3-128gb": { memoryGiB: 128, perNode: 8, product: GAUDI_NODE },
  },
};

const XPU: Vendor = {
  resource: "gpu.intel.com/i915",
  labels: { "gpu-operator": "gpu.intel.com/product" },
  entries: {
    "intel-flex-170-16gb": { memoryGiB: 16, product: "Flex_170" },
    "intel-max-1100-48gb": { memoryGiB: 48, perNode: 8, product: "Max_1100" },
    "intel-max-1550-128gb": { memoryGiB: 128, perNode: 8, product: "Max_1550" },
  },
};

/** Node feature discovery reports that a node has a GPU from Intel, but not the model. */
const INTEL_NODE: Labels = { "intel.feature.node.kubernetes.io/gpu": "true" };
const XE: Vendor = {
  resource: "gpu.intel.com/xe",
  labels: {},
  entries: {
    "intel-arc-pro-b60": { memoryGiB: 22.7, product: INTEL_NODE },
    "intel-arc-pro-b70": { memoryGiB: 30.3, product: INTEL_NODE },
  },
};

/**
 * MindCluster labels nodes by family and by kind of server: an Atlas 800 A2 has eight devices or, as Box16, sixteen; an
 * A3 has sixteen dies, two per chip, and each counts as a device.
 */
const atlas = (kind: string): Labels => ({ "accelerator-type": kind });
const ASCEND: Vendor = {
  resource: "huawei.com/Ascend910",
  labels: { "gpu-operator": "accelerator" },
  entries: {
    "huawei-ascend-910b-64gb": { memoryGiB: 61, perNode: 16, product: "huawei-Ascend910" },
    "huawei-atlas-a2-64gb": { memoryGiB: 61, perNode: 8, product: atlas("module-910b-8") },
    "huawei-atlas-a2-box16-64gb": { memoryGiB: 61, perNode: 16, product: atlas("module-910b-16") },
    "huawei-atlas-a3-64gb": { memoryGiB: 61, perNode: 16, product: atlas("module-a3-16") },
    "huawei-atlas-a3-superpod-64gb": { memoryGiB: 61, perNode: 16, product: atlas("module-a3-16-super-pod") },
  },
};

const TPU: Vendor = {
  resource: "google.com/tpu",
  labels: { gke: "cloud.google.com/gke-tpu-accelerator" },
  taint: "google.com/tpu",
  entries: {
    "google-tpu-v4": { memoryGiB: 32, perNode: 4, gke: "tpu-v4-podslice" },
    "google-tpu-v5e": { memoryGiB: 16, perNode: 8, gke: "tpu-v5-lite-podslice" },
    "google-tpu-v5p": { memoryGiB: 95, perNode: 4, gke: "tpu-v5p-slice" },
    "google-tpu-v6e": { memoryGiB: 32, perNode: 8, gke: "tpu-v6e-slice" },
    "google-tpu-v7": { memoryGiB: 192, perNode: 4, cores: 2, gke: "tpu7x", aliases: ["google-tpu7x"] },
  },
};

const NEURON: Vendor = {
  resource: "aws.amazon.com/neuron",
  labels: { eks: "karpenter.k8s.aws/instance-family" },
  taint: "aws.amazon.com/neuron",
  entries: {
    "aws-inferentia2": { memoryGiB: 32, perNode: 12, cores: 2, eks: "inf2" },
    "aws-trainium1": { memoryGiB: 32, perNode: 16, cores: 2, eks: "trn1" },
    // Eight physical cores; by default two of them are one logical core.
    "aws-trainium2": { memoryGiB: 96, perNode: 16, cores: 4, eks: "trn2" },
    "aws-trainium3": { memoryGiB: 144, perNode: 16, cores: 4, eks: "trn3" },
  },
};

export const VENDORS: readonly Vendor[] = [NVIDIA, AMD, GAUDI, XPU, XE, TPU, NEURON, ASCEND];
