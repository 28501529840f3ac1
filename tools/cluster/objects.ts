/** A Kubernetes object of a test. */
export interface TestObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
}

export interface NodeSpec {
  name: string;
  labels?: Record<string, string>;
  allocatable?: Record<string, string>;
}

/** A simulated node with GPUs, labelled as NVIDIA's GPU operator does. */
export function gpuNode(
  name: string,
  options: { gpus: number; product: string; labels?: Record<string, string> },
): NodeSpec {
  const { gpus, product, labels } = options;
  return {
    name,
    labels: {
      "nvidia.com/gpu.present": "true",
      "nvidia.com/gpu.product": product,
      "nvidia.com/gpu.count": String(gpus),
      ...labels,
    },
    allocatable: { "nvidia.com/gpu": String(gpus) },
  };
}

export function nodeObject({ name, labels, allocatable }: NodeSpec): TestObject {
  const room = { cpu: "192", memory: "2Ti", pods: "110", "ephemeral-storage": "4Ti", ...allocatable };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", ...labels },
    },
    spec: {},
    status: { allocatable: room, capacity: room },
  };
}

/** The path of the collection of an object's kind, by adding an s: tests use kinds with a regular plural. */
export function collectionPath(object: {
  apiVersion: string;
  kind: string;
  metadata?: { namespace?: string };
}): string {
  const base = object.apiVersion.includes("/") ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
  const lower = object.kind.toLowerCase();
  const plural = /(s|x|ch)$/.test(lower)
    ? `${lower}es`
    : /[^aeiou]y$/.test(lower)
      ? `${lower.slice(0, -1)}ies`
      : `${lower}s`;
  const namespace = object.metadata?.namespace;
  return namespace === undefined ? `${base}/${plural}` : `${base}/namespaces/${namespace}/${plural}`;
}
