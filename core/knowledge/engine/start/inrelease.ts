import type { EngineKind } from "../engines.ts";
import { inFull } from "../flags/abbreviated.ts";
import { ENGINE_FLAGS } from "../flags/known.ts";
import { sglangRelease } from "../images.ts";
import { releaseNumber } from "../release.ts";
import { releaseOfContainer } from "./installed.ts";
import { engineStart, type Startable } from "./start.ts";

/** The release of an engine that a container starts. `engineVersion` is that of vLLM first: an image of SGLang names its own. */
export function releaseText(container: Startable, kind: EngineKind, engineVersion?: string): string | undefined {
  if (kind === "vllm") return engineVersion ?? releaseOfContainer(container);
  return sglangRelease(container.image ?? "") ?? engineVersion;
}

/**
 * The command line of an engine as its release reads it: beginnings of flags are in full, also those that only this
 * release makes unique. Undefined if the container does not start the engine.
 */
export function argsInRelease(
  container: Startable,
  kind: EngineKind,
  engineVersion?: string,
): readonly string[] | undefined {
  const args = engineStart(container, kind)?.args;
  const release = releaseNumber(releaseText(container, kind, engineVersion) ?? "");
  return args === undefined || release === undefined ? args : inFull(args, release, ENGINE_FLAGS[kind].book);
}
