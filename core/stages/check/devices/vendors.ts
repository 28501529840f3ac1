import { type BuiltFor, platformOfImage } from "../../../knowledge/stacks/images.ts";
import { OTHERS, platformOf, WAYS } from "../../../knowledge/stacks/platforms.ts";
import { stackOf } from "../../../knowledge/stacks/stacks.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import type { Engine } from "../engine.ts";

export const VENDORS_CHECK: Check = {
  name: "an engine's image is built for its accelerators",
  source: "core/knowledge/stacks/images.ts and platforms.ts: an image of vLLM holds the kernels of one vendor",
  codes: ["WrongVendor"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeImage(engine, subject)),
};

function judgeImage(
  { container, path, traced, role }: Engine,
  { spec, stack, provenance }: CheckSubject,
): CheckFinding[] {
  const { image = "", resources } = container;
  const built = platformOfImage(image);
  // Every pod requests CPU, whatever else it runs on.
  const devices = Object.keys({ ...resources?.requests, ...resources?.limits }).filter((name) => name.includes("/"));
  const asked = devices.find((resource) => vendorOf(resource) !== undefined);
  const platform = asked === undefined ? undefined : vendorOf(asked);
  if (built === undefined || platform === undefined || built === platform) return [];
  const title = titleOf(platform);
  const message = `the image ${image} is built for ${titleOf(built)}, but the pod requests ${asked} (${title}), so vLLM finds no accelerator`;
  const layer = provenance.get(`${traced}.image`)?.layer ?? "merged";
  if (platform === "npu") {
    const fix = `set image to one that is built for ${title}, for example one of ${OTHERS.npu.image}`;
    return [{ code: "WrongVendor", path: `${path}.image`, layer, message, fix }];
  }
  const known = stackOf(stack).engines[platform];
  const purpose = role === "prefill" ? "prefill" : spec.prefill === undefined ? "general" : "decode";
  const other = known?.roles?.[purpose] ?? known?.image;
  // Which of the two is wrong is not known, so a program makes no change.
  const example = other === undefined ? "" : `, for example ${other}`;
  const fix = `set image to one that is built for ${title}${example}, or set the accelerator that the image is for`;
  return [{ code: "WrongVendor", path: `${path}.image`, layer, message, fix }];
}

function vendorOf(resource: string): BuiltFor | undefined {
  return OTHERS.npu.resources.test(resource) ? "npu" : platformOf(resource);
}

function titleOf(platform: BuiltFor): string {
  return platform === "npu" ? OTHERS.npu.title : WAYS[platform].title;
}
