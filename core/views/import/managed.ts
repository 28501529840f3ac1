import type { LLMInferenceService, LLMInferenceServiceConfig } from "../../api/service.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { SETTINGS_CONFIGMAP } from "../../contract/names.ts";
import { parseSettings } from "../../contract/options/parsesettings.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../contract/options/settings.ts";
import { isObject } from "../../kubernetes/json.ts";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import type { Managed } from "./adoption.ts";

/**
 * Sorts what a cluster, or an export of it, contains by its meaning for the services of a namespace: KServe's configs
 * and settings, and the objects. Settings that are passed override the ConfigMap's.
 */
export function managedIn(
  objects: readonly KubernetesObject[],
  namespace: string,
  given?: Settings,
): { services: Managed[]; issues: Issue[] } {
  const found = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === SETTINGS_CONFIGMAP);
  const data = (found as { data?: Record<string, string> } | undefined)?.data;
  const parsed = given === undefined && isObject(data) ? parseSettings(data) : { settings: given, issues: [] };
  const settings = {
    ...(parsed.settings ?? DEFAULT_SETTINGS),
    ...(found?.metadata.namespace !== undefined && { systemNamespace: found.metadata.namespace }),
  };
  const isIn = ({ metadata }: KubernetesObject, ...namespaces: string[]): boolean =>
    namespaces.includes(metadata.namespace ?? "default");
  const configs = objects.filter(isConfig).filter((config) => isIn(config, namespace, settings.systemNamespace));
  const services = objects.filter(isService).filter((service) => isIn(service, namespace));
  return {
    issues: parsed.issues,
    services: services.map((service) => ({
      service,
      configs,
      settings,
      objects: objects.filter(({ kind }) => kind !== "LLMInferenceServiceConfig"),
    })),
  };
}

function isService(object: KubernetesObject): object is KubernetesObject & LLMInferenceService {
  return object.kind === "LLMInferenceService";
}

function isConfig(object: KubernetesObject): object is KubernetesObject & LLMInferenceServiceConfig {
  return object.kind === "LLMInferenceServiceConfig";
}
