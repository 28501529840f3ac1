import { isSlip, nearest } from "../../../kubernetes/nearest.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { Release } from "../flags/judge.ts";
import { positionIn, readSpan, releaseNumber, type Span } from "../release.ts";
import { VARIABLE_SUCCESSORS, VARIABLES } from "./variabletable.ts";

/** A problem of a variable in an engine's environment. */
export interface VariableFinding {
  message: string;
  fix: string;
  /** The flag that replaced it with the same values, or the variable whose name was probably meant. */
  flag?: string;
  name?: string;
}

const PREFIX = "VLLM_";
/** The first release from which the table of variables was read. */
const FIRST = releaseNumber("0.8.0") ?? 0;

/** The spans of each variable, the earliest first. */
const TABLE: ReadonlyMap<string, readonly Span[]> = read(VARIABLES);

function read(text: string): Map<string, Span[]> {
  const table = new Map<string, Span[]>();
  for (const token of text.trim().split(/\s+/)) {
    const { name, ...span } = readSpan(token);
    table.set(PREFIX + name, [...(table.get(PREFIX + name) ?? []), span]);
  }
  return table;
}

function isRead(spans: readonly Span[], release: number): boolean {
  return spans.some((span) => positionIn(span, release) === "inside");
}

/**
 * Variables that do not belong to vLLM itself: KServe's, and those of plugins, which contain the name of the plugin.
 */
const OTHERS = /^VLLM_(ADDITIONAL_ARGS|ASCEND_|GAUDI_|HPU_|NEURON_|OMNI_|RBLN_|SPYRE_|TPU_)/;

/**
 * Judges a variable like a release of vLLM, which warns of each that begins with VLLM_ and that it does not read.
 * `isPlugin`: plugins of the image may read variables that are in no table. Source: validate_environ in vllm/envs.py.
 */
export function judgeVariable(name: string, release: Release, isPlugin: boolean): VariableFinding | undefined {
  if (!name.startsWith(PREFIX) || release.number < FIRST) return undefined;
  const spans = TABLE.get(name);
  if (spans === undefined) return isPlugin || OTHERS.test(name) ? undefined : unknown(name, release);
  if (isRead(spans, release.number)) return undefined;
  const later = spans.find((span) => positionIn(span, release.number) === "before");
  const earlier = spans.findLast((span) => positionIn(span, release.number) === "after");
  if (earlier !== undefined && later === undefined)
    return {
      message: `vLLM ${release.text} no longer reads ${name}: it was removed in ${earlier.until}`,
      ...successorOf(name),
    };
  const message =
    earlier === undefined
      ? `vLLM ${release.text} does not read ${name} yet: it was added in ${later?.from}`
      : `vLLM ${release.text} does not read ${name}: only releases before ${earlier.until} and from ${later?.from} on do`;
  return { message, fix: `remove it, or run vLLM ${later?.from} or later` };
}

function successorOf(variable: string): Pick<VariableFinding, "fix" | "flag"> {
  const fix = entryOf(VARIABLE_SUCCESSORS, variable) ?? "remove it";
  const [, flag] = /^remove it, and set (?:[\w.]+ or )?--([a-z0-9-]+)$/.exec(fix) ?? [];
  return { fix, ...(flag !== undefined && { flag }) };
}

function unknown(name: string, { text, number }: Release): VariableFinding {
  const own = [...TABLE].filter(([, spans]) => isRead(spans, number)).map(([known]) => known);
  const near = nearest(name, own);
  const fix = near === undefined ? "remove it" : `rename it to ${near}, or remove it`;
  const slip = near !== undefined && isSlip(name, near) ? { name: near } : {};
  return { message: `vLLM ${text} does not read the environment variable ${name}`, fix, ...slip };
}

/** Names of all variables of the table, of any release. */
export function allVariables(): string[] {
  return [...TABLE.keys()];
}
