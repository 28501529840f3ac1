/** Labels of devices as the operators of their vendors write them (`nvidia.com/gpu.count`), in the domain of the vendor's resources. */
const OF_VENDOR = /^(?:nvidia\.com|amd\.com|habana\.ai)\//;

/** Whether only nodes with devices of another vendor than the resource's have a node label. */
export function isOfOtherVendor(label: string, resource: string): boolean {
  const [domain = ""] = label.split("/", 1);
  return OF_VENDOR.test(label) && !resource.startsWith(`${domain}/`);
}
