import type { Behaviour } from "../../../../contract/behaviour.ts";
import type { SchedulerRelease } from "../../../../knowledge/scheduler/releases.ts";
import type { JsonObject } from "../../../../kubernetes/json.ts";

/** What a change of a configuration may read besides it. */
export interface EditInput extends Pick<Behaviour, "schedulerApi" | "schedulerMigrations"> {
  /** Command-line flags that a release no longer has, by their names. */
  flags: Readonly<Record<string, string>>;
  /** The settings of the engines' metrics from flags, as parameters of the plugin that replaced them. */
  source: JsonObject;
  /** The address of the service's own tokenizer. */
  tokenizerUrl?: string;
  /** The release of the scheduler. */
  release?: SchedulerRelease;
  /** Reports what the user's configuration contains and an edit leaves out, with the fix. */
  tell?(message: string, fix: string): void;
}

export type Edit = (config: JsonObject, input: EditInput) => JsonObject;
