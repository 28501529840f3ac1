import { DRA, hasManagedDevices } from "../../../api/dra.ts";
import { typeMeta } from "../../../contract/kinds.ts";
import { nameOf } from "../../../contract/names.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { MaterializeContext } from "../context.ts";

/**
 * The template of the claims by which every pod of the service gets its managed devices (DRA); the annotations name
 * the class, the number, and the selectors, one expression per line. Source: managed_dra.go, KServe v0.20.0.
 */
export function buildResourceClaimTemplate({ service }: MaterializeContext): KubernetesObject[] {
  if (!hasManagedDevices(service)) return [];
  const { name, namespace, annotations = {} } = service.metadata;
  const read = (key: keyof typeof DRA): string => (entryOf(annotations, DRA[key]) ?? "").trim();
  const count = Number(read("deviceCount") || "1");
  const selectors = read("celSelector")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const exactly = {
    deviceClassName: read("deviceClass"),
    ...(count > 1 && { count }),
    ...(selectors.length > 0 && { selectors: selectors.map((expression) => ({ cel: { expression } })) }),
  };
  return [
    {
      ...typeMeta("ResourceClaimTemplate"),
      metadata: { name: nameOf(name, "managedDra"), namespace },
      spec: { spec: { devices: { requests: [{ name: "device", exactly }] } } },
    },
  ];
}
