import { jsonOf } from "../../../kubernetes/json.ts";
import { isSlip, nearest } from "../../../kubernetes/nearest.ts";
import { flagNamed } from "../flags/flags.ts";
import { positionIn, readSpan, type Span } from "../release.ts";
import type { Broken, Line } from "./rule.ts";
import type { LineJudge } from "./triggers.ts";
import { ATTENTION, CONNECTORS, LOAD_FORMATS, QUANTIZATIONS, REASONING_PARSERS, TOOL_PARSERS } from "./wordtable.ts";

/** A flag that takes any word, but the engine must know the word when it starts. */
interface OpenWords {
  flag: string;
  /** What a word stands for. */
  what: string;
  /** The words of all releases, each with the releases that have it. */
  known: readonly Word[];
  /** A flag that adds words. */
  plugin?: string;
  /** Words of another form: the path of a class. */
  others?: RegExp;
  /** Whether nothing else can add a word, such as a plugin that is installed in the image. */
  certain?: true;
  /** Whether the engine ignores the case of letters. */
  anyCase?: true;
  /** The switch without which the engine does not look the word up. */
  needs?: string;
  /** Whether the config.json of the model may set another word instead. Source: _verify_quantization, vllm/config/model.py. */
  replaced?: true;
}

type Word = ReturnType<typeof readSpan>;

const words = (text: string): Word[] => text.trim().split(/\s+/).map(readSpan);

const TOOLS = "enable-auto-tool-choice";

/** A release may add or remove a word: the tables are in wordtable.ts. */
const OPEN: readonly OpenWords[] = [
  { flag: "tool-call-parser", what: "parser", known: words(TOOL_PARSERS), plugin: "tool-parser-plugin", needs: TOOLS },
  { flag: "reasoning-parser", what: "parser", known: words(REASONING_PARSERS), plugin: "reasoning-parser-plugin" },
  { flag: "load-format", what: "format", known: words(LOAD_FORMATS), anyCase: true },
  { flag: "config-format", what: "format", known: words("auto hf mistral") },
  { flag: "quantization", what: "quantisation", known: words(QUANTIZATIONS), replaced: true },
  { flag: "attention-backend", what: "backend", known: words(ATTENTION), anyCase: true },
  { flag: "data-parallel-backend", what: "backend", known: words("mp ray"), certain: true },
  {
    flag: "distributed-executor-backend",
    what: "backend",
    known: words("external_launcher mp ray uni"),
    others: /\./,
    certain: true,
  },
];

/**
 * Words that no release of vLLM knows: the engine exits when it looks them up. Plugins may add words, so most are
 * warnings.
 */
export const WORD_JUDGES: readonly LineJudge[] = [
  ...OPEN.map((open) => (line: Line) => judgeWord(open, line)),
  judgeConnector,
];

function judgeWord(open: OpenWords, line: Line): Broken | undefined {
  const { flag, what, known, plugin, others, certain, anyCase, needs, replaced } = open;
  const isRead = replaced !== true && (needs === undefined || line.isOn(needs));
  const word = line.text(flag);
  // A flag that the release does not have is one fault, whatever its word is.
  const own = flagNamed(flag);
  if (own !== undefined && positionIn(own, line.release.number) !== "inside") return undefined;
  if (word === undefined || word === "" || /[$\s]|\{\{/.test(word)) return undefined;
  if (others?.test(word) === true || (plugin !== undefined && line.text(plugin) !== undefined)) return undefined;
  const read = (one: string): string => (anyCase ? one.toLowerCase() : one);
  const same = known.filter(({ name }) => read(name) === read(word));
  if (same.length > 0) {
    const other = otherRelease(same, what, line);
    if (other === undefined) return undefined;
    return { flag, message: `--${flag}: ${other.message}`, fix: other.fix, severity: "warning", ...ofRelease(isRead) };
  }
  const names = [...new Set(known.map(({ name }) => name))];
  // There are many backends, and newer releases add more: a word is only reported if it nearly equals a known one.
  const near = nearest(word, names);
  const isMeant = near !== undefined && isSlip(word, near);
  if (flag === "attention-backend" && near === undefined) return undefined;
  return {
    flag,
    message: `--${flag}: no release of vLLM has the ${what} ${word}`,
    fix: near === undefined ? `write one of ${names.join(", ")}, or remove the flag` : `did you mean ${near}?`,
    ...(isMeant && { change: { to: "value", value: near } }),
    ...(certain !== true && { severity: "warning", ...ofRelease(isRead) }),
  };
}

function ofRelease(isRead: boolean): Pick<Broken, "refusedByRelease"> {
  return isRead ? { refusedByRelease: true } : {};
}

/**
 * The message about a word that only other releases have. Images built between two of them may have it nevertheless.
 */
function otherRelease(
  spans: readonly Span[],
  what: string,
  { release }: Line,
): Pick<Broken, "message" | "fix"> | undefined {
  if (spans.some((span) => positionIn(span, release.number) === "inside")) return undefined;
  const later = spans.find((span) => positionIn(span, release.number) === "before");
  const name = `vLLM ${release.text}`;
  if (later === undefined) {
    const message = `${name} no longer has this ${what}: it was removed in ${spans.at(-1)?.until}`;
    return { message, fix: `use another ${what}, or remove it` };
  }
  const message = `${name} does not have this ${what} yet: it was added in ${later.from}`;
  return { message, fix: `use another ${what}, or run vLLM ${later.from} or later` };
}

const CONNECTED = words(CONNECTORS);
/** Former names of connectors: from engines before V1, and from the examples. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["LMCacheConnector", "LMCacheConnectorV1"],
  ["SharedStorageConnector", "ExampleConnector"],
]);
const TRANSFER = "kv-transfer-config";

/**
 * Names that nearly equal a connector's, or that belong to one of another release: other names may be those of plugins.
 */
function judgeConnector(line: Line): Broken[] {
  const config = jsonOf(line.text(TRANSFER));
  const name = config?.["kv_connector"];
  if (typeof name !== "string" || config?.["kv_connector_module_path"]) return [];
  const same = CONNECTED.filter((one) => one.name === name);
  const other = same.length === 0 ? undefined : otherRelease(same, "connector", line);
  if (same.length > 0 && other === undefined) return [];
  const names = CONNECTED.filter((one) => positionIn(one, line.release.number) === "inside").map((one) => one.name);
  const after = RENAMED.get(name) ?? "";
  const meant = names.includes(after)
    ? after
    : names.find((one) => one.toLowerCase() === name.toLowerCase() || (other === undefined && isSlip(name, one)));
  if (meant === undefined && other === undefined) return [];
  const message = other === undefined ? `vLLM has no connector ${name}` : `${name}: ${other.message}`;
  const fix = meant === undefined ? (other?.fix ?? "") : `write ${meant}`;
  const found = `--${TRANSFER}: ${message}`;
  return [{ flag: TRANSFER, message: found, fix, severity: "warning", refusedByRelease: true }];
}
