import { flagPath } from "../../knowledge/engine/flags/argfields.ts";
import { flagValue, parseArgs } from "../../knowledge/engine/flags/commandline.ts";
import { type CheckFinding, type CheckSubject, SIZE_FIELDS } from "./check.ts";
import type { Engine } from "./engine.ts";
import { flagFieldOf, isInScript } from "./flagplace.ts";
import { inVllmWords, ownFlag } from "./sglang/sglangwords.ts";

/** A size of `parallelism` in a fix, with the role before it, and what to set it to. */
const SIZE = /(prefill\.|prefill's |decode's )?\bparallelism\.(tensor|pipeline|expert)\b( to (?:true|false)\b)?/g;

/** A finding whose fix names the flag of a size, and not the field of `parallelism`, where layers write the flag. */
export function inFlags(finding: CheckFinding, subject: CheckSubject): CheckFinding {
  const { fix, path } = finding;
  if (fix === undefined || !fix.includes("parallelism.")) return finding;
  const isOfPrefill = path.startsWith("spec.prefill");
  const engineOf = (role: string | undefined): Engine | undefined => {
    const isPrefill = role === undefined ? isOfPrefill : role.startsWith("prefill");
    return subject.engines.find((one) => one.role === (isPrefill ? "prefill" : "main"));
  };
  const named = fix.replace(SIZE, (word, role: string | undefined, field: string, to: string | undefined) => {
    const engine = engineOf(role);
    const flag = engine && writtenFlag(engine, field, subject);
    if (flag === undefined) return word;
    return `${role?.endsWith(".") ? "prefill's " : (role ?? "")}${flag}${to ?? ""}`;
  });
  if (named === fix) return finding;
  const switched = named.replace(SWITCHED_ON, (_, role: string | undefined, flag: string) => {
    const negation = negationIn(engineOf(role), flag);
    return negation === undefined ? `add ${role ?? ""}${flag}` : `replace ${role ?? ""}${negation} by ${flag}`;
  });
  return { ...finding, fix: switched.replace(SWITCHED_OFF, "remove $1") };
}
const SWITCHED_OFF = /\bset ((?:prefill's )?--enable-expert-parallel) to false\b/g;
const SWITCHED_ON = /\bset (prefill's )?(--enable-expert-parallel) to true\b/g;

/** The word that switches a flag off, as it is written. */
function negationIn(engine: Engine | undefined, flag: string): string | undefined {
  const found = parseArgs(engine?.args ?? []).findLast((one) => flag === `--${one.flag}`);
  return found?.negated ? found.words[0] : undefined;
}

/** The flag of a size that a layer writes; undefined if the size is a field, or is not set. */
function writtenFlag(engine: Engine, field: string, subject: CheckSubject): string | undefined {
  const [name = ""] = Object.entries(SIZE_FIELDS).find(([, one]) => one === field) ?? [];
  const own = ownFlag(inVllmWords(engine), name, subject);
  if (own.engine.isSglang) return `--${own.flag}`;
  if (engine.sized.has(name) || engine.tuned.has(name) || flagValue(engine.args, name) === undefined) return undefined;
  const words = `${engine.traced}.${flagFieldOf(engine, name)}`;
  const isWritten = isInScript(engine, name) || words.endsWith(".command");
  return isWritten || subject.provenance?.get(flagPath(words, name)) !== undefined ? `--${name}` : undefined;
}
