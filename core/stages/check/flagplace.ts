import { inRole } from "../../contract/role.ts";
import { FLAG_READERS, type FlagPlace, placeOf } from "../../knowledge/engine/flags/flagplace.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { type Engine, numberOf } from "./engine.ts";

function placeIn(
  { container, start, isSglang }: Pick<Engine, "container" | "start" | "isSglang">,
  flag: string,
): FlagPlace {
  return placeOf(container, flag, isSglang ? FLAG_READERS.sglang : FLAG_READERS.vllm, start?.takesArgs !== false);
}

function written(path: string, { field, index }: FlagPlace): string {
  return `${path}.${field}${index === undefined ? "" : `[${index}]`}`;
}

/** The path of a finding about a flag of an engine: the field that it follows from, its `args`, or the word of its `command`. */
export function flagPathOf(engine: Engine, flag: string): string {
  const field = engine.derived.get(flag);
  if (field !== undefined) return `spec.${field}`;
  const tuned = engine.tuned.get(flag);
  if (tuned !== undefined) return tuned.path;
  const sized = engine.sized.get(flag);
  if (sized !== undefined) return sized;
  return written(engine.path, placeIn(engine, flag));
}

/** What a fix calls the setting of an engine: the field of its role, or the flag where that stands in its command line. */
export function settingName(engine: Engine, flag: string, field: string): string {
  const tuned = engine.tuned.get(flag);
  if (tuned !== undefined) return tuned.path.slice("spec.".length);
  return Number.isNaN(numberOf(engine, flag) ?? Number.NaN) ? inRole(engine.role, field) : `--${flag}`;
}

export function isInScript(engine: Engine, flag: string): boolean {
  return engine.start !== undefined && placeIn(engine, flag).isScript === true;
}

/** The field of an engine that holds a flag, from its container on. */
export function flagFieldOf(
  engine: Pick<Engine, "container" | "start" | "isSglang">,
  flag: string,
): "args" | "command" {
  const { field, isScript } = placeIn(engine, flag);
  return isScript ? "args" : field;
}

/** The same for a flag that Go's packages read. */
export function goFlagPath(path: string, container: Container, flag: string): string {
  return written(path, placeOf(container, flag, FLAG_READERS.go));
}

export function goFlagField(container: Container, flag: string): "args" | "command" {
  return placeOf(container, flag, FLAG_READERS.go).field;
}
