import { KINDS } from "../../../contract/kinds.ts";
import { COMPONENT, labelsOf, nameOf } from "../../../contract/names.ts";
import { isObject, type JsonObject, objectOf } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { MaterializeContext } from "../context.ts";

/** A pool is written in the form of the v1 API; older versions have other field names. */
const SPECS: Readonly<Record<string, (spec: JsonObject) => JsonObject>> = {
  [KINDS.InferencePool.apiVersion]: (spec) => spec,
  [KINDS.AlphaInferencePool.apiVersion]: specOfAlpha,
};

/** The service's own InferencePool, in each requested API version. */
export function buildInferencePools({ service, spec, behaviour }: MaterializeContext): KubernetesObject[] {
  const { name, namespace } = service.metadata;
  const written = spec.router?.scheduler?.pool?.spec ?? {};
  return behaviour.inferencePools.map((apiVersion) => {
    const specOf = entryOf(SPECS, apiVersion);
    if (specOf === undefined) throw new Error(`unknown apiVersion ${apiVersion} of InferencePool`);
    return {
      apiVersion,
      kind: KINDS.InferencePool.kind,
      metadata: { name: nameOf(name, "inferencePool"), namespace, labels: labelsOf(name, COMPONENT.scheduler) },
      spec: specOf(written),
    };
  });
}

/** Source: ConvertFrom in pkg/apis/gie/v1alpha2pool/inferencepool_conversion.go, KServe v0.20.0. */
function specOfAlpha({ selector, targetPorts, endpointPickerRef }: JsonObject): JsonObject {
  const [first] = Array.isArray(targetPorts) ? targetPorts : [];
  const { port, ...picker } = objectOf(endpointPickerRef);
  return {
    targetPortNumber: objectOf(first)["number"],
    selector: objectOf(selector)["matchLabels"],
    extensionRef: { ...picker, ...(isObject(port) && { portNumber: port["number"] }) },
  };
}
