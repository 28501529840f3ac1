import { field, isObject, type JsonObject } from "../../kubernetes/json.ts";
import { type SchedulerRelease, spansOf, standingOf } from "./releases.ts";

/** The releases whose weights are whole numbers. Source: SchedulingPlugin of apix/config/v1alpha1. */
export const WHOLE_WEIGHTS = spansOf(["llm-d@-0.6", "gie@-1.4"]);

/** A profile that a handler calls. */
interface CalledProfile {
  name: string;
  /** The parameter that names it. */
  parameter: string;
  /** What happens without it. */
  effect: string;
  /** Whether no request is answered without it. */
  isFatal: boolean;
  /** Whether a single profile serves without it: the handler is done when every profile has run. */
  unlessAlone?: true;
}

/** A plugin that a handler calls, such as the one that decides whether a prompt goes to prefill. */
interface CalledPlugin {
  name: string;
  parameter: string;
  isDefault: boolean;
}

/** What a handler of profiles calls by name. */
export interface HandlerNeeds {
  profiles: readonly CalledProfile[];
  plugins: readonly CalledPlugin[];
  /** Whether the release makes plugins in the order in which they are declared, so that a called one comes first. */
  readsInOrder: boolean;
}

/** The releases with deciders as plugins, and those that sort plugins by what they call. */
const DECIDES = spansOf(["llm-d@0.6-"]);
const SORTS = spansOf(["llm-d@0.10-"]);
/** The default decider of pd-profile-handler was another one at first. */
const FIRST_DECIDER = spansOf(["llm-d@0.6-0.7"]);

const FATAL = "the scheduler answers every request with an error";
const NO_PREFILL = "no prompt goes to the prefill pods";

/**
 * The profiles and plugins that a handler calls. Source: the handlers of profiles of llm-d-inference-scheduler 0.3 to
 * 0.8 and of llm-d-router 0.9 and 0.10: their factories, and Pick.
 */
export function handlerNeeds(
  { type, parameters }: { type: string; parameters: JsonObject },
  release: SchedulerRelease | undefined,
): HandlerNeeds {
  const has = (spans: typeof SORTS): boolean => release !== undefined && standingOf(spans, release).is === "there";
  const readsInOrder = release !== undefined && !has(SORTS);
  const needs = { profiles: [], plugins: [], readsInOrder };
  if (type === "disagg-profile-handler") return { ...needs, ...disaggregated(parameters) };
  if (type !== "pd-profile-handler") return needs;
  const own = textOf(parameters["deciderPluginName"]);
  const initial = has(FIRST_DECIDER) ? "always-disagg-pd-decider" : "prefix-based-pd-decider";
  const decider = { name: own ?? initial, parameter: "deciderPluginName", isDefault: own === undefined };
  const decode = textOf(parameters["decodeProfile"]) ?? "decode";
  const prefill = textOf(parameters["prefillProfile"]) ?? "prefill";
  return {
    profiles: [
      { name: decode, parameter: "decodeProfile", effect: FATAL, isFatal: true },
      { name: prefill, parameter: "prefillProfile", effect: FATAL, isFatal: true, unlessAlone: true },
    ],
    plugins: has(DECIDES) ? [decider] : [],
    readsInOrder,
  };
}

const FLAT: readonly string[] = [
  ...["decodeProfile", "prefillProfile", "encodeProfile"],
  ...["deciderPluginName", "prefillDeciderPluginName", "encodeDeciderPluginName"],
];

/**
 * The parameters of the older form, if a handler has those of both forms, which it refuses. Source: HandlerFactory of
 * disagg-profile-handler in llm-d-inference-scheduler 0.7 and 0.8, and llm-d-router 0.9 and 0.10.
 */
export function mixedParameters({ type, parameters }: { type: string; parameters: JsonObject }): string[] {
  const isNested = [parameters["profiles"], parameters["deciders"]].some(hasText);
  if (type !== "disagg-profile-handler" || !isNested) return [];
  return FLAT.filter((name) => textOf(field(parameters, name)) !== undefined);
}

function hasText(value: unknown): boolean {
  return isObject(value) && Object.values(value).some((one) => textOf(one) !== undefined);
}

/** The name of the profile of prefill, if a handler of both roles has no decider and so never calls it. */
export function uncalledProfile({ type, parameters }: { type: string; parameters: JsonObject }): string | undefined {
  if (type !== "disagg-profile-handler" || "stageOrder" in parameters) return undefined;
  const { profiles, plugins } = disaggregated(parameters);
  if (profiles.length > 1 || plugins.some(({ parameter }) => parameter.startsWith("deciders.prefill")))
    return undefined;
  return textOf(field(parameters["profiles"], "prefill")) ?? textOf(parameters["prefillProfile"]) ?? "prefill";
}

/** Its parameters have two forms, with parts and without. */
function disaggregated(parameters: JsonObject): Pick<HandlerNeeds, "profiles" | "plugins"> {
  const profiles = field(parameters, "profiles");
  const deciders = field(parameters, "deciders");
  const profile = (stage: string): string => {
    return textOf(field(profiles, stage)) ?? textOf(field(parameters, `${stage}Profile`)) ?? stage;
  };
  const decider = (stage: string, ...flat: string[]): CalledPlugin[] => {
    const found = [
      { parameter: `deciders.${stage}`, name: textOf(field(deciders, stage)) },
      ...flat.map((parameter) => ({ parameter, name: textOf(field(parameters, parameter)) })),
    ].find(({ name }) => name !== undefined);
    return found?.name === undefined ? [] : [{ name: found.name, parameter: found.parameter, isDefault: false }];
  };
  const prefill = decider("prefill", "prefillDeciderPluginName", "deciderPluginName");
  const decode = { name: profile("decode"), parameter: "profiles.decode", effect: FATAL, isFatal: true };
  const first = { name: profile("prefill"), parameter: "profiles.prefill", effect: NO_PREFILL, isFatal: false };
  return {
    profiles: [decode, ...(prefill.length > 0 ? [first] : [])],
    plugins: [...prefill, ...decider("encode", "encodeDeciderPluginName")],
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
