import type { DirectKEDAScalingSpec, KEDAScalingSpec } from "../../../api/scaling.ts";
import type { Issue } from "../../../contract/issues/issue.ts";
import { typeMeta } from "../../../contract/kinds.ts";
import { workloadNameOf } from "../../../contract/names.ts";
import type { PrometheusSettings } from "../../../contract/options/settings.ts";
import { asJson, type JsonObject } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { DESIRED_REPLICAS } from "./horizontalpodautoscaler.ts";
import type { Scaled, Variant } from "./scaled.ts";
import { actuatorMetadata, variantName } from "./variants.ts";

/** Scales by the user's own triggers, unchanged. Source: expectedDirectScaledObject in scaling.go, KServe v0.21. */
export function buildDirectScaledObject(
  scaled: Scaled,
  keda: DirectKEDAScalingSpec,
  { service }: MaterializeContext,
): KubernetesObject {
  const { name, namespace } = service.metadata;
  const metadata = { name: workloadNameOf(name, "keda", scaled), namespace, labels: scaled.labels };
  const { triggers = [], ...settings } = keda;
  return scaledObject(
    metadata,
    scaled,
    settings,
    triggers.map((trigger) => asJson(trigger) as JsonObject),
  );
}

/**
 * Applies the decision with KEDA, which queries Prometheus itself; none if the settings do not give Prometheus'
 * address. Source: expectedScaledObject in scaling.go, KServe v0.20.0.
 */
export function buildScaledObject(
  variant: Variant,
  keda: KEDAScalingSpec,
  context: MaterializeContext,
): KubernetesObject[] {
  const { service, settings, report } = context;
  const prometheus = settings.autoscaling?.prometheus;
  const issue = checkPrometheus(prometheus);
  if (issue !== undefined) report(issue);
  if (issue !== undefined || prometheus === undefined) return [];
  const trigger = triggerOf(prometheus, variantName("keda", variant, context), service.metadata.namespace);
  return [scaledObject(actuatorMetadata("keda", variant, context), variant, keda, [trigger])];
}

function scaledObject(
  metadata: KubernetesObject["metadata"],
  { scaling, target, minReplicas }: Scaled,
  settings: KEDAScalingSpec,
  triggers: JsonObject[],
): KubernetesObject {
  const bounds = { minReplicaCount: minReplicas, maxReplicaCount: scaling.maxReplicas };
  return {
    ...typeMeta("ScaledObject"),
    metadata,
    spec: { scaleTargetRef: target, ...bounds, ...settings, triggers },
  };
}

const SETTING = "autoscaling-wva-controller-config.prometheus";

function checkPrometheus(prometheus: PrometheusSettings | undefined): Issue | undefined {
  const common = { code: "SettingsInvalid", severity: "error", layer: "settings" } as const;
  if (!prometheus?.url) {
    const message = `scaling by KEDA requires ${SETTING}.url: KEDA reads the desired replicas from Prometheus`;
    return {
      ...common,
      path: `${SETTING}.url`,
      message,
      fix: "set the URL of Prometheus (settings.autoscaling.prometheus.url), or scale by hpa",
    };
  }
  const { authModes, triggerAuthName } = prometheus;
  if ((authModes === "") === (triggerAuthName === "")) return undefined;
  const [set, missing] = authModes === "" ? ["triggerAuthName", "authModes"] : ["authModes", "triggerAuthName"];
  const message = `${SETTING}.${set} is set without ${SETTING}.${missing}`;
  return { ...common, path: `${SETTING}.${missing}`, message, fix: `set both, or remove ${set}` };
}

/**
 * The namespace label of the metric is the variant autoscaler's; Prometheus keeps the workload's namespace under
 * another name.
 */
function triggerOf(prometheus: PrometheusSettings, variant: string, namespace: string): JsonObject {
  const { url, tlsInsecureSkipVerify, authModes, triggerAuthName, triggerAuthKind } = prometheus;
  return {
    type: "prometheus",
    name: "wva-desired-replicas",
    metadata: {
      serverAddress: url,
      query: `${DESIRED_REPLICAS}{variant_name="${variant}",exported_namespace="${namespace}"}`,
      threshold: "1",
      unsafeSsl: String(tlsInsecureSkipVerify),
      ...(authModes !== "" && { authModes }),
    },
    ...(triggerAuthName !== "" && {
      authenticationRef: { name: triggerAuthName, ...(triggerAuthKind !== "" && { kind: triggerAuthKind }) },
    }),
  };
}
