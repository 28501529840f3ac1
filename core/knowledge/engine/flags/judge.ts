import type { IssueCode } from "../../../contract/issues/issue.ts";
import { readJson } from "../../../kubernetes/json.ts";
import { hasLikeWords, isSlip, nearest, removeBeside, sameButOneWord } from "../../../kubernetes/nearest.ts";
import { entryOf, type Table, tableOf } from "../../../kubernetes/table.ts";
import { type EngineKind, SGLANG_RUNTIME } from "../engines.ts";
import { positionIn, releaseNumber } from "../release.ts";
import { type Flag, flagMeant, rootOf, withoutDash } from "./flagbook.ts";
import { intoDocument } from "./intodocument.ts";
import { ENGINE_FLAGS, type EngineFlags } from "./known.ts";
import type { Arg } from "./latestargs.ts";
import { withoutUnit, wrongNumber } from "./numbers.ts";
import { dashedFlag, flagsInValue, oneWord, oneWordFlag, type Slip } from "./slips.ts";
import { needsWord, switched, takesBoolean, wasSwitch } from "./switches.ts";

/** A problem of one argument of an engine's command line. */
export interface ArgFinding {
  code: Extract<IssueCode, "UnknownFlag" | "RemovedFlag" | "FlagTooNew" | "InvalidFlagValue">;
  /** Canonical name of the flag; "" for a bare word. */
  flag: string;
  message: string;
  fix: string;
  /** Set if the release may accept it nevertheless. */
  severity?: "warning";
  /** Whether only a plugin, or a build other than the release's own, may accept it: the tables have all of the release. */
  refusedByRelease?: true;
  /** The fix as a change of the command line, if only one is right. */
  change?: FlagChange;
}

/**
 * What replaces a flag: it is removed, has another name with the same values, has another value, or is split into other
 * flags.
 */
export type FlagChange =
  | { to: "flags"; flags: readonly { name: string; value: string }[] }
  | { to: "nothing" }
  | { to: "name"; name: string; value?: string }
  | { to: "value"; value: string };

const NOTHING: FlagChange = { to: "nothing" };

/** `use --NAME` and `use --NAME=VALUE` of the table of successors, and what is only removed because it has no meaning. */
function changeOf(fix: string): FlagChange | undefined {
  if (/^remove it(:|$)/.test(fix)) return NOTHING;
  const [, name, value] = /^use --([a-z0-9-]+)(?:=([a-z0-9]+))?$/.exec(fix) ?? [];
  return name === undefined ? undefined : { to: "name", name, ...(value !== undefined && { value }) };
}

function withChange(change: FlagChange | undefined): Pick<ArgFinding, "change"> {
  return change === undefined ? {} : { change };
}

/** A release to judge by: as text, and as a comparable number. */
export interface Release {
  text: string;
  number: number;
}

/** A release of an engine, with what is known of its flags. */
interface Parser extends Release {
  engine: EngineFlags;
  /** The flags of the command line. */
  written: ReadonlySet<string>;
}

/**
 * Judges a command line like the argument parser of a release of the engine, but with names instead of "unrecognized
 * arguments". Values that are only known in the cluster or after expansion (`$(VAR)`, `{{ … }}`) are not judged.
 */
export function judgeArgs(args: readonly string[], release: Release, kind: EngineKind = "vllm"): ArgFinding[] {
  const engine = ENGINE_FLAGS[kind];
  const parsed = engine.lines.parseArgs(args);
  const parser = { ...release, engine, written: new Set(parsed.flatMap(({ flag }) => flag ?? [])) };
  const bare = parsed.filter(
    ({ flag, words: [word = ""] }, i) => flag === undefined && (i === 0 || !UNKNOWN_YET.test(word)),
  );
  const dashed = args.flatMap((word) => dashedFlag(word, engine) ?? []).map(ofWord);
  const stray = bare.slice(engine.bareWords).filter(({ words: [word = ""] }) => dashedFlag(word, engine) === undefined);
  const extra = stray.map(({ words }) => strayWord(words[0] ?? "", engine));
  const lines = bare.slice(0, engine.bareWords).flatMap(({ words: [word = ""] }) => oneWord(word) ?? []);
  return [...parsed.flatMap((arg) => judgeArg(arg, parser)), ...lines.map(ofWord), ...dashed, ...extra];
}

