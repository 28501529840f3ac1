import { z } from "zod";
import { stringMap } from "./atoms.ts";

/** A kind of accelerator: how Kubernetes counts it, and which nodes have it. */
export const acceleratorClass = z.strictObject({
  resource: z.string().describe("Extended resource that a device is counted by, e.g. nvidia.com/gpu."),
  memoryGiB: z.number().positive().optional().describe("Memory of one device, in GiB."),
  devicesPerNode: z.int().positive().optional().describe("Devices of the largest node: a pod can have no more."),
  nodeSelector: stringMap.optional().describe("Labels of the nodes that have it."),
  tolerations: z.array(z.looseObject({})).optional().describe("Taints of such nodes that the pods tolerate."),
  pricePerHour: z.number().nonnegative().optional().describe("Price of one device for an hour, in any one currency."),
});

/** A class of the catalogue by its name, or one written out. */
export const accelerator = z.union([z.string(), acceleratorClass]);

export type AcceleratorClass = z.infer<typeof acceleratorClass>;
export type Accelerator = z.infer<typeof accelerator>;
