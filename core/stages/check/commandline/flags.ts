import type { EngineKind } from "../../../knowledge/engine/engines.ts";
import { judgeArgs, type Release } from "../../../knowledge/engine/flags/judge.ts";
import { ENGINE_FLAGS } from "../../../knowledge/engine/flags/known.ts";
import { hasPluginFlags, isOfficialRelease, mayReadOmni, releaseOfImage } from "../../../knowledge/engine/images.ts";
import { releaseNumber } from "../../../knowledge/engine/release.ts";
import { judgeCombined } from "../../../knowledge/engine/rules/combined.ts";
import { judgeModelTwice, judgeModelWord } from "../../../knowledge/engine/rules/modelword.ts";
import { judgeSglang } from "../../../knowledge/engine/sglang/rules.ts";
import { installsVllm } from "../../../knowledge/engine/start/installed.ts";
import { isWhole } from "../../../knowledge/engine/start/start.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { type Engine, flagsOwner } from "../engine.ts";
import { flagFixes, inFields } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";
import { adapterName } from "../groups/names.ts";
import { hasOwnPackages, installs } from "./unchanged.ts";

/** Flags that the engine's release does not have: vLLM would exit with a usage text after the image was pulled. */
export const FLAGS_CHECK: Check = {
  name: "the engine knows its flags",
  source:
    "the argument parsers of each release of vLLM and SGLang (core/knowledge/engine/flags/flagtable.ts, sglang/flagtable.ts)",
  codes: ["UnknownFlag", "RemovedFlag", "FlagTooNew", "InvalidFlagValue", "UnknownEngineVersion"],
  judge: (subject) => {
    const engines = subject.engines.filter(({ isVllm, isSglang }) => isVllm || isSglang);
    const found = engines.flatMap((engine) => judgeEngine(engine, subject));
    const unknown = engines.find((one) => one.release === undefined || !isInTable(one.release, flagsOwner(one)));
    return unknown === undefined ? found : [unknownRelease(unknown), ...found];
  },
};

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const found = judgeLine(engine);
  const own = hasPlugins(engine) ? found.filter(({ code }) => code !== "UnknownFlag") : found;
  const isUnchanged = runsRelease(engine);
  return own.map(({ flag, change, refusedByRelease, severity, ...finding }) => ({
    ...finding,
    ...(severity !== undefined && !(isUnchanged && refusedByRelease) && { severity }),
    fix: adaptersFix(flag, engine, subject) ?? inFields(finding.fix, engine),
    path: flagPathOf(engine, flag),
    layer: layerOfFlag(subject, engine, flag),
    ...withFixes(flagFixes(engine, flag, change, subject)),
  }));
}

/** Where a service has adapters of `model.lora`, the flag keeps these from being loaded. */
function adaptersFix(flag: string, { args }: Engine, { spec }: CheckSubject): string | undefined {
  const adapters = spec.model?.lora?.adapters ?? [];
  if (flag !== MODULES || adapters.length === 0) return undefined;
  const words = ENGINE_FLAGS.vllm.lines.parseArgs(args).filter((one) => one.flag === MODULES);
  const names = words.flatMap(({ values }) => values.flatMap(adapterName));
  const missing = names.filter((name) => !adapters.some((one) => one.name === name));
  if (missing.length === 0) return `remove --${MODULES}: spec.model.lora.adapters loads the same adapters`;
  return `remove --${MODULES}, and write ${missing.join(", ")} into spec.model.lora.adapters`;
}

const MODULES = "lora-modules";

function judgeLine(engine: Engine): ReturnType<typeof judgeArgs> {
  const { release, args } = engine;
  const kind = flagsOwner(engine);
  // A script or a file may hold more flags than can be read, among them those that seem to be missing.
  const isRead = kind === "vllm" && engine.start !== undefined && isWhole(engine.start);
  const isServed = isRead && isServe(engine);
  if (release === undefined) return isServed ? judgeModelTwice(args) : [];
  if (!isInTable(release, kind)) return [];
  return [
    ...judgeArgs(args, release, kind),
    ...(isRead ? judgeCombined(args, release) : []),
    ...(isServed ? judgeModelWord(args, release) : []),
    ...(kind === "sglang" ? judgeSglang(args, release) : []),
    ...judgeServedName(engine),
  ];
}

/** Whether the container itself writes `vllm serve`; the command of an image may also start the server's module. */
function isServe({ start, container }: Engine): boolean {
  return start?.isModule === false && (container.command ?? []).length > 0;
}

/**
 * SGLang reads the text after a colon as the name of an adapter. Source: check_server_args in
 * sglang/srt/server_args.py.
 */
function judgeServedName({ isSglang, args }: Engine): ReturnType<typeof judgeArgs> {
  const name = isSglang ? ENGINE_FLAGS.sglang.lines.flagValue(args, SERVED) : undefined;
  if (name === undefined || !name.includes(":")) return [];
  const message = `--${SERVED}: ${JSON.stringify(name)} contains a colon, and SGLang reads the text after it as the name of an adapter`;
  return [{ code: "InvalidFlagValue", flag: SERVED, message, fix: "set model.name to a name without a colon" }];
}

const SERVED = "served-model-name";

/** Whether plugins may read flags that are in no table, such as vLLM-Omni's `--omni`, which a script may install into any image. */
function hasPlugins({ container: { image = "", command = [] }, args }: Engine): boolean {
  const mayInstall = mayReadOmni(image) || command.some(installs);
  return hasPluginFlags(image) || (args.includes("--omni") && mayInstall);
}

/** Whether the engine is the release itself: its image is vLLM's own, and neither a script nor a volume adds to it. */
function runsRelease({ release, container }: Engine): boolean {
  const { image = "" } = container;
  return isOfficialRelease(image) && releaseOfImage(image) === release?.text && hasOwnPackages(container);
}

/** Whether the tables know the flags of a release. */
export function isInTable({ number }: Release, kind: EngineKind = "vllm"): boolean {
  const { first, last, width } = ENGINE_FLAGS[kind].known;
  return number >= (releaseNumber(first) ?? 0) && number < (releaseNumber(last) ?? 0) + width;
}

function unknownRelease(engine: Engine): CheckFinding {
  const { release, path, container, isVllm } = engine;
  const { title, known: span } = ENGINE_FLAGS[flagsOwner(engine)];
  const known = `${span.first} to ${span.last}`;
  const unknown =
    isVllm && installsVllm(container)
      ? `the release of ${title} that the script installs is not known`
      : `the release of ${title} in the image ${JSON.stringify(container.image ?? "")} is unknown`;
  return {
    code: "UnknownEngineVersion",
    path: `${path}.image`,
    layer: "merged",
    message:
      release === undefined
        ? `${unknown}, so its flags are not checked`
        : `the flags of ${title} ${release.text} are unknown, so they are not checked; known releases are ${known}`,
    fix:
      release === undefined
        ? `set \`engineVersion\`, for example ${span.last}`
        : `use a release from ${known}, or set checks.UnknownEngineVersion to off`,
  };
}
