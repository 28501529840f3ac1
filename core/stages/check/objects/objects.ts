import type { Behaviour } from "../../../contract/behaviour.ts";
import type { Fix } from "../../../contract/issues/issue.ts";
import { NO_ORIGINS } from "../../../contract/layer.ts";
import { asJson, isObject, type Json, type JsonObject, valueAt } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { bareStep, pathSteps } from "../../../kubernetes/path.ts";
import { tableOf } from "../../../kubernetes/table.ts";
import { isDisaggregatedSet, withRoles } from "../../../kubernetes/workloads/disaggregatedset.ts";
import { TEMPLATE_PATHS } from "../../../kubernetes/workloads/workloads.ts";
import { type CheckFinding, withFixes } from "../check.ts";
import { each, fields, NO_POD, type Place, Pod, type Rule, required, UNTRACED } from "./fields.ts";
import { SPEC_RULES } from "./kinds.ts";
import { layerOf } from "./layers.ts";
import { judgeDigits, judgeNames } from "./names.ts";
import { placed, type Written } from "./places.ts";
import { judgePod } from "./pod/pods.ts";
import { isOfKubelet } from "./pod/users.ts";
import { mapping, type Refusal } from "./rule.ts";
import { ANNOTATIONS, LABELS } from "./selectors.ts";

const METADATA = fields({ labels: LABELS, annotations: ANNOTATIONS });

/**
 * What the API server certainly refuses of the finished objects, whoever wrote the value: a plan without an error can
 * be applied. With checks off, what kubelets, controllers and older clusters refuse later is not reported; this
 * includes the pods of a LeaderWorkerSet, of which its CRD judges only the keys of lists. Each finding is at the field
 * of the service that it comes from, if that is known; otherwise it names the object.
 */
export function judgeObjects(
  objects: readonly KubernetesObject[],
  written: Written,
  { checks = true }: Partial<Pick<Behaviour, "checks">> = {},
): CheckFinding[] {
  const ofFields = [...objects.filter(isDisaggregatedSet), ...withRoles(objects)].flatMap((object) =>
    judgeFields(object, checks).map((refusal) => placed(refusal, object, written)),
  );
  const ofObjects = [...judgeNames(objects, checks), ...ofFields];
  const certain = ofObjects.filter(({ severity, message }) => severity === undefined && !isOfKubelet(message));
  const reported = checks ? [...ofObjects, ...judgeDigits(objects)] : certain;
  const { spec, provenance = NO_ORIGINS } = written;
  return reported.map(
    ({ isTwice: _told, right, ...refusal }): CheckFinding => ({
      ...refusal,
      layer: layerOf(refusal.path, spec, provenance) ?? "merged",
      ...withFixes(right === undefined || refusal.path === "" ? [] : [fixOf(right, spec)]),
    }),
  );
}

function judgeFields(object: KubernetesObject, checks: boolean): Refusal[] {
  const refused = (places: (path: string) => string): Refusal[] => [
    ...METADATA(asJson(object.metadata), place(places("metadata"))),
    ...judgeTemplates(object, places).filter(({ isTwice }) => checks || isTwice || object.kind !== "LeaderWorkerSet"),
    ...(SPEC_RULES.get(object.kind)?.(object["spec"] as Json, place(places("spec"))) ?? []),
  ];
  return refused(() => UNTRACED).length === 0 ? [] : refused((path) => path);
}

/**
 * The fix of a field, with items of lists by their names: the document may have them in another order than the merged
 * spec.
 */
function fixOf({ path, value }: Required<Refusal>["right"], spec: Written["spec"]): Fix {
  let node: unknown = { spec };
  const named = pathSteps(path).map((step) => {
    node = Array.isArray(node) ? node[Number(bareStep(step))] : valueAt(node, [bareStep(step)]);
    const name = step.startsWith("[") && isObject(node) ? node["name"] : undefined;
    return typeof name === "string" ? `[name=${name}]` : step;
  });
  return { path: named.map((step, i) => (i === 0 || step.startsWith("[") ? step : `.${step}`)).join(""), value };
}

function place(path: string, pod: Pod = NO_POD): Place {
  return { path, holder: {}, pod };
}

interface Workload {
  /** The restart policies that its pods may have. */
  restarts: readonly string[];
  /** Further requirements of a pod. */
  also?: Rule;
}

const ORIGIN = fields({ apiGroup: required() });
const CLAIM = fields({ dataSource: ORIGIN, dataSourceRef: ORIGIN });
/** Fields that Go writes as null if they are not set. */
const WITHOUT_NULLS = fields({
  projected: fields({ sources: required() }),
  ephemeral: fields({ volumeClaimTemplate: fields({ spec: CLAIM }) }),
});

const WORKLOADS = tableOf<Workload>({
  Deployment: { restarts: ["Always"] },
  Job: { restarts: ["OnFailure", "Never"] },
  // StatefulSets make its pods. Its CRD refuses fields that its webhook (v0.9) writes as null.
  LeaderWorkerSet: {
    restarts: ["Always"],
    also: fields({ volumes: each(WITHOUT_NULLS) }),
  },
});

function judgeTemplates(object: KubernetesObject, places: (path: string) => string): Refusal[] {
  const workload = WORKLOADS.get(object.kind);
  if (workload === undefined) return [];
  return templatesOf(object).flatMap(({ at, metadata, pod }) => [
    ...METADATA(metadata, place(places(`${at}.metadata`))),
    ...judgePod(pod, places(`${at}.spec`), workload.restarts),
    ...(workload.also?.(pod, place(places(`${at}.spec`), new Pod(pod))) ?? []),
  ]);
}

function templatesOf(object: KubernetesObject): { at: string; metadata: Json | undefined; pod: JsonObject }[] {
  return Object.values(TEMPLATE_PATHS).flatMap((steps) => {
    const template = valueAt(object["spec"], steps);
    if (!isObject(template)) return [];
    return [{ at: ["spec", ...steps].join("."), metadata: template["metadata"], pod: mapping(template["spec"]) }];
  });
}

/**
 * The findings of `judge` in the pods of an object, each at the field of the service that it comes from, if that is
 * known.
 */
export function foundInPods<Found extends Refusal>(
  object: KubernetesObject,
  written: Written,
  judge: (pod: JsonObject, path: string) => Found[],
): Found[] {
  const found = templatesOf(object).flatMap(({ at, pod }) => judge(pod, `${at}.spec`));
  return found.map((refusal) => placed(refusal, object, written));
}