function ofWord({ message, fix }: Pick<ArgFinding, "message" | "fix">): ArgFinding {
  return { code: "InvalidFlagValue", flag: "", message, fix };
}

function strayWord(word: string, { bareWords, title }: EngineFlags): ArgFinding {
  const why = bareWords > 0 ? "and the model is already given" : `and ${title} takes no other arguments`;
  return {
    code: "InvalidFlagValue",
    flag: "",
    message: `${JSON.stringify(word)} does not belong to a flag, ${why}`,
    fix: "remove it, or write its flag in front of it",
  };
}

function judgeArg(arg: Arg, release: Parser): ArgFinding[] {
  const { flag: name, words } = arg;
  // The parser itself reads -O3, in every release.
  if (name === undefined || name === "--" || name === "config" || /^-O/.test(words[0] ?? "")) return [];
  const flag = release.engine.book.flagNamed(name) ?? abbreviated(name, words[0] ?? "", release);
  if (flag === undefined) return [unknown(arg, name, release)];
  const position = positionIn(flag, release.number);
  const line = flagsInValue(arg, release.engine);
  if (line !== undefined) return [splitFlag("InvalidFlagValue", name, line)];
  if (position === "inside") return judgeValues(arg, flag, release);
  return [position === "after" ? removed(flag, arg.values, release) : tooNew(flag, release)];
}

/** A word that is to become several. */
function splitFlag(code: ArgFinding["code"], flag: string, { flags, ...line }: Slip): ArgFinding {
  return { code, flag, ...line, ...withChange(flags && { to: "flags", flags }) };
}

const NEGATION = /^--no[-_]/;

/** Only long flags can be abbreviated, and only switches can be negated. */
function prefixedBy(name: string, written: string, { number, engine }: Parser): string[] {
  const found = written.startsWith("--") ? engine.book.flagsWithPrefix(rootOf(name), number) : [];
  return NEGATION.test(written) ? found.filter((one) => engine.book.flagNamed(one)?.kind === "switch") : found;
}

/** Maximum number of flags that a message names. */
const NAMED = 5;

/** The beginning of several flags. */
function ambiguous(name: string, written: string, flags: readonly string[], { text, engine }: Parser): ArgFinding {
  const [start] = written.split(/[.=]/, 1);
  const full = flags.map((one) => `--${NEGATION.test(written) ? "no-" : ""}${one}`);
  const more = full.length > NAMED ? ` and ${full.length - NAMED} more` : "";
  const message = `${start} abbreviates more than one flag of ${engine.title} ${text}: ${full.slice(0, NAMED).join(", ")}${more}`;
  return { code: "UnknownFlag", flag: name, message, fix: `write one of them in full, for example ${full[0]}` };
}

/** The one flag of the release with that beginning, if other releases have more. */
function abbreviated(name: string, written: string, release: Parser): Flag | undefined {
  const [only, ...others] = prefixedBy(name, written, release);
  return only === undefined || others.length > 0 ? undefined : release.engine.book.flagNamed(only);
}

function unknown(arg: Arg, name: string, release: Parser): ArgFinding {
  const { text, number, engine } = release;
  const [written = ""] = arg.words;
  const root = rootOf(name);
  const meant = withoutDash(name);
  const long = flagMeant(engine.book, name);
  if (meant !== undefined && long !== undefined) return oneDash(name, meant, long, release);
  const asWritten = written.startsWith("--") ? `--${root}` : (/^[^.=]*/.exec(written)?.[0] ?? root);
  const line = oneWordFlag(name, written, engine);
  if (line !== undefined) return splitFlag("UnknownFlag", name, line);
  const several = prefixedBy(name, written, release);
  if (several.length > 0) return ambiguous(name, written, several, release);
  const message = `${engine.title} ${text} does not have the flag ${asWritten}`;
  const same = sameOfVllm(root, arg, release);
  if (same !== undefined) return { code: "UnknownFlag", flag: name, message, ...same };
  const found = nearest(root, engine.book.flagsOf(number));
  const near = found !== undefined && (isSlip(root, found) || hasLikeWords(root, found)) ? found : undefined;
  const isBeside = near !== undefined && release.written.has(near);
  const meantFix = isBeside ? removeBeside(asWritten, `--${near}`) : `did you mean --${near}?`;
  const other = near === undefined ? otherEngine(root, engine) : meantFix;
  const fix = other ?? `remove it; ${engine.help} lists the flags`;
  const isMeant = near !== undefined && (isSlip(root, near) || isSameFlag({ ...arg, flag: root }, near, release));
  const change: FlagChange | undefined = isMeant ? { to: "name", name: near } : undefined;
  return { code: "UnknownFlag", flag: name, message, fix, ...withChange(change) };
}

