import type { IssueCode } from "../../../contract/issues/issue.ts";
import { type SchedulerRelease, type Spans, standingOf, titleOf } from "../../../knowledge/scheduler/releases.ts";
import { isObject, type Json, type JsonObject, objectOf, objectsOf } from "../../../kubernetes/json.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import type { CheckFinding } from "../check.ts";

/** The codes of findings about the configuration. */
export const SCHEDULER_CONFIG_CODES = ["SchedulerConfig"] as const satisfies readonly IssueCode[];

/** A plugin of a configuration, as far as it can be read. */
export interface Plugin {
  type: string;
  /** Its own name, otherwise that of its type. */
  name: string;
  parameters: JsonObject;
}

/**
 * How a release treats names. If the release is unknown, all findings are warnings: another build may know more names.
 */
export class Judge {
  readonly release: SchedulerRelease | undefined;
  readonly #path: string;

  constructor(release: SchedulerRelease | undefined, path: string) {
    this.release = release;
    this.#path = path;
  }

  found(message: string, fix: string, certain = true): CheckFinding {
    const text = { message: `the configuration of the scheduler ${message}`, fix };
    const finding = { code: "SchedulerConfig" as const, path: this.#path, layer: "merged", ...text };
    return certain && this.release !== undefined ? finding : { ...finding, severity: "warning" };
  }

  /** Judges a name by the table of its kind, with a suggestion. */
  known(kind: string, name: string, table: ReadonlyMap<string, Spans>, instead?: string): CheckFinding[] {
    const near = this.corrected(name, table, instead);
    if (near === name) return [];
    const fix = near === undefined ? `remove ${name}` : `write ${near} instead of ${name}`;
    return [this.found(`has the ${kind} ${name}, ${this.#why(table.get(name))}`, fix)];
  }

  /** The name itself if the release has it, otherwise the one that is suggested for it. */
  corrected(name: string, table: ReadonlyMap<string, Spans>, instead?: string): string | undefined {
    const isThere = (one: string): boolean => {
      const other = table.get(one);
      return other !== undefined && this.has(other);
    };
    if (isThere(name)) return name;
    return [instead, nearest(name, [...table.keys()].filter(isThere))].find((one) => one !== undefined && isThere(one));
  }

  /** Whether the release has something; an unknown release may have it. */
  has(row: Spans): boolean {
    return this.release === undefined || standingOf(row, this.release).is === "there";
  }

  #why(row: Spans | undefined): string {
    const { release } = this;
    if (release === undefined) return "which no known release has";
    const standing = row && standingOf(row, release);
    const title = titleOf(release);
    if (standing?.is === "gone") return `which ${title} no longer has: it was removed in ${standing.since}`;
    if (standing?.is === "later") return `which ${title} does not have yet: it was added in ${standing.from}`;
    return `which ${title} does not have`;
  }

  /** Fields of an object that it does not have. */
  fields(item: JsonObject, known: readonly string[], where: string): CheckFinding[] {
    return Object.keys(item)
      .filter((name) => !known.includes(name))
      .map((name) =>
        this.found(`has the unknown field ${name} in ${where}`, `write ${nearest(name, known) ?? known.join(", ")}`),
      );
  }

  /** A value that the strict decoder does not read: it converts no types, and reads null as no value. */
  typed(value: Json | undefined, where: string, wanted: "text" | "number" | "list" | "mapping"): CheckFinding[] {
    if (value === undefined || value === null || isOf[wanted](value)) return [];
    const shown = shownValue(value);
    return [this.found(`has ${shown} in ${where}, which takes a ${wanted}`, `write a ${wanted} in ${where}`)];
  }
}

/** A value as messages show it. */
export function shownValue(value: Json): string {
  if (isObject(value)) return "a mapping";
  return Array.isArray(value) ? "a list" : JSON.stringify(value);
}

const isOf: Readonly<Record<"text" | "number" | "list" | "mapping", (value: Json) => boolean>> = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  list: Array.isArray,
  mapping: isObject,
};

/** A value of a configuration as a name; undefined for anything else. */
export function nameIn(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The plugins that a configuration declares, as far as they have types. */
export function pluginsOf({ plugins }: JsonObject): Plugin[] {
  return objectsOf(plugins).flatMap((plugin) => {
    const type = nameIn(plugin["type"]);
    if (type === undefined) return [];
    return [{ type, name: nameIn(plugin["name"]) ?? type, parameters: objectOf(plugin["parameters"]) }];
  });
}
