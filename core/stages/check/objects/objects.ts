import type { LLMInferenceServiceSpec } from "../../../api/service.ts";
import { COMPONENT, LABEL } from "../../../contract/names.ts";
import { asJson, isObject, type Json, type JsonObject } from "../../../kubernetes/json.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import { entryOf, tableOf } from "../../../kubernetes/table.ts";
import type { CheckFinding } from "../check.ts";
import { SPEC_RULES } from "./kinds.ts";
import { judgeAnnotations, judgeLabels } from "./labels.ts";
import { nameProblem, shorterBy } from "./names.ts";
import { judgePod } from "./pods.ts";
import { invalid, judgeText, mapping, type Refusal } from "./rule.ts";

/** A part of an object that is judged by itself: where it stands in the object, and where a user writes it, if anywhere. */
interface Part {
  at: string;
  written?: string;
  value: JsonObject;
}

/**
 * What the API server certainly refuses of the finished objects, whoever wrote it: a plan without an error is one that can be
 * applied. Each finding stands at the field of the service that it comes from, where that can be told; else it names the object.
 */
export function judgeObjects(objects: readonly KubernetesObject[], spec: LLMInferenceServiceSpec): CheckFinding[] {
  return objects.flatMap((object) => {
    const found = [
      ...judgeName(object),
      ...judgeMetadata(object, spec),
      ...judgePods(object, spec),
      ...judgeSpec(object),
    ];
    return found.map((refusal): CheckFinding => ({ ...refusal, layer: "merged" }));
  });
}

function judgeName(object: KubernetesObject): Refusal[] {
  const problem = (): string | undefined => nameProblem(object);
  return judgeText(object.metadata.name, "metadata.name", problem, "choose another metadata.name").map((refusal) => ({
    ...refusal,
    message: `${object.kind} ${refusal.message}`,
    fix: shorterBy(object, refusal.message),
  }));
}

function judgeMetadata(object: KubernetesObject, spec: LLMInferenceServiceSpec): Refusal[] {
  const { labels, annotations } = asJson(object.metadata);
  const found = [...judgeLabels(labels, "metadata.labels"), ...judgeAnnotations(annotations, "metadata.annotations")];
  return found.map((refusal) => whereWritten(refusal, object, spec));
}

/** The maps of a spec that become labels or annotations of objects. */
const MAPS = ["", "prefill.", "router.scheduler."].flatMap((holder) => [`${holder}labels`, `${holder}annotations`]);

/** A finding about a label at the map that the label was written in. */
function whereWritten(refusal: Refusal, object: KubernetesObject, spec: LLMInferenceServiceSpec): Refusal {
  const open = refusal.path.lastIndexOf("[");
  const field = /(?:labels|annotations)$/.exec(refusal.path.slice(0, open))?.[0] ?? "";
  const key = field === "" ? "" : refusal.path.slice(open + 1, -1);
  const map = MAPS.find((path) => path.endsWith(field) && Object.hasOwn(mapping(valueAt(spec, path)), key));
  if (map !== undefined) return { ...refusal, path: `spec.${map}[${key}]` };
  if (key === LABEL.name) return invalid("metadata.name", refusal.message, "choose a shorter metadata.name");
  return named(refusal, object);
}

function valueAt(value: unknown, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((at, step) => entryOf(mapping(at), step), value as Json);
}

function named<Found extends Refusal>(refusal: Found, { kind, metadata: { name } }: KubernetesObject): Found {
  return { ...refusal, path: "", message: `${kind} ${name}, ${refusal.path}: ${refusal.message}` };
}

/** By kind, the restart policies that the pods may have. */
const RESTARTS = tableOf<readonly string[]>({ Deployment: ["Always"], Job: ["OnFailure", "Never"] });
const ANY_RESTART = ["Always", "OnFailure", "Never"];

