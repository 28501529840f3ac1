import { type Behaviour, behaviourOf, type Compat } from "../../core/contract/behaviour.ts";
import { type Issue, isFine } from "../../core/contract/issues/issue.ts";
import { GATEWAY, typeMeta } from "../../core/contract/kinds.ts";
import { parseSettings } from "../../core/contract/options/parsesettings.ts";
import type { Plan, PlanInput } from "../../core/contract/plan.ts";
import { replaceVariables } from "../../core/knowledge/templates/variables.ts";
import { asJson, isObject, type JsonObject } from "../../core/kubernetes/json.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { plan, planSpec } from "../../core/plan.ts";
import { validateConfig, validateService } from "../../core/stages/admit/validate.ts";
import { mergeSpecs } from "../../core/stages/merge/merge.ts";
import { type Case, type CaseInput, type Recorded, SYSTEM_NAMESPACE } from "./cases.ts";

/** One result, in the format that the judge reads. */
export function emit(one: Case, recorded: Recorded, compat: Compat): JsonObject {
  const input = one.read();
  const behaviour = behaviourOf(compat);
  switch (one.kind) {
    case "mergespecs":
      return orErrors(mergeSpecs(input.specs, behaviour), ({ spec }) => ({ merged: spec }));
    case "replacevars": {
      const { config, input: service, globalConfig } = input;
      const replaced = replaceVariables({ config, service, globalConfig, behaviour });
      return orErrors(replaced, ({ result }) => ({ result }));
    }
    case "config-validate":
      return verdict(validateConfig(input.input, behaviour));
    case "service":
      return emitService(one, input, recorded, compat);
    default:
      throw new Error(`a case of the unknown kind ${one.kind satisfies never}`);
  }
}

function emitService(one: Case, input: CaseInput, recorded: Recorded, compat: Compat): JsonObject {
  if (one.suite === "validate") return verdict(validateService(input.input, behaviourOf(compat), input.oldInput));
  const { request, issues } = requestOf(input, recorded, compat);
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
export function requestOf(
  input: CaseInput,
  recorded: Recorded,
  compat: Compat,
): { request?: PlanInput; issues: Issue[] } {
  const { settings, issues } = parseSettings(settingsOf(input, recorded), { systemNamespace: SYSTEM_NAMESPACE });
  if (settings === undefined) return { issues };
  const request: PlanInput = {
    service: input.input,
    configs: [
      ...presetsOf(input, recorded.presets),
      ...input.configs.filter((config) => isStored(config, behaviourOf(compat))),
    ],
    settings,
    known: [...commonState(input), ...input.preconditions],
    compat,
  };
  return { request, issues };
}

/**
 * The merge of a service, over what the API server stored where it stored it. What it refuses it does not store: KServe's merge
 * is then recorded over what was written.
 */
export function planMerge(input: CaseInput, request: PlanInput, recorded: Recorded): Plan {
  const behaviour = behaviourOf(request.compat);
  if (validateService(input.input, behaviour).accepted) return planSpec(request);
  const mergedSpec = behaviour.mergedSpec === "dryRun" ? "none" : behaviour.mergedSpec;
  const asWritten: Behaviour = { ...behaviour, apiDefaults: "name", mergedSpec };
  return planSpec({ ...request, configs: [...presetsOf(input, recorded.written()), ...input.configs] }, asWritten);
}

/** The recorded configs were stored past the webhooks: only what their CRD refuses does not exist when the service is planned. */
function isStored(config: JsonObject, behaviour: Behaviour): boolean {
  return validateConfig(config, behaviour).fitsSchema;
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
