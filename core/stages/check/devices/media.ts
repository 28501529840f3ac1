import { flagValue, parseArgs } from "../../../knowledge/engine/flags/commandline.ts";
import { rootOf } from "../../../knowledge/engine/flags/flagbook.ts";
import { documentsOf } from "../../../knowledge/engine/flags/keyedflags.ts";
import type { FitRequest } from "../../../knowledge/memory/request.ts";
import { isObject, jsonOf } from "../../../kubernetes/json.ts";
import type { Engine } from "../engine.ts";

const LIMITS = "limit-mm-per-prompt";
const SIZES = "mm-processor-kwargs";

/** What the flags say of the tower for media. */
export function mediaOf(
  { args }: Engine,
  text: (flag: string) => string | undefined,
): Pick<FitRequest, "wholeTower" | "textOnly" | "skipsMedia" | "withoutVideos" | "sizedMedia"> {
  const limits = limitsOf(args);
  return {
    skipsMedia: text("skip-mm-profiling") === "true" || undefined,
    wholeTower: text("mm-encoder-tp-mode") === "data" || undefined,
    textOnly: text("language-model-only") === "true" || takesNone(limits) || undefined,
    withoutVideos: limits.some(([name, limit]) => name === "video" && countOf(limit) === 0) || undefined,
    sizedMedia:
      parseArgs(args).some(({ flag = "" }) => rootOf(flag) === SIZES) ||
      limits.some(([name, limit]) => name !== "audio" && isSized(limit)) ||
      undefined,
  };
}

/** The limits as JSON, as separate keys, or as pairs (before 0.10). */
function limitsOf(args: Engine["args"]): [string, unknown][] {
  const value = flagValue(args, LIMITS) ?? "";
  const keys = documentsOf(parseArgs(args), (flag) => flag === LIMITS).get(LIMITS);
  const pairs = value.split(",").flatMap((pair): [string, number][] => {
    const [, name, limit] = /^(\w+)=(\d+)$/.exec(pair.trim()) ?? [];
    return name === undefined ? [] : [[name, Number(limit)]];
  });
  return Object.entries(jsonOf(keys ?? value) ?? Object.fromEntries(pairs));
}

/** How to take no videos. */
export function withoutVideosFix({ args }: Engine): string {
  const change = limitsOf(args).length > 0 ? `add "video": 0 to --${LIMITS}` : `set --${LIMITS}={"video": 0}`;
  return `${change} if the service gets no videos`;
}

/** Whether the limits leave out pictures and videos. */
function takesNone(limits: readonly [string, unknown][]): boolean {
  const isLimited = (modality: string): boolean => limits.some(([name]) => name === modality);
  return isLimited("image") && isLimited("video") && limits.every(([, limit]) => countOf(limit) === 0);
}

/**
 * A limit is a number or, from 0.11.1 on, an object with `count` and the size that is profiled. Source:
 * BaseDummyOptions, vllm/config/multimodal.py.
 */
function countOf(limit: unknown): unknown {
  return isObject(limit) ? limit.count : limit;
}

function isSized(limit: unknown): boolean {
  return isObject(limit) && Object.keys(limit).some((key) => key !== "count");
}
