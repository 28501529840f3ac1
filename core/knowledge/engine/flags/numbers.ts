import { positionIn, releaseNumber, type Span } from "../release.ts";
import { readNumber } from "../rules/number.ts";
import { ENGINE_FLAGS, type EngineFlags } from "./known.ts";

/** A flag with a number, and the release of the engine that reads it. */
interface NumberFlag {
  name: string;
  kind: "int" | "float";
  number: number;
  engine: EngineFlags;
}

/** What is wrong with a number, and the same number as the flag reads it, if there is one. */
interface WrongNumber {
  message: string;
  fix: string;
  value?: string;
}

/** What Python's `int` and `float` read: signs, underscores between digits, and spaces around it. */
const WHOLE = /^\s*[+-]?\d+(?:_\d+)*\s*$/;
const FLOAT =
  /^\s*[+-]?(?:(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?|inf|infinity|nan)\s*$/i;

/**
 * Numbers with a unit: 4k is 4000 and 4K is 4096, and only lower-case units have fractions. Source: human_readable_int,
 * vllm/engine/arg_utils.py, from 0.20 on vllm/utils/argparse_utils.py; SGLang has the same function.
 */
const WITH_UNIT = /^\s*(?:\d+[kKmMgGtT]|\d+\.\d+[kmgt])\s*$/;

/** The first release of vLLM that reads t and T. Source: the same function. */
const TRILLIONS = releaseNumber("0.13.0") ?? 0;

/** The word for the longest context that fits, and the first release that reads it. Source: human_readable_int_or_auto. */
const LONGEST = { flag: "max-model-len", word: /^\s*auto\s*$/i, from: "0.14.0" };

/** What is wrong with the form of a number; undefined if the engine reads it. */
export function wrongNumber(word: string, flag: NumberFlag): WrongNumber | undefined {
  if (isNullable(word, flag)) return undefined;
  const shown = JSON.stringify(word);
  if (flag.kind === "float")
    return FLOAT.test(word) ? undefined : { message: `${shown} is not a number`, fix: "write a number" };
  if (WHOLE.test(word) || (WITH_UNIT.test(word) && readsUnit(word, flag)) || isLongest(word, flag)) return undefined;
  const plain = withoutUnit(word);
  const isUnit = WITH_UNIT.test(word);
  const message = `${shown} ${isUnit ? "has a unit, which the flag does not accept" : "is not a whole number"}`;
  if (plain === undefined) return { message, fix: "write a whole number" };
  return { message, fix: `write the whole number ${plain}`, value: plain };
}

/** A number with a unit (`32k`) as a whole number; undefined for any other text. */
export function withoutUnit(word: string): string | undefined {
  const number = WHOLE.test(word) ? undefined : readNumber(word);
  return number === undefined || number < 0 || !Number.isSafeInteger(number) ? undefined : String(number);
}

function isInside(spans: ReadonlyMap<string, Span>, { name, number }: NumberFlag): boolean {
  const span = spans.get(name);
  return span !== undefined && positionIn(span, number) === "inside";
}

/** Which flags of SGLang read `None` is not known. */
function isNullable(word: string, flag: NumberFlag): boolean {
  const { nullable } = flag.engine;
  if (nullable === undefined) return word === "None";
  return (word === "None" || word === "") && isInside(nullable, flag);
}

function readsUnit(word: string, flag: NumberFlag): boolean {
  const isKnown = flag.engine !== ENGINE_FLAGS.vllm || flag.number >= TRILLIONS || !/t\s*$/i.test(word);
  return isKnown && isInside(flag.engine.withUnits, flag);
}

function isLongest(word: string, { name, number, engine }: NumberFlag): boolean {
  const { flag, word: auto, from } = LONGEST;
  return engine === ENGINE_FLAGS.vllm && name === flag && auto.test(word) && number >= (releaseNumber(from) ?? 0);
}
