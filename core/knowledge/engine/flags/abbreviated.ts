import { type FlagBook, rootOf } from "./flagbook.ts";

/** A flag before its keys or its value. */
const WRITTEN = /^--[A-Za-z][\w-]*/;

/**
 * The command line with each abbreviated flag in full, if the release's argparse finds only one flag with that
 * beginning. Beginnings that are unique over all releases are resolved everywhere; this resolves those that are unique
 * only in this release. The same list if there are none.
 */
export function inFull(args: readonly string[], release: number, book: FlagBook): readonly string[] {
  const end = args.indexOf("--");
  const full = args.map((word, at) => (end >= 0 && at >= end ? word : wordInFull(word, release, book)));
  return full.some((word, at) => word !== args[at]) ? full : args;
}

function wordInFull(word: string, release: number, book: FlagBook): string {
  const [written] = WRITTEN.exec(word) ?? [];
  const isEnd = [undefined, ".", "="].includes(word[written?.length ?? 0]);
  if (written === undefined || !isEnd || book.flagNamed(rootOf(book.flagName(written))) !== undefined) return word;
  const name = written.slice("--".length).replaceAll("_", "-");
  const negation = name.startsWith("no-") ? "no-" : "";
  const [only, ...others] = book.flagsWithPrefix(name.slice(negation.length), release);
  return only === undefined || others.length > 0 ? word : `--${negation}${only}${word.slice(written.length)}`;
}
