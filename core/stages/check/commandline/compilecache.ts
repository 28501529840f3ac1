import { switchOf } from "../../../api/shorthands/operations.ts";
import { IN_KEY, SHAREABLE } from "../../../knowledge/engine/compilecache.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { positionIn } from "../../../knowledge/engine/release.ts";
import type { Check, CheckFinding } from "../check.ts";
import type { Engine } from "../engine.ts";

const PATH = "spec.operations.compileCache";
/** A lower layer may have turned it on, so the fix turns it off instead of removing it. */
const OFF = [{ path: PATH, value: false }];

export const COMPILE_CACHE_CHECK: Check = {
  name: "engines can share what they compile",
  source: "core/knowledge/engine/compilecache.ts; --enforce-eager and VLLM_DISABLE_COMPILE_CACHE of vLLM",
  codes: ["CompileCache", "UnusedField"],
  judge: ({ operations, engines }) => {
    if (switchOf(operations?.compileCache) === undefined) return [];
    return engines.filter(({ isVllm }) => isVllm).flatMap((engine) => [...judgeRelease(engine), ...judgeUse(engine)]);
  },
};

function judgeRelease({ release, path }: Engine): CheckFinding[] {
  if (release === undefined || positionIn(SHAREABLE, release.number) === "inside") return [];
  const message = `vLLM ${release.text} of ${path} writes its compile cache in place, so engines that start together can read incomplete files`;
  const fix = `use an image with vLLM ${SHAREABLE.from} or later, or disable the cache`;
  return [{ code: "CompileCache", path: PATH, layer: "merged", message, fix, fixes: OFF }];
}

/** A cache that is never read: either nothing is compiled, or nothing is found again. */
function judgeUse({ args, container, release, path }: Engine): CheckFinding[] {
  const env = new Map((container.env ?? []).map((one) => [one.name, one]));
  const unused = (message: string, fix: string): CheckFinding[] => [
    { code: "UnusedField", path: PATH, layer: "merged", message: `${path}: ${message}`, fix, fixes: OFF },
  ];
  if (flagValue(args, "enforce-eager") === "true") {
    return unused(
      "--enforce-eager disables compilation, so the compile cache has no effect",
      "remove the flag, or disable the cache",
    );
  }
  if (["1", "true"].includes(env.get("VLLM_DISABLE_COMPILE_CACHE")?.value ?? "")) {
    return unused("VLLM_DISABLE_COMPILE_CACHE disables the compile cache", "remove the variable, or disable the cache");
  }
  return IN_KEY.flatMap(({ variable, ...span }) => {
    const differs = env.get(variable)?.valueFrom !== undefined;
    if (release === undefined || !differs || positionIn(span, release.number) !== "inside") return [];
    const message = `the cache key of vLLM ${release.text} includes ${variable}, which differs in every pod, so no pod can reuse what another compiled`;
    return unused(message, `use an image with vLLM ${span.until} or later, or disable the cache`);
  });
}
