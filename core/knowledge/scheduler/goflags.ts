/** One flag of a Go program's command line, and the position of its words. */
export interface GoFlag {
  /** As it is written, without dashes. */
  name: string;
  /** Undefined for a flag without a value. */
  value?: string;
  /** Index of its first word, and how many words it has. */
  at: number;
  words: number;
}

export interface GoCommandLine {
  flags: GoFlag[];
  /**
   * Index of the first word that belongs to no flag; -1 if there is none. Go's `flag` package reads nothing after it.
   */
  stray: number;
}

const FLAG = /^--?([A-Za-z][^=]*)(?:=(.*))?$/s;

/**
 * Reads a command line as Go's `flag` and `pflag` packages do: one dash or two, `--flag=value` or `--flag value`. A switch never takes
 * the next word: `--secure-serving false` turns it on and leaves a stray word.
 * @param isSwitch Whether a flag is a switch; of an unknown one, the next word is its value unless it starts with a dash.
 */
export function parseGoFlags(words: readonly string[], isSwitch: (name: string) => boolean): GoCommandLine {
  const flags: GoFlag[] = [];
  let stray = -1;
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? "";
    const [, name, written] = FLAG.exec(word) ?? [];
    if (name === undefined) {
      // A template expands to an empty word if TLS is off: Go stops at it as at any other word, but the plan drops it.
      if (word !== "" && stray < 0) stray = at;
      at += 1;
      continue;
    }
    const next = words[at + 1];
    const takesNext = written === undefined && !isSwitch(name) && next !== undefined && !/^--?[A-Za-z]/.test(next);
    const value = takesNext ? next : written;
    flags.push({ name, ...(value !== undefined && { value }), at, words: takesNext ? 2 : 1 });
    at += takesNext ? 2 : 1;
  }
  return { flags, stray };
}

/** The last value of a flag, "true" for a switch without one; undefined if the flag is not set. */
export function goFlagValue({ flags }: GoCommandLine, ...names: readonly string[]): string | undefined {
  const found = flags.findLast(({ name }) => names.includes(name));
  return found === undefined ? undefined : (found.value ?? "true");
}

/** Whether a switch is on, by the words that Go accepts as true or false. */
export function isOn(value: string | undefined, initial: boolean): boolean {
  if (value === undefined) return initial;
  return /^(1|t|true)$/i.test(value);
}
