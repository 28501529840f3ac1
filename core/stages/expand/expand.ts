import { asSpec, type LLMInferenceService, type LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import { nameOf } from "../../contract/names.ts";
import type { Settings } from "../../contract/options/settings.ts";
import { dataOf, expandDocument, expandLeaves, type GlobalConfig } from "../../knowledge/templates/variables.ts";
import { asJson, objectOf } from "../../kubernetes/json.ts";
import { typedSpec } from "../../kubernetes/patch/typed.ts";

/**
 * Expands the Go templates in a merged spec. Leaf by leaf: each string by itself, `.Spec` is the merged spec, and an error
 * names the leaf. As a document (KServe): the whole JSON text is one template, `.Spec` is the user's unmerged spec.
 */
export function expandTemplates(request: {
  service: LLMInferenceService;
  spec: LLMInferenceServiceSpec;
  settings: Settings;
  behaviour: Behaviour;
}): { spec: LLMInferenceServiceSpec; issues: Issue[] } {
  const { service, spec, settings, behaviour } = request;
  const pool = spec.router?.scheduler?.pool?.ref?.name ?? nameOf(service.metadata.name, "inferencePool");
  const globalConfig: GlobalConfig = {
    ...settings,
    inferencePoolNamespacedName: `${service.metadata.namespace}/${pool}`,
  };
  if (behaviour.templates === "leaf") {
    const issues: Issue[] = [];
    const data = dataOf({ ...service, spec }, globalConfig);
    const expanded = expandLeaves(asJson(spec), data, ["spec"], issues);
    return { spec: asSpec(objectOf(expanded)), issues };
  }
  const document = asJson({ metadata: service.metadata, spec });
  const { result, issues } = expandDocument(document, dataOf(service, globalConfig));
  return { spec: asSpec(typedSpec(result?.["spec"] ?? {})), issues };
}