/** argparse knows only short forms by one dash: it refuses any other word that begins with one. */
function oneDash(name: string, meant: string, flag: Flag, { text, engine, written }: Parser): ArgFinding {
  const isNegated = NEGATION.test(`--${meant}`) && !rootOf(meant).startsWith(flag.name);
  const message = `${engine.title} ${text} does not have the flag ${name}: only short forms have a single dash`;
  return {
    code: "UnknownFlag",
    flag: name,
    message,
    fix: written.has(flag.name) ? removeBeside(name, `--${flag.name}`) : `write --${meant}`,
    ...withChange({ to: "name", name: isNegated ? flag.name : meant, ...(isNegated && { value: "false" }) }),
  };
}

/** The flag of the engine with the meaning of one of vLLM, whose meaning its own flag with the most similar name does not share. */
function sameOfVllm(
  root: string,
  { words: [written = ""], values: [value = ""] }: Arg,
  { engine, number }: Parser,
): Pick<ArgFinding, "fix" | "change"> | undefined {
  if (engine.inPlaceOf === undefined || ENGINE_FLAGS.vllm.book.flagNamed(root) === undefined) return undefined;
  const plain = withoutUnit(value);
  const found = engine.inPlaceOf(root, { negated: NEGATION.test(written), ...(plain !== undefined && { plain }) });
  const same = engine.book.flagNamed(found?.flag ?? "");
  if (found === undefined || (found.flag !== undefined && same === undefined)) return undefined;
  if (same !== undefined && positionIn(same, number) !== "inside") return undefined;
  const change: FlagChange | undefined = same && {
    to: "name",
    name: same.name,
    ...(plain !== undefined && { value: plain }),
  };
  return { fix: found.fix, ...withChange(change ?? changeOf(found.fix)) };
}

/** Whether only one flag of the release differs in one word alone, which begins alike, and takes the value. */
function isSameFlag(arg: Arg, near: string, release: Parser): boolean {
  const same = release.engine.book.flagsOf(release.number).filter((one) => sameButOneWord(arg.flag ?? "", one));
  const flag = release.engine.book.flagNamed(near);
  if (flag === undefined || same.length !== 1 || same[0] !== near) return false;
  return judgeValues({ ...arg, flag: near }, flag, release).length === 0;
}

/** SGLang's flags on the command line of vLLM. */
function otherEngine(flag: string, { title }: EngineFlags): string | undefined {
  const { book, title: other } = ENGINE_FLAGS.sglang;
  if (title === other || book.flagNamed(flag) === undefined) return undefined;
  return `set runtime to ${SGLANG_RUNTIME} if ${other} is meant, which has the flag; otherwise remove it`;
}

function removed({ name, until }: Flag, values: readonly string[], { text, engine }: Parser): ArgFinding {
  const message = `${engine.title} ${text} no longer has the flag --${name}: it was removed in ${until}`;
  const fix = entryOf(engine.successors, name) ?? "remove it";
  return { code: "RemovedFlag", flag: name, message, ...withChange(changeOf(fix)), ...intoDocument(fix, values) };
}

function tooNew({ name, from }: Flag, { text, engine }: Parser): ArgFinding {
  const message = `${engine.title} ${text} does not have the flag --${name} yet: it was added in ${from}`;
  const fix = entryOf(engine.predecessors, name) ?? `remove it, or run ${engine.title} ${from} or later`;
  return { code: "FlagTooNew", flag: name, message, fix, ...withChange(changeOf(fix)) };
}

