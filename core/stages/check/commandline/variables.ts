import type { Fix } from "../../../contract/issues/issue.ts";
import { hasPluginFlags } from "../../../knowledge/engine/images.ts";
import { judgeVariable, type VariableFinding } from "../../../knowledge/engine/variables/judgevariables.ts";
import { judgeVariableValue } from "../../../knowledge/engine/variables/variablevalues.ts";
import { type Check, type CheckFinding, type CheckSubject, withFixes } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagAt } from "../flagfixes.ts";
import { isInTable } from "./flags.ts";

/** Variables that the engine's release does not read: the setting that they were meant to change keeps its default. */
export const VARIABLES_CHECK: Check = {
  name: "the engine reads its environment variables",
  source:
    "vllm/envs.py of each vLLM release (variabletable.ts and variablevalues.ts of core/knowledge/engine/variables)",
  codes: ["UnreadVariable", "InvalidFlagValue"],
  judge: (subject) => subject.engines.filter(({ isVllm }) => isVllm).flatMap((engine) => judgeEngine(engine, subject)),
};

function judgeEngine(engine: Engine, { provenance }: CheckSubject): CheckFinding[] {
  const { container, release, path, traced } = engine;
  if (release === undefined || !isInTable(release)) return [];
  const { env = [], command = [], args = [], image = "" } = container;
  const words = [...command, ...args].join(" ");
  return env.flatMap(({ name, value }, index): CheckFinding[] => {
    const at = `${traced}.env[name=${name}]`;
    const layer = (provenance.get(`${at}.value`) ?? provenance.get(`${at}.name`))?.layer;
    // A preset serves several releases, and a variable that the command line uses counts as read.
    if (layer === undefined || layer.startsWith("preset ") || words.includes(name)) return [];
    const finding = judgeVariable(name, release, hasPluginFlags(image));
    if (finding === undefined) return valueFindings(engine, { name, value, index, layer });
    const fixes = layer === "service" ? variableFixes(engine, name, finding) : [];
    return [{ ...textsOf(finding), code: "UnreadVariable", path: `${path}.env[${index}]`, layer, ...withFixes(fixes) }];
  });
}

/** A value that the release refuses when it reads the variable. Plugins may add values. */
function valueFindings(
  engine: Engine,
  { name, value, index, layer }: { name: string; value?: string; index: number; layer: string },
): CheckFinding[] {
  const { container, release, path, traced } = engine;
  if (value === undefined || release === undefined || hasPluginFlags(container.image ?? "")) return [];
  const finding = judgeVariableValue(name, value, release);
  if (finding === undefined) return [];
  const { message, fix, severity, meant } = finding;
  const at = `spec.${traced}.env[name=${name}]`;
  const change: Fix = meant === undefined ? { path: at } : { path: `${at}.value`, value: meant };
  const found = { code: "InvalidFlagValue", path: `${path}.env[${index}].value`, layer, message, fix } as const;
  return [{ ...found, ...(severity && { severity }), ...withFixes(layer === "service" ? [change] : []) }];
}

function textsOf({ message, fix }: VariableFinding): Pick<CheckFinding, "message" | "fix"> {
  return { message, fix };
}

/** The fix removes the variable; the flag that replaced it gets its value, unless the engine has the flag already. */
function variableFixes(engine: Engine, variable: string, { flag, name }: VariableFinding): Fix[] {
  const at = (one: string): string => `spec.${engine.traced}.env[name=${one}]`;
  const { value } = engine.container.env?.find((one) => one.name === variable) ?? {};
  const gone: Fix = { path: at(variable) };
  if (name !== undefined && value !== undefined) return [gone, { path: `${at(name)}.value`, value }];
  if (flag === undefined || value === undefined) return [gone];
  return [gone, { path: flagAt(engine, flag), value }];
}
