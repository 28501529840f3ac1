import { ENGINE_TITLE } from "../../../knowledge/engine/engines.ts";
import { ENGINE_FLAGS } from "../../../knowledge/engine/flags/known.ts";
import { otherEngineOf } from "../../../knowledge/engine/images.ts";
import { engineStart } from "../../../knowledge/engine/start/start.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { isInTable } from "../commandline/flags.ts";
import type { Engine } from "../engine.ts";
import { flagPathOf } from "../flagplace.ts";

/**
 * Flags of vLLM on a command line of SGLang which the table of a release does not judge: the service has no such
 * runtime, or the release is not in the table. They are warnings, because that release was not read.
 */
export const FOREIGN_FLAGS_CHECK: Check = {
  name: "a server of SGLang gets no flags of vLLM",
  source: "the parsers of SGLang and vLLM (core/knowledge/engine/sglang/flagtable.ts, flags/flagtable.ts)",
  codes: ["UnknownFlag"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeEngine(engine, subject)),
};

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { container, isSglang, isVllm, release } = engine;
  const isJudged = isSglang && release !== undefined && isInTable(release, "sglang");
  if (isVllm || isJudged || otherEngineOf(container.image ?? "") !== ENGINE_TITLE.sglang) return [];
  const { sglang, vllm } = ENGINE_FLAGS;
  const start = engineStart(container, "sglang");
  const names = sglang.lines.parseArgs(start?.args ?? []).map(({ flag = "" }) => flag);
  const isBeginning = (name: string): boolean => sglang.book.allFlags().some((one) => one.startsWith(name));
  const foreign = [...new Set(names)].filter(
    (name) =>
      sglang.book.flagNamed(name) === undefined && vllm.book.flagNamed(name) !== undefined && !isBeginning(name),
  );
  return foreign.map((name) => ({
    code: "UnknownFlag",
    severity: "warning",
    path: flagPathOf(engine, name),
    layer: layerOfFlag(subject, engine, name),
    message: `--${name} is a flag of ${vllm.title}, and no release of ${sglang.title} in the table has it`,
    fix: `remove --${name}`,
  }));
}
