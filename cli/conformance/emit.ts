import { type Behaviour, KSERVE_0_20 } from "../../core/contract/behaviour.ts";
import { type Issue, isFine } from "../../core/contract/issue.ts";
import { GATEWAY, typeMeta } from "../../core/contract/kinds.ts";
import { parseSettings } from "../../core/contract/parsesettings.ts";
import type { Plan, PlanInput } from "../../core/contract/plan.ts";
import { replaceVariables } from "../../core/knowledge/templates/variables.ts";
import { asJson, isObject, type JsonObject } from "../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { plan, planSpec } from "../../core/plan.ts";
import { validateConfig, validateService } from "../../core/stages/admit/validate.ts";
import { mergeSpecs } from "../../core/stages/merge/merge.ts";
import { type Case, type CaseInput, type Recorded, SYSTEM_NAMESPACE } from "./cases.ts";

/** One result, in the format that the judge reads. */
export function emit(one: Case, recorded: Recorded): JsonObject {
  const input = one.read();
  switch (one.kind) {
    case "mergespecs":
      return orErrors(mergeSpecs(input.specs, KSERVE_0_20), ({ spec }) => ({ merged: spec }));
    case "replacevars": {
      const { config, input: service, globalConfig } = input;
      const replaced = replaceVariables({ config, service, globalConfig, behaviour: KSERVE_0_20 });
      return orErrors(replaced, ({ result }) => ({ result }));
    }
    case "config-validate":
      return verdict(validateConfig(input.input, KSERVE_0_20));
    case "service":
      return emitService(one, input, recorded);
    default:
      throw new Error(`a case of the unknown kind ${one.kind satisfies never}`);
  }
}

function emitService(one: Case, input: CaseInput, recorded: Recorded): JsonObject {
  if (one.suite === "validate") return verdict(validateService(input.input, KSERVE_0_20, input.oldInput));
  const { request, issues } = requestOf(input, recorded);
  if (request === undefined) return { errors: issues.map((issue) => asJson(issue)) };
  if (one.suite === "merge") {
    return orErrors(planMerge(input, request, recorded), ({ spec, appliedConfigs }) => ({
      merged: spec,
      appliedConfigs,
    }));
  }
  return orErrors(plan(request), ({ objects }) => ({ objects }));
}

/** What the recorded cluster held, as the input of a plan. */
export function requestOf(input: CaseInput, recorded: Recorded): { request?: PlanInput; issues: Issue[] } {
  const { settings, issues } = parseSettings(settingsOf(input, recorded), SYSTEM_NAMESPACE);
  if (settings === undefined) return { issues };
  const request: PlanInput = {
    service: input.input,
    configs: [...presetsOf(input, recorded.presets), ...input.configs.filter(admitted)],
    settings,
    known: [...commonState(input), ...input.preconditions],
    compat: "kserve-0.20",
  };
  return { request, issues };
}

/** What the API server refuses it does not store: KServe's merge is then recorded over what was written. */
const AS_WRITTEN: Behaviour = { ...KSERVE_0_20, schemaDefaults: false };

/** The merge of a service, over what the API server stored where it stored it. */
export function planMerge(input: CaseInput, request: PlanInput, recorded: Recorded): Plan {
  if (validateService(input.input, KSERVE_0_20).accepted) return planSpec(request);
  return planSpec({ ...request, configs: [...presetsOf(input, recorded.written()), ...input.configs] }, AS_WRITTEN);
}

/** Configs that the API server refuses do not exist when the service is planned. */
function admitted(config: JsonObject): boolean {
  return validateConfig(config, KSERVE_0_20).accepted;
}

function presetsOf({ omitPresets }: CaseInput, presets: JsonObject[]): JsonObject[] {
  if (omitPresets.length === 0) return presets;
  return presets.filter(({ metadata }) => isObject(metadata) && !omitPresets.includes(String(metadata.name)));
}

function settingsOf(input: CaseInput, recorded: Recorded): Record<string, string> {
  const all = Object.entries({ ...recorded.settings, ...input.settings });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** What the recorded cluster held in every case: the Gateway, and a bare default ServiceAccount in each namespace. */
function commonState({ input }: CaseInput): KubernetesObject[] {
  const metadata = isObject(input?.metadata) ? input.metadata : {};
  return [
    {
      ...GATEWAY,
      metadata: { name: "kserve-ingress-gateway", namespace: SYSTEM_NAMESPACE },
      spec: { gatewayClassName: "istio", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
    },
    {
      ...typeMeta("ServiceAccount"),
      metadata: { name: "default", namespace: String(metadata.namespace ?? "default") },
    },
  ];
}

function orErrors<T extends { issues: Issue[] }>(result: T, pick: (result: T) => object): JsonObject {
  return (isFine(result.issues) ? pick(result) : { errors: result.issues }) as JsonObject;
}

function verdict({ accepted, errors }: { accepted: boolean; errors: Issue[] }): JsonObject {
  return { accepted, errors: errors.map((issue) => asJson(issue)) };
}
