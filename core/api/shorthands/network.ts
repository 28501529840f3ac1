import { z } from "zod";

const rdma = z.strictObject({
  resource: z.string().describe("Extended resource of the RDMA devices, for example rdma/ib or nvidia.com/roce."),
  count: z.int().positive().optional().describe("Number of RDMA devices that each pod requests. Default: 1."),
  devices: z
    .array(z.string().regex(/^[a-z0-9_]+(:\d+)?$/))
    .min(1)
    .optional()
    .describe(
      "Host channel adapters to use, for example mlx5_0 or mlx5_0:1. Default: all adapters that the libraries find.",
    ),
  gidIndex: z.int().min(0).optional().describe("Index of the RoCE v2 GID, often 3. Default: the libraries choose one."),
  trafficClass: z
    .int()
    .min(0)
    .max(255)
    .optional()
    .describe("Traffic class of NCCL and UCX on a lossless fabric, 0 to 255."),
});

/** How the pods of a group, and prefill and decode, reach each other. */
export const network = z.strictObject({
  rdma: rdma.optional().describe("RDMA over InfiniBand or RoCE. Default: no RDMA."),
  interface: z.string().optional().describe("Network interface for the sockets of NCCL and Gloo, for example eth0."),
  ucxTransports: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("Transports of UCX, which NIXL uses to transfer KV cache, for example rc, cuda_copy, cuda_ipc and tcp."),
  nixlPort: z.int().min(1).max(65535).optional().describe("Port of the NIXL side channel. Default: 5600."),
});
export type Network = z.infer<typeof network>;
