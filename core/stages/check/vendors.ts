import { IMAGE_FOR, vendorOfImage, vendorOfResource } from "../../knowledge/engine/vendors.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Check, CheckFinding, CheckSubject } from "./check.ts";
import type { Engine } from "./engine.ts";

export const VENDORS_CHECK: Check = {
  name: "an engine's image is built for its accelerators",
  source: "core/knowledge/engine/vendors.ts: an image of vLLM holds the kernels of one vendor",
  codes: ["WrongVendor"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeImage(engine, subject)),
};

function judgeImage({ container, path, traced }: Engine, { provenance }: CheckSubject): CheckFinding[] {
  const { image = "", resources } = container;
  const built = vendorOfImage(image);
  const asked = Object.keys({ ...resources?.requests, ...resources?.limits }).find(
    (resource) => vendorOfResource(resource) !== undefined,
  );
  const vendor = asked === undefined ? undefined : vendorOfResource(asked);
  if (built === undefined || vendor === undefined || built === vendor) return [];
  const other = IMAGE_FOR[vendor];
  const message = `the image ${image} is built for ${built}, but the pod requests ${asked} (${vendor}), so vLLM finds no accelerator`;
  const fix = `set image to one that is built for ${vendor}${other === undefined ? "" : `, for example ${other}`}`;
  const layer = entryOf(provenance, `${traced}.image`)?.layer ?? "merged";
  const fixes = other === undefined ? {} : { fixes: [{ path: `spec.${traced}.image`, value: other }] };
  return [{ code: "WrongVendor", path: `${path}.image`, layer, message, fix, ...fixes }];
}
