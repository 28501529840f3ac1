import { ENGINE_TITLE, type EngineKind } from "../engines.ts";
import { readSpan, releaseNumber, type Span } from "../release.ts";
import { SGLANG_FLAGS, SGLANG_LINES } from "../sglang/flags.ts";
import * as sglangTable from "../sglang/flagtable.ts";
import * as sglangReplaced from "../sglang/replaced.ts";
import { inPlaceOf } from "../sglang/settings.ts";
import { type CommandLines, VLLM_LINES } from "./commandline.ts";
import type { FlagBook } from "./flagbook.ts";
import { VLLM_FLAGS } from "./flags.ts";
import { FIRST_RELEASE, LAST_RELEASE, NULLABLE, WITH_UNITS } from "./flagtable.ts";
import { PREDECESSORS, SUCCESSORS } from "./replaced.ts";

/** What is known of the flags of an engine. */
export interface EngineFlags {
  title: string;
  book: FlagBook;
  lines: CommandLines;
  /** Bare words that it takes: the model. */
  bareWords: number;
  /** The first release from which every flag with a list is known to need a value; unset if that is not known. */
  fullListsFrom: number;
  /** The flags whose numbers may have a unit (`32k`), with the releases that read it. */
  withUnits: ReadonlyMap<string, Span>;
  /** The flags whose number may be `None` or an empty text; unset if that is not known. */
  nullable?: ReadonlyMap<string, Span>;
  /** The command that lists its flags. */
  help: string;
  /** The releases of the tables: the first, the last, and the range of numbers between the last and the next one. */
  known: { first: string; last: string; width: number };
  /** The replacement of a removed flag, and the predecessor of a new one. */
  successors: Readonly<Record<string, string>>;
  predecessors: Readonly<Record<string, string>>;
  /** What it has in place of a flag of another engine; unset for the engine whose names others are compared with. */
  inPlaceOf?: typeof inPlaceOf;
}

/** A table of names, each with the releases that it holds for. */
function spansOf(table: string): ReadonlyMap<string, Span> {
  const entries = table.trim().split(/\s+/).map(readSpan);
  return new Map(entries.map(({ name, ...span }) => [name, span]));
}

export const ENGINE_FLAGS: Readonly<Record<EngineKind, EngineFlags>> = {
  vllm: {
    title: ENGINE_TITLE.vllm,
    book: VLLM_FLAGS,
    lines: VLLM_LINES,
    bareWords: 1,
    // No release of the table has a list whose `nargs` is `*`.
    fullListsFrom: releaseNumber(FIRST_RELEASE) ?? Number.POSITIVE_INFINITY,
    withUnits: spansOf(WITH_UNITS),
    nullable: spansOf(NULLABLE),
    help: "`vllm serve --help=all`",
    // Patches of the last minor release have its flags.
    known: { first: FIRST_RELEASE, last: LAST_RELEASE, width: 1_000_000 },
    successors: SUCCESSORS,
    predecessors: PREDECESSORS,
  },
  sglang: {
    title: ENGINE_TITLE.sglang,
    book: SGLANG_FLAGS,
    lines: SGLANG_LINES,
    bareWords: 0,
    fullListsFrom: Number.POSITIVE_INFINITY,
    withUnits: spansOf(sglangTable.WITH_UNITS),
    help: "`python3 -m sglang.launch_server --help`",
    // Every release of SGLang 0.5 adds flags: only post-releases of the last one have its flags.
    known: { first: sglangTable.FIRST_RELEASE, last: sglangTable.LAST_RELEASE, width: 1_000 },
    successors: sglangReplaced.SUCCESSORS,
    predecessors: sglangReplaced.PREDECESSORS,
    inPlaceOf,
  },
};
