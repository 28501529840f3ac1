import type { Issue } from "../../contract/issues/issue.ts";
import type { DefaultTrigger, LoweringContext } from "../../contract/lowering.ts";
import { suffixOf, type WorkloadPart, workloadSuffixOf } from "../../contract/names.ts";
import type { PrometheusSettings } from "../../contract/options/settings.ts";
import { STACKS } from "../../knowledge/stacks/stacks.ts";
import { formatPath, isObject, type JsonObject } from "../../kubernetes/json.ts";
import type { Place } from "./reading.ts";

/** Where the ConfigMap of KServe has the URL. */
const IN_CONFIGMAP =
  ' (in the ConfigMap inferenceservice-config, the key autoscaling-wva-controller-config: {"prometheus": {"url": …}})';

/** Releases of the stack with default triggers. */
const WITH_TRIGGERS = STACKS.flatMap(({ name, autoscaler }) => (autoscaler.triggers === undefined ? [] : [name]));

/** Whether a workload scales with KEDA without naming a trigger: then it gets the triggers of the stack. */
export function lacksTriggers({ scaling }: JsonObject): boolean {
  const keda = isObject(scaling) ? scaling["keda"] : undefined;
  return isObject(keda) && (keda["triggers"] === undefined || keda["triggers"] === null);
}

/**
 * The workload with the triggers of the stack if it scales with KEDA and names none: by the queue of the scheduler and
 * the requests of the engines. Names in the queries are templates, because a config does not know its service.
 */
export function withTriggers(
  workload: JsonObject,
  { path, layer }: Place,
  { triggers, prometheus, group }: LoweringContext,
): { value: JsonObject; issues: Issue[] } {
  if (!lacksTriggers(workload)) return { value: workload, issues: [] };
  const at = formatPath([...path, "scaling", "keda", "triggers"]);
  const missing = (message: string, fix: string): { value: JsonObject; issues: Issue[] } => ({
    value: workload,
    issues: [{ code: "MissingField", severity: "error", path: at, layer, message, fix }],
  });
  if (triggers === undefined || triggers.length === 0)
    return missing(
      "no trigger is set, and the stack has no default triggers",
      `write the triggers, or set \`stack\` (on the command line, --stack) to a release with default triggers: ${WITH_TRIGGERS.join(", ")}`,
    );
  if (!prometheus?.url)
    return missing(
      "no trigger is set, and the default triggers need the URL of Prometheus, which the settings do not contain",
      `set settings.autoscaling.prometheus.url${IN_CONFIGMAP}, or write the triggers`,
    );
  const scaling = workload["scaling"] as JsonObject & { keda: JsonObject };
  const filled = triggers.map((trigger) => triggerOf(trigger, prometheus, partOf(path, group)));
  return { value: { ...workload, scaling: { ...scaling, keda: { ...scaling.keda, triggers: filled } } }, issues: [] };
}

function triggerOf(
  { name, query, threshold }: DefaultTrigger,
  { url, tlsInsecureSkipVerify, authModes, triggerAuthName, triggerAuthKind }: PrometheusSettings,
  part: WorkloadPart,
): JsonObject {
  const words = wordsOf(part);
  return {
    type: "prometheus",
    name,
    metadata: {
      serverAddress: url,
      query: query.replace(/\$(namespace|scheduler|pods)/g, (_, word: keyof typeof words) => words[word]),
      threshold,
      ...(tlsInsecureSkipVerify && { unsafeSsl: "true" }),
      ...(authModes && { authModes }),
    },
    ...(triggerAuthName && {
      authenticationRef: { name: triggerAuthName, ...(triggerAuthKind && { kind: triggerAuthKind }) },
    }),
  };
}

/** The workload whose pods the queries of a document cover. */
function partOf(path: Place["path"], group: string | undefined): WorkloadPart {
  if (path.includes("prefill")) return { role: "prefill" };
  return { role: "main", ...(group !== undefined && { group }) };
}

/**
 * The values of the words of a query. Names of a Deployment's pods end in two generated words, those of a group in
 * their numbers.
 */
function wordsOf(part: WorkloadPart) {
  const child = (suffix: string): string => `{{ ChildName .ObjectMeta.Name \`${suffix}\` }}`;
  const one = `${child(workloadSuffixOf("deployment", part))}-[a-z0-9]+-[a-z0-9]+`;
  const group = `${child(workloadSuffixOf("leaderWorkerSet", part))}-[0-9]+(-[0-9]+)?`;
  return {
    namespace: "{{ .ObjectMeta.Namespace }}",
    scheduler: child(suffixOf("eppService")),
    pods: `${one}|${group}`,
  };
}
