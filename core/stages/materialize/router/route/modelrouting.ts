import { GATEWAY } from "../../../../contract/kinds.ts";
import { ANNOTATION } from "../../../../contract/names.ts";
import { isObject, type Json, type JsonObject, listOf } from "../../../../kubernetes/json.ts";
import type { MaterializeContext } from "../../context.ts";
import type { Rule } from "./backends.ts";

/**
 * Requests may name their model in a header, so that services can share a gateway's paths. With model routing each LoRA
 * adapter counts as a model too; without it the rules that read the header are removed. Source: expectedHTTPRoute in
 * router.go, isModelBasedRoutingEnabled, stripModelBasedRoutingRules and expandLoRAAdapterMatches in config_merge.go,
 * KServe v0.20.0.
 */
export function withModelRouting(rules: Rule[], context: MaterializeContext): Rule[] {
  const { modelBasedRoutingHeaderName: header } = context.settings;
  return isEnabled(context) ? rules.map((rule) => withAdapters(rule, context)) : withoutHeader(rules, header);
}

/**
 * The annotation of the merged spec states that the engine answers to the names in the header; a gateway can opt out.
 */
function isEnabled({ spec, service, settings, known }: MaterializeContext): boolean {
  if (settings.modelBasedRoutingHeaderName === "" || spec.annotations?.[ANNOTATION.modelRouting] !== "true")
    return false;
  const { modelBasedRoutingMode: mode } = settings;
  if (mode !== "enabled") return mode === "forced";
  return !(spec.router?.gateway?.refs ?? []).some(({ name = "", namespace }) => {
    const gateway = known.get(GATEWAY.apiVersion, GATEWAY.kind, namespace || service.metadata.namespace, name);
    return gateway?.metadata.annotations?.[ANNOTATION.modelRouting] === "false";
  });
}

/** A rule that only matched the header is removed with its matches. */
function withoutHeader(rules: Rule[], header: string): Rule[] {
  if (header === "") return rules;
  return rules.flatMap((rule) => {
    const { matches } = rule;
    if (!Array.isArray(matches)) return [rule];
    const kept = matches.filter((match) => !readsHeader(match, header));
    return kept.length > 0 ? [{ ...rule, matches: kept }] : [];
  });
}

/** Repeats each match of the header for every adapter, after the existing matches. */
function withAdapters(rule: Rule, { spec, service, settings }: MaterializeContext): Rule {
  const { matches } = rule;
  const names = (spec.model.lora?.adapters ?? []).flatMap(({ name }) => (name === undefined ? [] : [name])).sort();
  if (!Array.isArray(matches) || names.length === 0) return rule;
  const header = settings.modelBasedRoutingHeaderName;
  const added = matches
    .filter((match) => readsHeader(match, header))
    .flatMap((match) =>
      names.map((name) => asking(match, header, `publishers/${service.metadata.namespace}/models/${name}`)),
    );
  return { ...rule, matches: [...matches, ...added] };
}

function asking(match: JsonObject, header: string, value: string): JsonObject {
  const headers = listOf(match["headers"]).map((one) => (isNamed(one, header) ? { ...one, value } : one));
  return { ...match, headers };
}

function readsHeader(match: Json, header: string): match is JsonObject {
  return isObject(match) && listOf(match["headers"]).some((one) => isNamed(one, header));
}

function isNamed(header: Json, name: string): header is JsonObject {
  return isObject(header) && header["name"] === name;
}
