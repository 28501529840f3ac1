import type { DocumentKind } from "../../../api/schemas.ts";
import type { Finding } from "../../../contract/issues/issue.ts";
import {
  beginningProblem,
  labelProblem,
  labelValueProblem,
  qualifiedNameProblem,
  subdomainProblem,
} from "../../../kubernetes/dns.ts";
import { asText, isObject, type Json, type JsonObject } from "../../../kubernetes/json.ts";
import { coerced } from "../../../kubernetes/schema/coerce.ts";
import { rightFix } from "../../../kubernetes/schema/rightfix.ts";
import type { StructuralSchema } from "../../../kubernetes/schema/schema.ts";

/** All annotations of an object together. Source: TotalAnnotationSizeLimitB, k8s.io/apimachinery v0.35. */
const ANNOTATIONS_LIMIT = 256 * 1024;

/**
 * Judges an object's metadata as the API server does before anything else. Source: ValidateObjectMeta,
 * k8s.io/apimachinery/pkg/api/validation v0.35; custom resources are named by DNS subdomains.
 */
export function judgeMetadata(metadata: JsonObject, kind: DocumentKind = "LLMInferenceService"): Finding[] {
  return [...judgeNames(metadata, kind), ...judgeMap(metadata, "labels"), ...judgeMap(metadata, "annotations")];
}

function judgeNames({ name, generateName, namespace }: JsonObject, kind: DocumentKind): Finding[] {
  const findings: Finding[] = [];
  if (name === undefined || name === null || name === "") {
    if (generateName === undefined)
      findings.push(finding("MissingField", "metadata.name", "the object has no name", "set name"));
  } else {
    const problem = kind === "LLMInferenceService" ? beginningProblem : subdomainProblem;
    findings.push(...judgeText(name, "metadata.name", problem));
  }
  if (namespace !== undefined && namespace !== null && namespace !== "") {
    findings.push(...judgeText(namespace, "metadata.namespace", labelProblem));
  }
  return findings;
}

function judgeText(value: Json, path: string, problem: (text: string) => string | undefined): Finding[] {
  if (typeof value !== "string") return [finding("WrongType", path, "a text was expected", "write a text")];
  const why = problem(value);
  return why === undefined
    ? []
    : [finding("InvalidValue", path, `${JSON.stringify(value)} is not a valid name: ${why}`, "choose another name")];
}

function judgeMap(metadata: JsonObject, field: "labels" | "annotations"): Finding[] {
  const map = metadata[field];
  const path = `metadata.${field}`;
  if (map === undefined || map === null) return [];
  if (!isObject(map)) return [notTexts(map, path)];
  const entries = Object.entries(map).flatMap(([key, value]): Finding[] => {
    if (typeof value !== "string") return [notText(value ?? null, `${path}[${key}]`)];
    const keyProblem = qualifiedNameProblem(field === "labels" ? key : key.toLowerCase());
    const valueProblem = field === "labels" ? labelValueProblem(value) : undefined;
    const shown = `${path}[${key}]`;
    return [
      ...(keyProblem === undefined
        ? []
        : [finding("InvalidValue", shown, `the key is not a valid name: ${keyProblem}`, "choose another key")]),
      ...(valueProblem === undefined
        ? []
        : [
            finding(
              "InvalidValue",
              shown,
              `${JSON.stringify(value)} is not a valid label value: ${valueProblem}`,
              "choose another value",
            ),
          ]),
    ];
  });
  const size = Object.entries(map).reduce((sum, [key, value]) => sum + key.length + asText(value ?? "").length, 0);
  if (field === "labels" || size <= ANNOTATIONS_LIMIT) return entries;
  return [
    ...entries,
    finding(
      "InvalidValue",
      path,
      `the annotations have ${size} characters`,
      `shorten them to ${ANNOTATIONS_LIMIT} characters or fewer`,
    ),
  ];
}

/** A map in another form, such as a list of `key=value`. */
function notTexts(map: Json, path: string): Finding {
  const right = coerced(map, TEXTS);
  const fix = rightFix(right, map) ?? "write a mapping of texts";
  return { ...finding("WrongType", path, "a mapping was expected", fix), ...fixesOf(path, right) };
}

function notText(value: Json, path: string): Finding {
  const message = `a text was expected, not ${JSON.stringify(value)}`;
  return { ...finding("WrongType", path, message, "put it in quotes"), ...fixesOf(path, coerced(value, TEXT)) };
}

function fixesOf(path: string, value: Json | undefined): Pick<Finding, "fixes"> {
  return value === undefined ? {} : { fixes: [{ path, value }] };
}

const TEXT: StructuralSchema = { type: "string" };
const TEXTS: StructuralSchema = { type: "object", additionalProperties: TEXT };

function finding(code: Finding["code"], path: string, message: string, fix: string): Finding {
  return { code, path, message, fix };
}
