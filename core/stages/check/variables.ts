import { hasPluginFlags } from "../../knowledge/engine/images.ts";
import { judgeVariable } from "../../knowledge/engine/judgevariables.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Check, CheckFinding, CheckSubject } from "./check.ts";
import type { Engine } from "./engine.ts";
import { isInTable } from "./flags.ts";

/** Variables that the engine's release does not read: what they were meant to set keeps its default. */
export const VARIABLES_CHECK: Check = {
  name: "the engine reads its environment variables",
  source: "vllm/envs.py of each vLLM release (core/knowledge/engine/variabletable.ts)",
  codes: ["UnreadVariable"],
  judge: (subject) => subject.engines.filter(({ isVllm }) => isVllm).flatMap((engine) => judgeEngine(engine, subject)),
};

function judgeEngine({ container, release, path, traced }: Engine, { provenance }: CheckSubject): CheckFinding[] {
  if (release === undefined || !isInTable(release)) return [];
  const { env = [], command = [], args = [], image = "" } = container;
  const words = [...command, ...args].join(" ");
  return env.flatMap(({ name }, index): CheckFinding[] => {
    const at = `${traced}.env[name=${name}]`;
    const layer = (entryOf(provenance, `${at}.value`) ?? entryOf(provenance, `${at}.name`))?.layer;
    // A preset is for several releases, and a variable that the command line reads is read.
    if (layer === undefined || layer.startsWith("preset ") || words.includes(name)) return [];
    const finding = judgeVariable(name, release, hasPluginFlags(image));
    return finding === undefined ? [] : [{ ...finding, code: "UnreadVariable", path: `${path}.env[${index}]`, layer }];
  });
}
