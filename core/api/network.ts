import { z } from "zod";

const rdma = z.strictObject({
  resource: z.string().describe("Extended resource of the RDMA devices, e.g. rdma/ib or nvidia.com/roce."),
  count: z.int().positive().optional().describe("How many of it a pod gets. Default 1."),
  devices: z
    .array(z.string().regex(/^[a-z0-9_]+(:\d+)?$/))
    .min(1)
    .optional()
    .describe("Host channel adapters that are used, e.g. mlx5_0 or mlx5_0:1. Default: all that the libraries find."),
  gidIndex: z
    .int()
    .min(0)
    .optional()
    .describe("GID of RoCE v2 on the fabric, often 3. Default: the libraries' choice."),
  trafficClass: z.int().min(0).max(255).optional().describe("Traffic class of a lossless fabric, for NCCL and UCX."),
});

/** How the pods of a group, and prefill and decode, reach each other. */
export const network = z.strictObject({
  rdma: rdma.optional().describe("RDMA over InfiniBand or RoCE."),
  interface: z.string().optional().describe("Network interface of sockets (NCCL, Gloo), e.g. eth0."),
  ucxTransports: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("Transports of UCX, over which NIXL moves KV cache, e.g. rc, cuda_copy, cuda_ipc, tcp."),
  nixlPort: z.int().min(1).max(65535).optional().describe("Port of NIXL's side channel. Default 5600."),
});
export type Network = z.infer<typeof network>;
