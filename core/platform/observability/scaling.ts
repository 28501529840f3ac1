import type { Dashboard, Panel } from "./panels.ts";
import { maxBy, OBJECTS, sumBy } from "./queries.ts";

const of = (label: string, names: string, more = ""): string => `{namespace=~"$namespace",${label}=~"${names}"${more}}`;
const DEPLOYMENT = of("deployment", OBJECTS.workloads, `,deployment!~"${OBJECTS.schedulers}"`);
const SCALER = of("horizontalpodautoscaler", OBJECTS.scalers);
const hpa = (name: string): string =>
  maxBy(["namespace", "horizontalpodautoscaler"], `kube_horizontalpodautoscaler_${name}${SCALER}`);

const REPLICAS: readonly Panel[] = [
  {
    title: "Engines that should run",
    text: "Replicas of the Deployments.",
    unit: "short",
    queries: { "{{deployment}}": maxBy(["namespace", "deployment"], `kube_deployment_spec_replicas${DEPLOYMENT}`) },
  },
  {
    title: "Engines that serve",
    text: "Available replicas of the Deployments. The missing ones are pending, loading or not ready.",
    unit: "short",
    queries: {
      "{{deployment}}": maxBy(["namespace", "deployment"], `kube_deployment_status_replicas_available${DEPLOYMENT}`),
    },
  },
  {
    title: "Pods by phase",
    text: "Pods of services, including groups of pods. Pending pods wait for nodes, images or weights.",
    unit: "short",
    queries: { "{{phase}}": sumBy(["phase"], `kube_pod_status_phase${of("pod", OBJECTS.pods)}`) },
  },
  {
    title: "Restarts of engines",
    text: "Restarts of the container main within an hour.",
    unit: "short",
    queries: {
      "{{pod}}": sumBy(
        ["namespace", "pod"],
        `increase(kube_pod_container_status_restarts_total${of("pod", OBJECTS.pods, ',container="main"')}[1h])`,
      ),
    },
  },
  {
    title: "Why containers wait",
    text: "Reasons such as ImagePullBackOff and CrashLoopBackOff.",
    unit: "short",
    queries: {
      "{{reason}}": sumBy(["reason"], `kube_pod_container_status_waiting_reason${of("pod", OBJECTS.pods)}`),
    },
  },
];

const AUTOSCALER: readonly Panel[] = [
  {
    title: "Autoscaler: desired and current replicas",
    text: "Replicas that the HorizontalPodAutoscaler wants, and replicas that exist. KEDA also scales through a HorizontalPodAutoscaler.",
    unit: "short",
    queries: {
      "desired {{horizontalpodautoscaler}}": hpa("status_desired_replicas"),
      "current {{horizontalpodautoscaler}}": hpa("status_current_replicas"),
    },
  },
  {
    title: "Autoscaler: bounds",
    text: "Minimum and maximum of the replicas.",
    unit: "short",
    queries: {
      "minimum {{horizontalpodautoscaler}}": hpa("spec_min_replicas"),
      "maximum {{horizontalpodautoscaler}}": hpa("spec_max_replicas"),
    },
  },
  {
    title: "Triggers of KEDA",
    text: "The value of each trigger, which KEDA compares with its threshold.",
    unit: "short",
    queries: {
      "{{scaledObject}} {{scaler}}": maxBy(
        ["exported_namespace", "scaledObject", "scaler"],
        `keda_scaler_metrics_value{exported_namespace=~"$namespace",scaledObject=~"${OBJECTS.scalers}"}`,
      ),
    },
  },
  {
    title: "Errors of KEDA",
    text: "Failed reads of triggers per second.",
    unit: "reqps",
    queries: {
      "{{scaledObject}} {{scaler}}": sumBy(
        ["exported_namespace", "scaledObject", "scaler"],
        `rate(keda_scaler_detail_errors_total{exported_namespace=~"$namespace",scaledObject=~"${OBJECTS.scalers}"}[$__rate_interval])`,
      ),
    },
  },
  {
    title: "Variant autoscaler",
    text: "Replicas of each variant that llm-d's variant autoscaler wants, and replicas that exist.",
    unit: "short",
    queries: {
      "desired {{variant_name}}": maxBy(
        ["exported_namespace", "variant_name"],
        'wva_desired_replicas{exported_namespace=~"$namespace"}',
      ),
      "current {{variant_name}}": maxBy(
        ["exported_namespace", "variant_name"],
        'wva_current_replicas{exported_namespace=~"$namespace"}',
      ),
    },
  },
];

/** The number of engines, and what limits it. */
export const SCALING: Dashboard = {
  id: "scaling",
  title: "LLM replicas and scaling",
  variables: [
    { name: "namespace", label: "Namespace", values: { series: "kube_deployment_spec_replicas", label: "namespace" } },
  ],
  sections: [
    { title: "Replicas", panels: REPLICAS },
    { title: "Autoscaling", panels: AUTOSCALER },
  ],
};
