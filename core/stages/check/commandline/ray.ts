import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { isWithoutRay } from "../../../knowledge/engine/rules/builds.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";
import { hasOwnPackages } from "./unchanged.ts";

/** Ray as the executor, or for data-parallel ranks, in an image that does not contain it. */
export const RAY_CHECK: Check = {
  name: "the image has Ray if a flag asks for it",
  source: "assert_ray_available of vLLM; the requirements of the package (core/knowledge/engine/rules/builds.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.filter(({ isVllm }) => isVllm).flatMap((engine) => judgeEngine(engine, subject)),
};

const FLAGS = ["distributed-executor-backend", "data-parallel-backend"];
function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { args, container, release } = engine;
  const { image = "" } = container;
  const flag = FLAGS.find((one) => flagValue(args, one) === "ray");
  const by = release === undefined ? undefined : isWithoutRay(image, release.number);
  if (flag === undefined || by === undefined || !hasOwnPackages(container)) return [];
  const message = `--${flag} is ray, but the image ${image} has no Ray, which vLLM installs only in earlier releases`;
  return [
    {
      code: "InvalidFlagValue",
      path: flagPathOf(engine, flag),
      layer: layerOfFlag(subject, engine, flag),
      message,
      fix: `set --${flag} to mp, or use an image in which Ray is installed`,
      ...(by === "perhaps" && { severity: "warning" as const }),
    },
  ];
}
