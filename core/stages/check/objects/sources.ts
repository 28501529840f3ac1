import { isObject, type Json, type JsonObject } from "../../../kubernetes/json.ts";
import { entryOf, tableOf } from "../../../kubernetes/table.ts";
import { invalid, itemsOf, judgeChoice, judgeNumber, judgeText, mapping, missing, type Refusal } from "./rule.ts";

const LARGEST_MODE = 0o777;
const HOST_PATHS = [
  "",
  "DirectoryOrCreate",
  "Directory",
  "FileOrCreate",
  "File",
  "Socket",
  "CharDevice",
  "BlockDevice",
];
const POD_FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  // The former name of the field before; the API server still reads it.
  "spec.host",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

type Judge = (source: JsonObject, path: string) => Refusal[];

/** Fields that a source must have, as texts that are not empty. */
function needs(...fields: readonly string[]): Judge {
  return (source, path) =>
    fields.flatMap((field) =>
      (entryOf(source, field) ?? "") === ""
        ? [missing(`${path}.${field}`, "a required field is not set", `set ${field}`)]
        : [],
    );
}

/** What the API server asks of a volume by its source. Source: validateVolumeSource, pkg/apis/core/validation, Kubernetes 1.36. */
const VOLUMES = tableOf<Judge>({
  secret: (source, path) => [...needs("secretName")(source, path), ...judgeFiles(source, path)],
  configMap: (source, path) => [...needs("name")(source, path), ...judgeFiles(source, path)],
  persistentVolumeClaim: needs("claimName"),
  hostPath: (source, path) => [
    ...needs("path")(source, path),
    ...judgeText(source["path"], `${path}.path`, upwardProblem, "write a path without .."),
    ...judgeChoice(source["type"], `${path}.type`, HOST_PATHS),
  ],
  nfs: (source, path) => [
    ...needs("server", "path")(source, path),
    ...judgeText(source["path"] || undefined, `${path}.path`, absoluteProblem, "write a path that starts with /"),
  ],
  csi: needs("driver"),
  ephemeral: (source, path) =>
    isObject(source["volumeClaimTemplate"])
      ? []
      : [missing(`${path}.volumeClaimTemplate`, "a required field is not set", "set volumeClaimTemplate")],
  image: (source, path) => judgeChoice(source["pullPolicy"], `${path}.pullPolicy`, ["Always", "IfNotPresent", "Never"]),
});

export function judgeSources(volume: JsonObject, path: string): Refusal[] {
  return Object.entries(volume).flatMap(([name, source]) =>
    isObject(source) ? (VOLUMES.get(name)?.(source, `${path}.${name}`) ?? []) : [],
  );
}

/** The files that a Secret or ConfigMap becomes. */
function judgeFiles(source: JsonObject, path: string): Refusal[] {
  return [
    ...judgeNumber(source["defaultMode"], `${path}.defaultMode`, 0, LARGEST_MODE),
    ...itemsOf(source, "items", path).flatMap(({ item, at }) => [
      ...needs("key", "path")(item, at),
      ...judgeNumber(item["mode"], `${at}.mode`, 0, LARGEST_MODE),
      ...judgeText(item["path"], `${at}.path`, upwardProblem, "write a path inside of the volume"),
      ...judgeText(
        item["path"],
        `${at}.path`,
        (text) => (text.startsWith("/") ? "it is an absolute path" : undefined),
        "write a path inside of the volume",
      ),
    ]),
  ];
}

/** Where a variable's value comes from. Source: validateEnvVarValueFrom, pkg/apis/core/validation, Kubernetes 1.36. */
export function judgeValueFrom(value: Json | undefined, path: string): Refusal[] {
  const { fieldRef, secretKeyRef, configMapKeyRef } = mapping(value);
  const keys = { secretKeyRef, configMapKeyRef };
  return [
    ...(isObject(fieldRef)
      ? judgeText(
          fieldRef["fieldPath"],
          `${path}.fieldRef.fieldPath`,
          fieldProblem,
          `write a field such as metadata.name or status.podIP, or a label or annotation such as metadata.labels['app']`,
        )
      : []),
    ...Object.entries(keys).flatMap(([name, reference]) =>
      isObject(reference) ? judgeText(reference["key"], `${path}.${name}.key`, keyProblem, "write a key of it") : [],
    ),
  ];
}

/** All variables of a Secret or ConfigMap. Source: ValidateEnvFrom, as above. */
export function judgeEnvFrom(container: JsonObject, path: string): Refusal[] {
  return itemsOf(container, "envFrom", path).flatMap(({ item, at }): Refusal[] => {
    const set = ["secretRef", "configMapRef"].filter((field) => (entryOf(item, field) ?? null) !== null);
    if (set.length === 0) return [missing(at, "the source of the variables is missing", "set secretRef")];
    if (set.length > 1) return [invalid(at, `${set.join(" and ")} are both set`, "keep one of them")];
    return set.flatMap((field) => needs("name")(mapping(entryOf(item, field)), `${at}.${field}`));
  });
}

function upwardProblem(path: string): string | undefined {
  return path.split("/").includes("..") ? "it contains .." : undefined;
}

function absoluteProblem(path: string): string | undefined {
  return path.startsWith("/") ? undefined : "it is not an absolute path";
}

function fieldProblem(text: string): string | undefined {
  const isOfMap = /^metadata\.(?:labels|annotations)\['.+'\]$/.test(text);
  return isOfMap || POD_FIELDS.includes(text) ? undefined : "a variable cannot have this field of the pod";
}

/** Source: IsConfigMapKey, apimachinery/pkg/util/validation v0.35. */
function keyProblem(text: string): string | undefined {
  if (text === "") return "the key is empty";
  if (text.length > 253) return "the key has more than 253 characters";
  return /^[-._a-zA-Z0-9]+$/.test(text) ? undefined : "a key may hold letters, digits, -, _ and .";
}
