import { entryOf } from "../../kubernetes/table.ts";

/**
 * Cores of an AWS Neuron device by the family of the instance: the most ranks that a device can run. Trainium2 and 3
 * can join two physical cores to a logical one, which halves the number. Source: AWS Neuron's documentation of the
 * architectures of Inferentia2 (NeuronCore-v2, two of them), Trainium, Trainium2 and Trainium3.
 */
const CORES: Readonly<Record<string, number>> = { inf2: 2, trn1: 2, trn1n: 2, trn2: 8, trn3: 8 };

const FAMILY_LABELS = ["karpenter.k8s.aws/instance-family", "eks.amazonaws.com/instance-family"];
const TYPE_LABELS = ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"];

/** The family of the AWS instances that a node selector admits, and the cores of one of their devices. */
export function neuronCores(
  nodeSelector: Readonly<Record<string, string>>,
): { family: string; cores: number } | undefined {
  const ofType = TYPE_LABELS.map((label) => entryOf(nodeSelector, label)?.split(".")[0]);
  const families = [...FAMILY_LABELS.map((label) => entryOf(nodeSelector, label)), ...ofType];
  const family = families.find((one) => one !== undefined) ?? "";
  const cores = entryOf(CORES, family);
  return cores === undefined ? undefined : { family, cores };
}
