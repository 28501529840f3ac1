import { valueAt } from "../../core/kubernetes/json.ts";
import { rule } from "../rule.ts";
import { enginesOf, named, podsIn, violates } from "./pods.ts";

export const LIMITS_RULE = rule({
  name: "engine-limits",
  description: "Containers that run a model have limits, so that they cannot starve other pods of their node.",
  level: "advisory",
  scope: "resource",
  fields: {
    resources: {
      type: "array",
      items: { type: "string" },
      description: "The resources that need a limit.",
      default: ["memory"],
    },
  },
  judge: (found, { resources }) =>
    podsIn(found).flatMap((pods) =>
      enginesOf(pods).flatMap((engine) =>
        resources
          .filter((resource) => valueAt(engine, ["resources", "limits", resource]) === undefined)
          .map((resource) => violates(pods, `${named(engine)} has no limit for ${resource}; set resources.limits`)),
      ),
    ),
});
