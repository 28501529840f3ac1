import type { Json } from "../json.ts";
import { entryOf } from "../table.ts";
import type { StructuralSchema } from "./schema.ts";

const ON: readonly string[] = ["true", "t", "yes", "y", "on", "1", "enabled", "enable"];
const OFF: readonly string[] = ["false", "f", "no", "n", "off", "0", "disabled", "disable"];

/**
 * The switch that a word or a number means; undefined for other values.
 * Sources: the type bool of YAML 1.1; ParseBool of Go's strconv.
 */
export function meantSwitch(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const word = String(value).toLowerCase();
  return ON.includes(word) ? true : OFF.includes(word) ? false : undefined;
}

/**
 * Objects that are off if they are not set, and what turns them on. A router has nothing of its own that could be on.
 * Sources: the fields of LLMInferenceServiceSpec and RouterSpec, llm_inference_service_types.go of KServe v0.21;
 * VolumeSource of k8s.io/api v0.35.
 */
const TURNED_ON: Readonly<Record<string, Json | undefined>> = {
  router: { route: {}, gateway: {}, scheduler: {} },
  route: {},
  gateway: {},
  scheduler: {},
  pool: {},
  prefill: {},
  tracing: {},
  emptyDir: {},
  worker: {},
  scaling: undefined,
};

/** What to write in place of a switch where an object is expected. Without a value, the field is removed. */
export interface SwitchFix {
  fix: string;
  change: { value?: Json };
}

export function switchFix(value: Json, { type }: StructuralSchema, name: string): SwitchFix | undefined {
  const isOn = typeof value === "number" ? undefined : meantSwitch(value);
  if (type !== "object" || isOn === undefined || !Object.hasOwn(TURNED_ON, name)) return undefined;
  if (!isOn) return { fix: `remove it: ${name} is off if it is not set`, change: {} };
  const on = entryOf(TURNED_ON, name);
  return on === undefined
    ? undefined
    : { fix: `write ${name}: ${shownObject(on)}, which turns it on`, change: { value: on } };
}

function shownObject(value: Json): string {
  return JSON.stringify(value).replaceAll('"', "").replaceAll(":", ": ").replaceAll(",", ", ");
}
