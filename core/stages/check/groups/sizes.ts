import type { ModelInfo } from "../../../knowledge/models/config/config.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { hasPlugin } from "../../../knowledge/scheduler/config.ts";
import { numberOf } from "../engine.ts";
import { atFlag, flagWords, type GroupFinding, type Serving } from "./planned.ts";

/** The scheduler's plugin that sends a request to pods labelled for its length. Source: llm-d-router 0.7. */
const BY_LENGTH = "context-length-aware";

/** Requests that only some of the pods can serve, because their context is longer. */
export function judgeContexts(groups: readonly Serving[], config: unknown, modelInfo?: ModelInfo): GroupFinding[] {
  if (hasPlugin(config, BY_LENGTH)) return [];
  const read = groups.flatMap((group) => {
    const flag = group.engine.isSglang ? "context-length" : "max-model-len";
    const words = flagWords(group.engine, flag);
    const tokens = words === undefined ? positionsOf(group, modelInfo) : numberOf(group.engine, flag);
    return tokens === undefined ? [] : [{ group, flag, tokens }];
  });
  const longest = read.reduce<(typeof read)[number] | undefined>(
    (best, one) => (best === undefined || one.tokens > best.tokens ? one : best),
    undefined,
  );
  if (longest === undefined) return [];
  return read
    .filter(({ tokens }) => tokens < longest.tokens)
    .map(({ group, flag, tokens }) =>
      atFlag(group, flag, {
        severity: "warning",
        message: `the pods of ${group.name} take ${tokens} tokens of context, but those of ${longest.group.name} take ${longest.tokens}, and requests go to both: longer requests fail on some of the pods`,
        fix: `set --${flag} to the same value in all groups, or add the plugin ${BY_LENGTH} to the configuration of the scheduler`,
      }),
    );
}

/** The model's own length, if no other is set. */
function positionsOf({ spec }: Serving, modelInfo: ModelInfo | undefined): number | undefined {
  return servedModel({ spec, ...(modelInfo && { modelInfo }) })?.maxPositions;
}
