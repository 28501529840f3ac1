import { isScheduler, isTokenizer, LABEL } from "../../../contract/names.ts";
import { labelFilters, mayPass } from "../../../knowledge/scheduler/filters.ts";
import { type JsonObject, objectsOf } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { withRoles } from "../../../kubernetes/workloads/disaggregatedset.ts";
import { isWorkload, templatesOf } from "../../../kubernetes/workloads/workloads.ts";
import type { CheckFinding } from "../check.ts";
import { type Judge, nameIn, type Plugin, pluginsOf } from "./configjudge.ts";

/**
 * Filters of a profile that pass no pod of the service, so that the profile finds none. A warning, because the pool may
 * also select pods that the plan does not know.
 */
export function judgeFilters(config: JsonObject, judge: Judge, objects: readonly KubernetesObject[]): CheckFinding[] {
  const templates = withRoles(objects)
    .filter((object) => isWorkload(object) && !isScheduler(object) && !isTokenizer(object))
    .flatMap(templatesOf);
  // The pods of other replica groups are not among the objects.
  const isPart = templates.some(({ labels }) => entryOf(labels, LABEL.group) !== undefined);
  if (templates.length === 0 || isPart) return [];
  const plugins = new Map(pluginsOf(config).map((plugin) => [plugin.name, plugin] as const));
  const profiles = objectsOf(config["schedulingProfiles"]).map((profile) => ({
    name: nameIn(profile["name"]) ?? "",
    named: objectsOf(profile["plugins"]).flatMap(({ pluginRef }) => plugins.get(nameIn(pluginRef) ?? "") ?? []),
  }));
  return profiles.flatMap(({ name, named }) => named.flatMap((plugin) => judgeFilter(plugin, name)));

  function judgeFilter(plugin: Plugin, profile: string): CheckFinding[] {
    const unmet = labelFilters(plugin).find((filter) => templates.every(({ labels }) => !mayPass(filter, labels)));
    if (unmet === undefined) return [];
    const { label, values } = unmet;
    const message = `has the filter ${plugin.name} in the profile ${profile}, which passes no pod of the service: none has the label ${label} with ${values.length === 1 ? `the value ${values[0]}` : `one of the values ${values.join(", ")}`}`;
    const isRole = label === LABEL.role;
    const fix = isRole
      ? `remove ${plugin.name} from the profile ${profile}${plugin.type === "prefill-filter" ? ", or set prefill, which runs such pods" : ""}`
      : `remove ${plugin.name} from the profile ${profile}, or set the label ${label} in labels of the service`;
    return [judge.found(message, fix, false)];
  }
}
