import { remembering } from "../../../kubernetes/remember.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { positionIn, readSpan, releaseNumber, type Span } from "../release.ts";
import type { KINDS } from "./flagtable.ts";

type Kind = keyof typeof KINDS;

/** A flag of an engine: its value, and which releases have it. */
export interface Flag extends Span {
  /** The long name with dashes, without the leading ones. */
  name: string;
  kind: Kind;
}

/** How many words a flag takes, as far as splitting a command line requires. */
export type Takes = "nothing" | "value" | "list";

/** The flags of one engine, from its tables. */
export interface FlagTables {
  /** By kind of value, the flags as text: `NAME` or `NAME@FROM-UNTIL`. */
  kinds: Readonly<Record<Kind, string>>;
  /** By flag, the values that it accepts, in the same notation. */
  choices: Readonly<Record<string, string>>;
  /** Short forms, by the text after their one dash. */
  shortForms: Readonly<Record<string, string>>;
  /** Other names of a flag, with two dashes. */
  longForms: Readonly<Record<string, string>>;
  /** Whether the parser reads underscores as dashes; argparse itself does not. */
  underscores: boolean;
}

/** Reads an engine's flags in any spelling. Engines that use argparse differ only in their tables. */
export interface FlagBook {
  /**
   * A flag's canonical name for any spelling: underscores of `--Max_x` are dashes if the parser reads them so, a short
   * form and another long name belong to their flag, `--no-x` is `x`, and a beginning of exactly one flag is that flag.
   * A key of a JSON flag (`--hf-overrides.a_b`) keeps its own spelling. argparse does not read a long
   * name with one dash (`-max-model-len`), or its beginning (SGLang's `-tp`), as the flag, so that name keeps its dash.
   */
  flagName(written: string): string;
  /** The flag of a canonical name; a key of a JSON flag (`kv-transfer-config.kv_role`) is its flag's. */
  flagNamed(name: string): Flag | undefined;
  /** Names of all flags of the table, of whatever release. */
  allFlags(): string[];
  /** Names of the flags that a release has. */
  flagsOf(release: number): string[];
  /** The values of a flag that a release accepts; undefined if the table does not have them. */
  choicesOf(flag: Flag, release: number): string[] | undefined;
  /** The flags of a release with that beginning: argparse accepts a single one, and refuses several. */
  flagsWithPrefix(prefix: string, release: number): string[];
}

const words = (text: string): string[] => text.trim().split(/\s+/).filter(Boolean);

export function flagBook({ kinds, choices, shortForms, longForms, underscores }: FlagTables): FlagBook {
  const flags: ReadonlyMap<string, Flag> = new Map(
    (Object.keys(kinds) as Kind[]).flatMap((kind) =>
      words(kinds[kind]).map((token): [string, Flag] => {
        const { name, ...span } = readSpan(token);
        return [name, { name, kind, ...span }];
      }),
    ),
  );
  const flagsOf = byRelease([...flags.values()]);
  /** The values of a flag in any release. */
  const choicesOfAll = remembering((flag) => {
    const values = entryOf(choices, flag);
    return values === undefined ? undefined : words(values).map(readSpan);
  });
  const names = [...flags.keys(), ...Object.keys(longForms)];
  const long = (name: string): string => entryOf(longForms, name) ?? name;
  /** The one flag of all releases with that beginning, as argparse reads it; otherwise the name itself. */
  const unabbreviated = (name: string): string => {
    if (name === "" || flags.has(name)) return name;
    if (entryOf(longForms, name) !== undefined) return long(name);
    const [only, ...others] = new Set(names.filter((one) => one.startsWith(name)).map(long));
    return only === undefined || others.length > 0 ? name : only;
  };
  /** Whether a name with two dashes is a flag, or a switch that is turned off. */
  const isLong = (name: string): boolean =>
    flags.has(unabbreviated(name)) ||
    (name.startsWith("no-") && flags.get(unabbreviated(name.slice("no-".length)))?.kind === "switch");
  return {
    flagNamed: (name) => flags.get(rootOf(name)),
    allFlags: () => [...flags.keys()],
    flagsOf,
    choicesOf(flag, release) {
      return choicesOfAll(flag.name)
        ?.filter((span) => positionIn(span, release) === "inside")
        .map(({ name }) => name);
    },
    flagsWithPrefix: (prefix, release) => flagsOf(release).filter((name) => name.startsWith(prefix)),
    flagName: remembering((written: string): string => {
      const [, dashes = "", root = "", key = ""] = /^(-*)([^.]*)(.*)$/s.exec(written) ?? [];
      const short = dashes === "-" ? entryOf(shortForms, root) : undefined;
      const full = short ?? root;
      const dashed = underscores ? full.replaceAll("_", "-") : full;
      if (dashes === "-" && short === undefined && full.length > 1 && isLong(dashed)) return `-${dashed}${key}`;
      const name = dashed.replace(/^no-/, "");
      return (dashes === "--" ? unabbreviated(name) : name) + key;
    }, 2048),
  };
}

/**
 * The names of the flags of a release. The releases of each flag are numbers here, because every unknown flag of a
 * command line is compared with the whole table.
 */
function byRelease(flags: readonly Flag[]): (release: number) => string[] {
  const bounds = flags.map(({ name, from, until }) => ({
    name,
    from: from === undefined ? -Infinity : (releaseNumber(from) ?? 0),
    until: until === undefined ? Infinity : (releaseNumber(until) ?? 0),
  }));
  return (release) => bounds.filter(({ from, until }) => from <= release && release < until).map(({ name }) => name);
}

export function takesOf({ kind }: Pick<Flag, "kind">): Takes {
  if (kind === "switch" || kind === "once") return "nothing";
  return kind === "list" ? "list" : "value";
}

/** The flag that a name with one dash too few stands for; undefined for a name without a dash. */
export function withoutDash(name: string): string | undefined {
  return name.startsWith("-") && !name.startsWith("--") ? name.slice(1) : undefined;
}

/** The flag of a canonical name, which may be written with one dash too few. */
export function flagMeant(book: FlagBook, name: string): Flag | undefined {
  const meant = withoutDash(name);
  return book.flagNamed(meant === undefined ? name : book.flagName(`--${meant}`));
}

/** The flag without the key of a JSON flag. */
export function rootOf(name: string): string {
  const end = name.indexOf(".");
  return end < 0 ? name : name.slice(0, end);
}
