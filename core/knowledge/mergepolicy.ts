import type { MergeRules } from "../contract/layer.ts";
import type { JsonObject } from "../kubernetes/json.ts";
import type { Policy, Rule } from "../kubernetes/patch/policy.ts";
import { RAW, typeNamed } from "../kubernetes/patch/schema.ts";
import { entryOf } from "../kubernetes/table.ts";
import { ARGS_FIELDS, isEngine } from "./engine/flags/argfields.ts";
import { commandsMeeting } from "./engine/start/commands.ts";

/** The rules of the type tables, for the behaviour. */
export function policyOf({
  args,
  zeroOverrides,
  alternatives,
  flagsAlone = false,
  engine = "vllm",
}: MergeRules): Policy {
  return {
    ...(args === "flags" && {
      meeting: (type: string | undefined, path: string, base: JsonObject, patch: JsonObject) =>
        type === "Container" && isEngine(path) ? commandsMeeting(base, patch, { flagsAlone, engine }) : { base, patch },
    }),
    deleteRemoves: zeroOverrides,
    alternatives: (type) => (alternatives === "latest" ? (entryOf(ALTERNATIVES, type ?? "") ?? []) : []),
    rule(type, field, path) {
      const isSpecial = args === "flags" && (type === "Container" || type === "EnvVar");
      const special = isSpecial
        ? ARGS_FIELDS[engine].find((one) => one.type === type && one.field === field)
        : undefined;
      if (special?.where.test(path))
        return { how: "combine", combine: special.combine, ...(special.remove && { remove: special.remove }) };
      return ruleOf(type, field, zeroOverrides);
    },
  };
}

/** Maps, and fields that are in no table: maps are merged, anything else is replaced. */
const UNKNOWN: Rule = { how: "map" };

function ruleOf(type: string | undefined, name: string, rawReplaces: boolean): Rule {
  if (type === RAW)
    return { how: "refuse", reason: "the field belongs to a document that can only be replaced as a whole" };
  const field = typeNamed(type)?.get(name);
  const shape = field?.shape;
  switch (shape) {
    case "keyed":
      return { how: "keyed", key: field?.key ?? "name", ...(field?.type && { type: field.type }) };
    case "set":
      return { how: "set" };
    case "struct":
      if (field?.type === RAW && rawReplaces) return { how: "replace" };
      return { how: "map", ...(field?.type && { type: field.type }) };
    case "map":
    case undefined:
      return UNKNOWN;
    case "list":
    case "scalar":
      return { how: "replace" };
    default:
      return shape satisfies never;
  }
}

const STATIC_OR_SCALED = [["replicas", "scaling"]];
const ALTERNATIVES: Record<string, readonly (readonly string[])[]> = {
  LLMInferenceServiceSpec: STATIC_OR_SCALED,
  WorkloadSpec: STATIC_OR_SCALED,
  WVASpec: [["hpa", "keda"]],
  SchedulerPool: [["spec", "ref"]],
  SchedulerConfigSpec: [["inline", "ref"]],
  ManagedHTTPRoute: [["spec", "refs"]],
  EnvVar: [["value", "valueFrom"]],
  EnvVarSource: [[...(typeNamed("EnvVarSource")?.keys() ?? [])]],
  Volume: [[...(typeNamed("Volume")?.keys() ?? [])].filter((field) => field !== "name")],
  Probe: [["exec", "httpGet", "tcpSocket", "grpc"]],
  LifecycleHandler: [["exec", "httpGet", "tcpSocket", "sleep"]],
};