function judgePods(object: KubernetesObject, spec: LLMInferenceServiceSpec): Refusal[] {
  const restarts = RESTARTS.get(object.kind) ?? ANY_RESTART;
  const ofMetadata = templatesOf(object).flatMap(({ at, value }) => {
    const { labels, annotations } = mapping(value["metadata"]);
    return [
      ...judgeLabels(labels, `${at}.metadata.labels`),
      ...judgeAnnotations(annotations, `${at}.metadata.annotations`),
    ];
  });
  return [
    ...foundInPods(object, spec, (pod, path) => judgePod(pod, path, restarts)),
    ...ofMetadata.map((refusal) => whereWritten(refusal, object, spec)),
  ];
}

/** What `judge` finds in the pods of an object, each at the field of the service that it comes from, where that can be told. */
export function foundInPods<Found extends Refusal>(
  object: KubernetesObject,
  spec: LLMInferenceServiceSpec,
  judge: (pod: JsonObject, path: string) => Found[],
): Found[] {
  return templatesOf(object).flatMap(({ at, written, value }) => {
    const pod = mapping(value["spec"]);
    const part = { at: `${at}.spec`, ...(written !== undefined && { written }), value: pod };
    return judge(pod, part.at).map((refusal) => atField(refusal, part, object, spec));
  });
}

function templatesOf(object: KubernetesObject): Part[] {
  const spec = mapping(object["spec"] as Json);
  const group = mapping(spec["leaderWorkerTemplate"]);
  const role = roleOf(object);
  const field = (name: string): string | undefined => (role === undefined ? undefined : `${role}${name}`);
  const parts: { at: string; written: string | undefined; value: Json | undefined }[] = [
    { at: "spec.template", written: field("template"), value: spec["template"] },
    {
      at: "spec.leaderWorkerTemplate.leaderTemplate",
      written: field("template"),
      value: group["leaderTemplate"],
    },
    {
      at: "spec.leaderWorkerTemplate.workerTemplate",
      written: field("worker"),
      value: group["workerTemplate"],
    },
  ];
  return parts.flatMap(({ value, ...part }) =>
    isObject(value) ? [{ at: part.at, value, ...(part.written !== undefined && { written: part.written }) }] : [],
  );
}

/** What a path of the spec starts with for the pods of an object; undefined for pods that no user writes. */
function roleOf({ kind, metadata: { labels = {} } }: KubernetesObject): string | undefined {
  if (kind !== "Deployment" && kind !== "LeaderWorkerSet") return undefined;
  const component = labels[LABEL.component];
  if (component === COMPONENT.scheduler) return "router.scheduler.";
  return component !== undefined && PREFILL.includes(component) ? "prefill." : "";
}

const PREFILL: readonly string[] = [COMPONENT.workloadPrefill, COMPONENT.leaderPrefill, COMPONENT.workerPrefill];

/** A finding about a pod at the field of the merged spec; items of lists are found by name, for a plan adds some. */
function atField<Found extends Refusal>(
  refusal: Found,
  part: Part,
  object: KubernetesObject,
  spec: LLMInferenceServiceSpec,
): Found {
  const { at, written, value } = part;
  if (written === undefined) return named(refusal, object);
  const template =
    valueAt(spec, written) ??
    (written.endsWith("worker") ? valueAt(spec, written.replace(/worker$/, "template")) : undefined);
  const inside = refusal.path.slice(at.length);
  const [whole, list = "", index = "0"] = /^\.(containers|initContainers|volumes)\[(\d+)\]/.exec(inside) ?? [];
  if (whole === undefined) return { ...refusal, path: `spec.${written}${inside}` };
  const name = nameIn(value, list, Number(index));
  const items = entryOf(mapping(template), list);
  const own = Array.isArray(items) ? items.findIndex((item) => mapping(item)["name"] === name) : -1;
  if (own < 0) return named(refusal, object);
  return { ...refusal, path: `spec.${written}.${list}[${own}]${inside.slice(whole.length)}` };
}

function nameIn(pod: JsonObject, list: string, index: number): Json | undefined {
  const items = entryOf(pod, list);
  return Array.isArray(items) ? mapping(items[index])["name"] : undefined;
}

function judgeSpec(object: KubernetesObject): Refusal[] {
  const judge = SPEC_RULES.get(object.kind);
  return (judge?.(mapping(object["spec"] as Json)) ?? []).map((refusal) => named(refusal, object));
}
