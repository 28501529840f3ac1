import { nameOf } from "../../../../contract/names.ts";
import { isObject, type Json, listOf } from "../../../../kubernetes/json.ts";
import type { MaterializeContext } from "../../context.ts";
import { unused } from "../../issues.ts";
import { isDefaultPool, type Rule } from "./backends.ts";
import { type Member, membersOf, modelNames } from "./members.ts";

/**
 * Services of one group share the traffic for their model: every member's route leads to all members, by weight. The
 * paths of a single service lead only to itself, and so do rules whose backends the user wrote. Source:
 * injectGroupBackendRefs in router_group.go, rewriteRulesForGroup in router_group_routing.go, KServe v0.20.0.
 */
export function withGroup(rules: Rule[], context: MaterializeContext): Rule[] {
  const { service, spec, behaviour } = context;
  if (spec.router?.route?.group === undefined) return rules;
  const members = serving(membersOf(context), context);
  const running = members.filter(({ isStopped }) => behaviour.stoppedMembers === "weightless" || !isStopped);
  const backendRefs = running.map(({ backend, weight }) => ({ ...backend, weight }));
  const { namespace, name } = service.metadata;
  return rules.map((rule) => {
    const isOwn = isBelow(rule, `/${namespace}/${name}`);
    const isManaged = listOf(rule["backendRefs"]).some((backend) => isManagedBackend(backend, context));
    return isOwn || !isManaged ? rule : { ...rule, backendRefs };
  });
}

/** All members serve one model: a service with another model is left out, and reported. */
function serving(members: readonly Member[], { service, spec, report }: MaterializeContext): Member[] {
  const own = modelNames(service.metadata.name, spec);
  const { group } = spec.router?.route ?? {};
  const isSame = ({ models }: Member): boolean => models.join("\n") === own.join("\n");
  const path = "spec.router.route.group";
  for (const { name, models } of members.filter((member) => !isSame(member))) {
    const message = `${name} of the group "${group}" serves ${models.join(", ")} instead of ${own.join(", ")}: it receives no traffic of the group`;
    const fix = "use the same model name and adapters in all members of a group";
    report({ code: "Conflict", severity: "warning", path, layer: "merged", message, fix });
  }
  const same = members.filter(isSame);
  if (same.some(({ name }) => name !== service.metadata.name)) return same;
  const message = `the group "${group}" has no other known service: this service receives all traffic of the group`;
  const fix = "pass the other services of the group in `known` (-f)";
  report(unused(path, message, fix));
  return same;
}

function isBelow(rule: Rule, prefix: string): boolean {
  return listOf(rule["matches"]).some((match) => {
    const path = isObject(match) && isObject(match["path"]) ? match["path"]["value"] : undefined;
    return typeof path === "string" && (path === prefix || path.startsWith(`${prefix}/`));
  });
}

function isManagedBackend(backend: Json, { service, spec }: MaterializeContext): boolean {
  if (!isObject(backend)) return false;
  const { kind = "Service", name } = backend;
  const pool = spec.router?.scheduler?.pool?.ref?.name;
  if (kind === "Service") return name === nameOf(service.metadata.name, "workloadService");
  return isDefaultPool(backend, service) || (kind === "InferencePool" && Boolean(pool) && name === pool);
}
