import { FIRST_RELEASE, LAST_RELEASE } from "../../knowledge/engine/flagtable.ts";
import { hasPluginFlags } from "../../knowledge/engine/images.ts";
import { judgeArgs, type Release } from "../../knowledge/engine/judge.ts";
import { releaseNumber } from "../../knowledge/engine/release.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "./check.ts";
import type { Engine } from "./engine.ts";
import { flagFixes } from "./flagfixes.ts";

/** Flags that the engine's release does not have: vLLM would exit with a usage text after the image was pulled. */
export const FLAGS_CHECK: Check = {
  name: "the engine knows its flags",
  source: "the argument parser of each vLLM release (core/knowledge/engine/flagtable.ts)",
  codes: ["UnknownFlag", "RemovedFlag", "FlagTooNew", "InvalidFlagValue", "UnknownEngineVersion"],
  judge: (subject) => {
    const engines = subject.engines.filter(({ isVllm }) => isVllm);
    const found = engines.flatMap((engine) => judgeEngine(engine, subject));
    const unknown = engines.find(({ release }) => release === undefined || !isInTable(release));
    return unknown === undefined ? found : [unknownRelease(unknown), ...found];
  },
};

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { release, args, path } = engine;
  if (release === undefined || !isInTable(release)) return [];
  const found = judgeArgs(args, release);
  const own = hasPlugins(engine) ? found.filter(({ code }) => code !== "UnknownFlag") : found;
  return own.map(({ flag, change, ...finding }) => ({
    ...finding,
    path: `${path}.args`,
    layer: layerOfFlag(subject, engine, flag),
    ...withFixes(flagFixes(engine, flag, change, subject)),
  }));
}

/** Whether plugins may read flags that no table has; vLLM-Omni's is `--omni`, whatever the image is called. */
function hasPlugins({ container, args }: Engine): boolean {
  return hasPluginFlags(container.image ?? "") || args.includes("--omni");
}

/** Patches of the last release have its flags. */
export function isInTable({ number }: Release): boolean {
  const [first = 0, last = 0] = [FIRST_RELEASE, LAST_RELEASE].map(releaseNumber);
  return number >= first && number < last + 1_000_000;
}

function unknownRelease({ release, path, container }: Engine): CheckFinding {
  const known = `${FIRST_RELEASE} to ${LAST_RELEASE}`;
  const image = JSON.stringify(container.image ?? "");
  return {
    code: "UnknownEngineVersion",
    path: `${path}.image`,
    layer: "merged",
    message:
      release === undefined
        ? `the release of vLLM in the image ${image} is unknown, so its flags are not checked`
        : `the flags of vLLM ${release.text} are unknown, so they are not checked; known releases are ${known}`,
    fix:
      release === undefined
        ? "set `engineVersion`, for example 0.23.0"
        : `use a release from ${known}, or turn this warning off`,
  };
}
