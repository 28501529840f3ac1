import type { KEDAScalingSpec } from "../../../api/scaling.ts";
import type { Issue } from "../../../contract/issue.ts";
import { typeMeta } from "../../../contract/kinds.ts";
import { workloadNameOf } from "../../../contract/names.ts";
import type { PrometheusSettings } from "../../../contract/parsesettings.ts";
import type { JsonObject } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { DESIRED_REPLICAS } from "./horizontalpodautoscaler.ts";
import type { Scaled } from "./scaled.ts";

/**
 * Carries out the decision by KEDA, which asks Prometheus itself; without settings that say where that is there is none.
 * Source: expectedScaledObject in scaling.go, KServe v0.20.0.
 */
export function buildScaledObject(
  scaled: Scaled,
  keda: KEDAScalingSpec,
  { service, settings, report }: MaterializeContext,
): KubernetesObject[] {
  const { role, scaling, target, variant, labels, minReplicas } = scaled;
  const { name, namespace } = service.metadata;
  const prometheus = settings.autoscaling?.prometheus;
  const issue = checkPrometheus(prometheus);
  if (issue !== undefined) report(issue);
  if (issue !== undefined || prometheus === undefined) return [];
  return [
    {
      ...typeMeta("ScaledObject"),
      metadata: { name: workloadNameOf(name, "keda", role), namespace, labels },
      spec: {
        scaleTargetRef: target,
        minReplicaCount: minReplicas,
        maxReplicaCount: scaling.maxReplicas,
        ...keda,
        triggers: [triggerOf(prometheus, variant, namespace)],
      },
    },
  ];
}

const SETTING = "autoscaling-wva-controller-config.prometheus";

function checkPrometheus(prometheus: PrometheusSettings | undefined): Issue | undefined {
  const common = { code: "SettingsInvalid", severity: "error", layer: "settings" } as const;
  if (!prometheus?.url) {
    const message = `scaling by KEDA requires ${SETTING}.url: KEDA reads the desired replicas from Prometheus`;
    return { ...common, path: `${SETTING}.url`, message, fix: "set the URL of Prometheus, or scale by hpa" };
  }
  const { authModes, triggerAuthName } = prometheus;
  if ((authModes === "") === (triggerAuthName === "")) return undefined;
  const [set, missing] = authModes === "" ? ["triggerAuthName", "authModes"] : ["authModes", "triggerAuthName"];
  const message = `${SETTING}.${set} is set without ${SETTING}.${missing}`;
  return { ...common, path: `${SETTING}.${missing}`, message, fix: "set both, or remove both" };
}

/** The decision's own namespace is the variant autoscaler's; Prometheus keeps the workload's under another name. */
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
