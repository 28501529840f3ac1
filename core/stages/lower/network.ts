import { type Network, network } from "../../api/shorthands/network.ts";
import { RDMA_CAPABILITIES } from "../../knowledge/presets/parts.ts";
import type { Json, JsonObject } from "../../kubernetes/json.ts";
import { readBy } from "./fromzod.ts";
import type { Reading } from "./reading.ts";

/**
 * What `network` adds to an engine's container: KServe's presets look for RoCE devices in a shell when a pod starts;
 * here the setting names them. One setting reaches every library that needs it: NCCL, NVSHMEM (DeepEP) and UCX (NIXL).
 */
export function readNetwork(value: Json | undefined, path: string, layer: string): Reading<JsonObject> {
  if (value === undefined || value === null) return { value: {}, issues: [] };
  const { value: read, issues } = readBy(network, value, { path, layer });
  return { value: read === undefined ? {} : containerOf(read), issues };
}

/** The environment variables of a setting, by its field. */
const VARIABLES = {
  devices: ["NVSHMEM_HCA_LIST", "UCX_NET_DEVICES"],
  gidIndex: ["NCCL_IB_GID_INDEX", "NVSHMEM_IB_GID_INDEX", "UCX_IB_GID_INDEX"],
  trafficClass: ["NCCL_IB_TC", "UCX_IB_TRAFFIC_CLASS"],
  interface: ["NCCL_SOCKET_IFNAME", "GLOO_SOCKET_IFNAME"],
  ucxTransports: ["UCX_TLS"],
  nixlPort: ["VLLM_NIXL_SIDE_CHANNEL_PORT"],
} as const;

function containerOf({ rdma, interface: sockets, ucxTransports, nixlPort }: Network): JsonObject {
  const { resource, count = 1, devices, gidIndex, trafficClass } = rdma ?? {};
  const ports = devices?.map((device) => (device.includes(":") ? device : `${device}:1`)).join(",");
  const values = {
    devices: ports,
    gidIndex,
    trafficClass,
    interface: sockets,
    ucxTransports: ucxTransports?.join(","),
    nixlPort,
  };
  const env = (Object.keys(VARIABLES) as (keyof typeof VARIABLES)[]).flatMap((field) =>
    values[field] === undefined ? [] : VARIABLES[field].map((name) => ({ name, value: String(values[field]) })),
  );
  // NCCL reads a name as a prefix of adapter names, unless the list begins with "=".
  const hcas = ports === undefined ? [] : [{ name: "NCCL_IB_HCA", value: `=${ports}` }];
  const limits = resource === undefined ? {} : { resources: { limits: { [resource]: String(count) } } };
  const capabilities = { drop: ["ALL"], add: [...RDMA_CAPABILITIES] };
  return {
    ...(env.length + hcas.length > 0 && { env: [...hcas, ...env] }),
    ...limits,
    ...(resource !== undefined && { securityContext: { capabilities } }),
  };
}
