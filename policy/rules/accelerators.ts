import { devicesOf } from "../../core/knowledge/accelerators/devices.ts";
import { recognise } from "../../core/knowledge/accelerators/recognise.ts";
import { rule } from "../rule.ts";
import { podsIn, violates } from "./pods.ts";

export const ACCELERATORS_RULE = rule({
  name: "allowed-accelerators",
  description: "Pods request only accelerators that the stack may use.",
  level: "mandatory",
  scope: "resource",
  fields: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description:
        "Accelerator classes such as nvidia-h100-80gb, or resources such as nvidia.com/gpu. An empty list allows all.",
      default: [],
    },
  },
  judge: (resources, { allowed }) =>
    podsIn(resources).flatMap((pods) =>
      Object.keys(devicesOf(pods.spec)).flatMap((resource) => {
        const name = recognise(pods.spec, resource)?.name;
        if (allowed.length === 0 || allowed.includes(resource) || (name && allowed.includes(name))) return [];
        const asked = name ?? `${resource} without a node label that identifies the accelerator`;
        return [violates(pods, `the pods request ${asked}; allowed are ${allowed.join(", ")}`)];
      }),
    ),
});