const WHOLE = /^-?\d+$/;
const UNKNOWN_YET = /\{\{|\$\(/;

function judgeValues({ flag: name = "", values, negated, words }: Arg, flag: Flag, release: Parser): ArgFinding[] {
  const wrong: Wrong = (message, fix, change) => [
    { code: "InvalidFlagValue", flag: name, message: `--${name}: ${message}`, fix, ...withChange(change) },
  ];
  const takesNothing = flag.kind === "switch" || flag.kind === "once";
  const given = values[0] ?? "";
  if (negated && flag.kind !== "switch" && !wasSwitch(name, release))
    return wrong(`${release.engine.title} does not have the flag --no-${name}`, "remove the flag", NOTHING);
  if (takesNothing && values.length > 0 && !takesBoolean(name, given, release)) {
    return judgeSwitched(name, { given, negated, isApart: words.length > 1 }, flag);
  }
  if (takesNothing || UNKNOWN_YET.test(words.join(" "))) return [];
  const mayBeEmpty =
    flag.kind === "optional" || (flag.kind === "list" && release.number < release.engine.fullListsFrom);
  if (values.length === 0 && needsWord(name, release))
    return wrong("the flag needs a value, but has none", `write --${name}=true`, { to: "value", value: "true" });
  if (values.length === 0 && !mayBeEmpty) return wrong("the flag needs a value, but has none", `write --${name}=VALUE`);
  // A key of a JSON flag has a separate type.
  if (name.includes(".")) return [];
  return (flag.kind === "list" ? values : [given]).flatMap((word) => judgeWord(word, flag, release, wrong));
}

/** A value that is written after a flag without values. After `--no-NAME`, true turns the flag off. */
function judgeSwitched(
  name: string,
  { given, negated, isApart }: { given: string; negated: boolean; isApart: boolean },
  flag: Flag,
): ArgFinding[] {
  const change = switched(given, negated, flag);
  const off = flag.kind === "switch" ? `--no-${name}` : "remove the flag";
  const both = negated ? `write ${off}, or --${name}` : `write --${name}, or ${off}`;
  const meant = change?.value === "true" ? `write --${name}` : `write --no-${name}`;
  const message = `--${negated ? "no-" : ""}${name}: the flag takes no value, but has the value ${JSON.stringify(given)}`;
  const alone = change?.value === (negated ? "false" : "true") ? "" : ` and ${meant}`;
  const apart = isApart && change !== undefined ? `remove the word ${JSON.stringify(given)}${alone}` : undefined;
  const fix = apart ?? (negated && change !== undefined ? meant : both);
  return [{ code: "InvalidFlagValue", flag: name, message, fix, ...withChange(change) }];
}

type Wrong = (message: string, fix: string, change?: FlagChange) => ArgFinding[];

function judgeWord(word: string, flag: Flag, release: Parser, wrong: Wrong): ArgFinding[] {
  const { name, kind } = flag;
  if (kind === "int" || kind === "float") {
    const number = wrongNumber(word, { name, kind, number: release.number, engine: release.engine });
    if (number === undefined) return [];
    const { message, fix, value } = number;
    return wrong(message, fix, value === undefined ? undefined : { to: "value", value });
  }
  if (isReadAsJson(word, flag, release) && readJson(withoutUnits(word, flag, release)) === undefined)
    return wrong(
      `${DOCUMENT.test(word) ? "the document" : word} is not valid JSON`,
      "write a JSON document, or its keys as --FLAG.key=VALUE",
    );
  const choices = release.engine.book.choicesOf(flag, release.number);
  if (choices === undefined || choices.length === 0 || word === "None") return [];
  if (choices.includes(LOOSE.has(flag.name) ? word.toLowerCase().replaceAll("-", "_") : word)) return [];
  const refused = `${release.engine.title} ${release.text} does not accept ${JSON.stringify(word)}`;
  if (choices.every((one) => WHOLE.test(one))) return wrong(refused, ...nextNumber(flag.name, Number(word), choices));
  const type = TYPES.get(word.toLowerCase());
  if (type !== undefined && choices.includes(type))
    return wrong(refused, `write ${type}`, { to: "value", value: type });
  const near = nearest(word, choices);
  const all = `use one of: ${choices.join(", ")}`;
  if (flag.name === "dtype" && SMALL_TYPE.test(word)) return wrong(refused, `${IN_8_BITS}; otherwise ${all}`);
  const found = wrong(
    refused,
    near === undefined ? all : `did you mean ${near}? Otherwise ${all}`,
    near !== undefined && isSlip(word, near) && numbersIn(word) === numbersIn(near)
      ? { to: "value", value: near }
      : undefined,
  );
  return PARSERS.has(name) ? found.map((one) => ({ ...one, severity: "warning" })) : found;
}

/** Parsers of answers, of which builds of the night and of forks have more than the release. */
const PARSERS: ReadonlySet<string> = new Set(["tool-call-parser", "reasoning-parser"]);

/** Short names of types that the command line knows only by their long ones. */
const TYPES: Table<string> = tableOf({ fp16: "float16", bf16: "bfloat16", fp32: "float32" });

/** Types of fewer than 16 bits, which are a quantization and never the type of the activations. */
const SMALL_TYPE = /^(?:fp|float|int|uint|nf|mxfp|nvfp)_?[48]/i;
const IN_8_BITS =
  "write --quantization=fp8 instead for weights in 8 bits, or --kv-cache-dtype=fp8 for a KV cache in 8 bits";

/** The numbers of a word: another number is another meaning, never a slip. */
function numbersIn(word: string): string {
  return (word.match(/\d+/g) ?? []).join();
}

/** Numbers that are upper limits: the engine also serves whatever a smaller number covers. */
const LIMITS: ReadonlySet<string> = new Set(["max-lora-rank"]);

/** What to write in place of a number that is not among the choices: names that look alike mean nothing here. */
function nextNumber(flag: string, number: number, choices: readonly string[]): [fix: string, change?: FlagChange] {
  const ordered = [...choices].sort((a, b) => Number(a) - Number(b));
  const all = `use one of: ${ordered.join(", ")}`;
  const larger = LIMITS.has(flag) ? ordered.find((one) => Number(one) >= number) : undefined;
  if (larger === undefined) return [all];
  return [`write ${larger}, the next larger number that it accepts, or ${all}`, { to: "value", value: larger }];
}

/**
 * Flags whose choices may also be written with capitals and dashes. Source: the `type` of their `add_argument`,
 * vllm/engine/arg_utils.py.
 */
const LOOSE: ReadonlySet<string> = new Set(["moe-backend", "linear-backend", "sparse-indexer-topk-backend"]);

/**
 * Flags that are read as JSON whatever their value begins with, by the first release. The values of other flags may be
 * plain words.
 */
const ALWAYS_JSON: Readonly<Record<string, string>> = {
  "hf-overrides": "0.8.5",
  "speculative-config": "0.8.5",
  "kv-transfer-config": "0.8.5",
  "limit-mm-per-prompt": "0.10",
  "mm-processor-kwargs": "0.10",
  "override-generation-config": "0.10",
  "kv-events-config": "0.10",
  "structured-outputs-config": "0.11",
  "eplb-config": "0.11",
  "default-chat-template-kwargs": "0.14",
};

/** Source: _compute_kwargs in vllm/engine/arg_utils.py: before 0.10 a dict could be written as `key=value,…`. */
function isReadAsJson(word: string, { name, kind }: Flag, { number, engine }: Parser): boolean {
  const from = engine === ENGINE_FLAGS.vllm ? entryOf(ALWAYS_JSON, name) : undefined;
  if (from !== undefined && word !== "None" && number >= (releaseNumber(from) ?? 0)) return true;
  return kind === "json" && DOCUMENT.test(word);
}
/** The beginning of a document. A message does not quote the rest, which may contain a credential. */
const DOCUMENT = /^\s*[{[]/;

/**
 * Flags whose document is only parsed as JSON, not by the classes of the configuration. Source: `json.loads` as their
 * type.
 */
const PLAIN_JSON: ReadonlySet<string> = new Set([
  ...["hf-overrides", "speculative-config", "diffusion-config", "watermark-config", "limit-mm-per-prompt"],
  ...["default-chat-template-kwargs", "reasoning-effort-map", "mm-processor-kwargs", "override-generation-config"],
]);
/** The first release whose documents may have numbers with a unit. Source: _expand_json_human_readable_numbers, vllm/engine/arg_utils.py. */
const UNITS_IN_JSON = releaseNumber("0.20.0") ?? 0;

/** A document with its numbers with a unit (`80m`) outside of strings as plain numbers, if the release reads them. */
function withoutUnits(text: string, { name }: Flag, { number, engine }: Parser): string {
  if (engine !== ENGINE_FLAGS.vllm || number < UNITS_IN_JSON || PLAIN_JSON.has(name)) return text;
  let start = 0;
  const parts = text.replaceAll(/\\./gs, "__").split('"');
  const plain = parts.map(({ length }, i) => {
    const part = text.slice(start, start + length);
    start += length + 1;
    return i % 2 === 0 ? part.replaceAll(/\b\d+(?:\.\d+)?[kKmMgGtT]\b/g, "0") : part;
  });
  return plain.join('"');
}
