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
const FIRST = releaseNumber("0.8.5") ?? 0;

const TABLE: ReadonlyMap<string, Span> = new Map(
  VARIABLES.trim()
    .split(/\s+/)
    .map((token) => {
      const { name, ...span } = readSpan(token);
      return [PREFIX + name, span];
    }),
);

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
  const span = TABLE.get(name);
  if (span === undefined) return isPlugin || OTHERS.test(name) ? undefined : unknown(name, release);
  const position = positionIn(span, release.number);
  if (position === "inside") return undefined;
  if (position === "after")
    return {
      message: `vLLM ${release.text} no longer reads ${name}: it was removed in ${span.until}`,
      ...successorOf(name),
    };
  return {
    message: `vLLM ${release.text} does not read ${name} yet: it was added in ${span.from}`,
    fix: `remove it, or run vLLM ${span.from} or later`,
  };
}

function successorOf(variable: string): Pick<VariableFinding, "fix" | "flag"> {
  const fix = entryOf(VARIABLE_SUCCESSORS, variable) ?? "remove it";
  const [, flag] = /^remove it, and set (?:[\w.]+ or )?--([a-z0-9-]+)$/.exec(fix) ?? [];
  return { fix, ...(flag !== undefined && { flag }) };
}

function unknown(name: string, { text, number }: Release): VariableFinding {
  const own = [...TABLE].filter(([, span]) => positionIn(span, number) === "inside").map(([known]) => known);
  const near = nearest(name, own);
  const fix = near === undefined ? "remove it" : `rename it to ${near}, or remove it`;
  const slip = near !== undefined && isSlip(name, near) ? { name: near } : {};
  return { message: `vLLM ${text} does not read the environment variable ${name}`, fix, ...slip };
}

/** Names of all variables of the table, of any release. */
export function allVariables(): string[] {
  return [...TABLE.keys()];
}
