import type { EnvVar } from "kubernetes-types/core/v1.js";
import type { LLMInferenceService, TracingSpec } from "../../api/service.ts";

/**
 * What OpenTelemetry reads from the environment of an instrumented process.
 * Source: tracing.go, KServe v0.20.0.
 */
export function tracingEnv(
  { exporterEndpoint, exporter, sampler, samplerArg }: TracingSpec,
  { metadata: { name, namespace } }: Pick<LLMInferenceService, "metadata">,
  serviceName: string,
): EnvVar[] {
  const node = "OTEL_RESOURCE_ATTRIBUTES_NODE_NAME";
  const pod = "OTEL_RESOURCE_ATTRIBUTES_POD_NAME";
  const attributes = {
    "k8s.namespace.name": namespace,
    "k8s.node.name": `$(${node})`,
    "k8s.pod.name": `$(${pod})`,
    "llmisvc.name": name,
  };
  const list = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
  return [
    valued("OTEL_SERVICE_NAME", serviceName),
    valued("OTEL_EXPORTER_OTLP_ENDPOINT", exporterEndpoint),
    valued("OTEL_TRACES_EXPORTER", exporter),
    valued("OTEL_TRACES_SAMPLER", sampler),
    valued("OTEL_TRACES_SAMPLER_ARG", samplerArg),
    fromField(node, "spec.nodeName"),
    fromField(pod, "metadata.name"),
    valued("OTEL_RESOURCE_ATTRIBUTES", list.join(",")),
  ];
}

/** An empty value is left out, as the API server does. */
function valued(name: string, value: string | undefined): EnvVar {
  return { name, ...(value && { value }) };
}

function fromField(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } };
}

/** Whether a flag stands in a command line, as `--flag value` or `--flag=value`. */
export function hasArg(args: readonly string[] | undefined, flag: string): boolean {
  return (args ?? []).some((word) => word === flag || word.startsWith(`${flag}=`));
}
