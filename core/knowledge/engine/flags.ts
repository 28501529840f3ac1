import { remembering } from "../../kubernetes/remember.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { ALIASES, CHOICES, KINDS } from "./flagtable.ts";
import { positionIn, readSpan, releaseNumber, type Span } from "./release.ts";

export type Kind = keyof typeof KINDS;

/** A flag of `vllm serve`: what it takes, and which releases have it. */
export interface Flag extends Span {
  /** Long, with dashes, without the leading ones. */
  name: string;
  kind: Kind;
}

/** How many words a flag takes, as far as cutting a command line needs to know. */
export type Takes = "nothing" | "value" | "list";

const words = (text: string): string[] => text.trim().split(/\s+/);

const FLAGS: ReadonlyMap<string, Flag> = new Map(
  (Object.keys(KINDS) as Kind[]).flatMap((kind) =>
    words(KINDS[kind]).map((token): [string, Flag] => {
      const { name, ...span } = readSpan(token);
      return [name, { name, kind, ...span }];
    }),
  ),
);

/** The flag of a canonical name ({@link flagName}); a key of a JSON flag (`kv-transfer-config.kv_role`) is its flag's. */
export function flagNamed(name: string): Flag | undefined {
  return FLAGS.get(rootOf(name));
}

/** Names of all flags of the table, of whatever release. */
export function allFlags(): string[] {
  return [...FLAGS.keys()];
}

/** The releases that each flag is of, as numbers: every unknown flag of a command line is compared with all of the table. */
const BOUNDS = [...FLAGS.values()].map(({ name, from, until }) => ({
  name,
  from: from === undefined ? -Infinity : (releaseNumber(from) ?? 0),
  until: until === undefined ? Infinity : (releaseNumber(until) ?? 0),
}));

/** Names of the flags that a release has. */
export function flagsOf(release: number): string[] {
  return BOUNDS.filter(({ from, until }) => from <= release && release < until).map(({ name }) => name);
}

/** What of a flag's values a release accepts; undefined where the table does not say. */
export function choicesOf(flag: Flag, release: number): string[] | undefined {
  const choices = entryOf(CHOICES, flag.name);
  if (choices === undefined) return undefined;
  return words(choices)
    .map(readSpan)
    .filter((span) => positionIn(span, release) === "inside")
    .map(({ name }) => name);
}

export function takesOf({ kind }: Pick<Flag, "kind">): Takes {
  if (kind === "switch" || kind === "once") return "nothing";
  return kind === "list" ? "list" : "value";
}

/** Flags that may stand several times and mean all of them (argparse's append). */
export function isRepeated(name: string): boolean {
  return FLAGS.get(name)?.kind === "repeated";
}

/**
 * A flag's one name, however it is written: `--Max_x`'s underscores are dashes, `-tp` is `tensor-parallel-size`, `--no-x` is
 * `x`, `--tensor-parallel` is the one flag that begins so. A key of a JSON flag (`--hf-overrides.a_b`) keeps its own spelling.
 */
export const flagName = remembering((written: string): string => {
  const [, dashes = "", root = "", key = ""] = /^(-*)([^.]*)(.*)$/s.exec(written) ?? [];
  const long = dashes === "-" ? (entryOf(ALIASES, root) ?? root) : root;
  const name = long.replaceAll("_", "-").replace(/^no-/, "");
  return (dashes === "--" ? unabbreviated(name) : name) + key;
}, 2048);

/** Whether it is a flag of some release in full. */
export function isFlag(name: string): boolean {
  return FLAGS.has(rootOf(name));
}

/** The one flag of all releases that begins so, as argparse reads it; the name itself where there are others, or none. */
function unabbreviated(name: string): string {
  if (name === "" || FLAGS.has(name)) return name;
  const [only, ...others] = [...FLAGS.keys()].filter((flag) => flag.startsWith(name));
  return only === undefined || others.length > 0 ? name : only;
}

/** The flags of a release that begin so: argparse takes the one, and refuses several. */
export function flagsWithPrefix(prefix: string, release: number): string[] {
  return flagsOf(release).filter((name) => name.startsWith(prefix));
}

/** The flag without the key of a JSON flag. */
export function rootOf(name: string): string {
  return name.split(".", 1)[0] ?? name;
}
