import { z } from "zod";
import { stringMap } from "../atoms.ts";

/** A kind of accelerator: how Kubernetes counts it, and which nodes have it. */
export const acceleratorClass = z.strictObject({
  resource: z.string().describe("Extended resource of one device, for example nvidia.com/gpu."),
  memoryGiB: z.number().positive().optional().describe("Memory of one device, in GiB."),
  devicesPerNode: z
    .int()
    .positive()
    .optional()
    .describe("Number of devices of the largest node. A pod cannot request more."),
  coresPerDevice: z
    .int()
    .positive()
    .optional()
    .describe("Number of cores of one device that each serve one rank. Default: 1."),
  nodeSelector: stringMap
    .optional()
    .describe("Labels of the nodes that have such devices. Becomes the node selector of the pods."),
  tolerations: z
    .array(z.looseObject({}))
    .optional()
    .describe("Tolerations that the pods get, for the taints of such nodes."),
  pricePerHour: z
    .number()
    .nonnegative()
    .optional()
    .describe("Price of one device for an hour. Use the same currency for all classes."),
});

/** A class of the catalogue by its name, or one written out. */
export const accelerator = z.union([z.string(), acceleratorClass]);

export type AcceleratorClass = z.infer<typeof acceleratorClass>;
