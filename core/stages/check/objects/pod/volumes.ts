import { subdomainProblem } from "../../../../kubernetes/dns.ts";
import type { Json } from "../../../../kubernetes/json.ts";
import { canonicalQuantity, quantityNumber } from "../../../../kubernetes/quantity.ts";
import { inOtherLetters } from "../../../../kubernetes/schema/rightfix.ts";
import { entryOf } from "../../../../kubernetes/table.ts";
import { CLAIM_SPEC } from "../claims.ts";
import {
  all,
  atMostOne,
  each,
  exactlyOne,
  fields,
  isSet,
  NO_POD,
  ofSet,
  oneOf,
  optional,
  type Rule,
  range,
  required,
  text,
  uniqueKey,
} from "../fields.ts";
import { invalid, isUnknown, itemsOf, judgeUnique, mapping, missing, type Refusal, shown } from "../rule.ts";
import { ANNOTATIONS, LABELS } from "../selectors.ts";
import { ABSOLUTE, FILE, INSIDE, LABEL_NAME, NOT_UPWARD, OBJECT_NAME } from "../texts.ts";
import { FILE_FIELD, FILE_RESOURCE } from "./fieldrefs.ts";
import { judgeReference } from "./references.ts";

/** Volumes by their source. Source: validateVolumeSource, pkg/apis/core/validation, Kubernetes 1.36. */
const LARGEST_MODE = 0o777;
const MODE: Rule = ofSet((mode, { path }) => {
  if (typeof mode !== "number" || (mode >= 0 && mode <= LARGEST_MODE)) return [];
  const octal = /^[0-7]{3}$/.test(String(mode)) ? Number.parseInt(String(mode), 8) : undefined;
  const fix = octal === undefined ? "write a number from 0 to 511" : `write 0${mode} in YAML, or ${octal} elsewhere`;
  return [invalid(path, `${mode} is not a file mode: the largest is 0777, which is 511`, fix)];
});

const KEYS = each(fields({ key: required(), path: required(FILE), mode: MODE }));
const FILES = each(
  fields(
    { path: required(FILE), mode: MODE, fieldRef: FILE_FIELD, resourceFieldRef: FILE_RESOURCE },
    exactlyOne("fieldRef", "resourceFieldRef"),
  ),
);

/** Sources whose feature is off by default are not listed: the API server drops them. */
const PROJECTIONS = {
  secret: fields({ name: required(), items: KEYS }),
  configMap: fields({ name: required(), items: KEYS }),
  downwardAPI: fields({ items: FILES }),
  serviceAccountToken: fields({
    path: required(FILE),
    expirationSeconds: range(10 * 60, 2 ** 32),
  }),
};

/** Files of one volume that would have the same path. */
function distinctPaths(...[sources, { path }]: Parameters<Rule>): Refusal[] {
  const files = (Array.isArray(sources) ? sources : []).flatMap((source, index) =>
    pathsOf(source).map((key) => ({ key, at: `${path}[${index}]` })),
  );
  return judgeUnique(files, "file path");
}

function pathsOf(source: Json): string[] {
  return Object.keys(PROJECTIONS).flatMap((kind) =>
    itemsOf(mapping(entryOf(mapping(source), kind)), "items", "").flatMap(({ item: { path } }) =>
      typeof path === "string" ? [path] : [],
    ),
  );
}

const NAMED = (field: string, ...others: readonly string[]): Rule =>
  fields(Object.fromEntries([field, ...others].map((name) => [name, required()])));
const PARTITION = range(0, 255);

const SOURCES: Readonly<Record<string, Rule>> = {
  emptyDir: fields({ medium: optional(ofSet(judgeMedium)), sizeLimit: ofSet(notNegative) }),
  hostPath: fields({
    path: required(NOT_UPWARD),
    type: oneOf("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"),
  }),
  secret: fields({ secretName: required(), defaultMode: MODE, items: KEYS }),
  configMap: fields({ name: required(), defaultMode: MODE, items: KEYS }),
  persistentVolumeClaim: NAMED("claimName"),
  nfs: fields({ server: required(), path: required(ABSOLUTE) }),
  csi: fields({
    driver: required(text(driverProblem, "write the name of the CSI driver")),
    nodePublishSecretRef: fields({ name: required(OBJECT_NAME) }),
  }),
  ephemeral: fields({
    volumeClaimTemplate: (value, place) => {
      if (!isSet(value)) return required()(value, place);
      const metadata = fields({ labels: LABELS, annotations: ANNOTATIONS }, onlyLabels);
      return fields({ metadata, spec: CLAIM_SPEC })(value, place);
    },
  }),
  downwardAPI: fields({ defaultMode: MODE, items: FILES }),
  projected: fields({
    defaultMode: MODE,
    sources: all(each(fields(PROJECTIONS, atMostOne(...Object.keys(PROJECTIONS)))), distinctPaths),
  }),
  image: fields({
    pullPolicy: optional(oneOf("Always", "IfNotPresent", "Never")),
    reference: all(required(), (value, { path }) => judgeReference(value, path, "start the pod")),
  }),
  gitRepo: fields({ repository: required(), directory: optional(INSIDE) }),
  gcePersistentDisk: fields({ pdName: required(), partition: PARTITION }),
  awsElasticBlockStore: fields({ volumeID: required(), partition: PARTITION }),
  glusterfs: NAMED("endpoints", "path"),
  iscsi: fields({ targetPortal: required(), iqn: required(), lun: PARTITION }),
  rbd: NAMED("image"),
  cephfs: fields({ monitors: notEmpty }),
  cinder: NAMED("volumeID"),
  flexVolume: NAMED("driver"),
  vsphereVolume: NAMED("volumePath"),
  photonPersistentDisk: NAMED("pdID"),
  portworxVolume: NAMED("volumeID"),
  azureFile: NAMED("secretName", "shareName"),
  azureDisk: NAMED("diskName", "diskURI"),
  storageos: NAMED("volumeName"),
  scaleIO: NAMED("gateway", "system", "volumeName"),
  quobyte: NAMED("registry", "volume"),
  flocker: exactlyOne("datasetName", "datasetUUID"),
  fc: ofSet(fibreChannel),
};

/**
 * A volume of Fibre Channel: by the names of its ports with a unit, or by its own names. Source:
 * validateFCVolumeSource.
 */
function fibreChannel(...[value, { path }]: Parameters<Rule>): Refusal[] {
  const { targetWWNs, wwids, lun } = mapping(value);
  const [ofPorts, ofVolumes] = [targetWWNs, wwids].map((names) => Array.isArray(names) && names.length > 0);
  if (!isSet(value)) return [];
  if (!(ofPorts || ofVolumes))
    return [missing(`${path}.targetWWNs`, "neither targetWWNs nor wwids is set", "set targetWWNs or wwids")];
  if (ofPorts && ofVolumes)
    return [invalid(`${path}.targetWWNs`, "targetWWNs and wwids cannot be set together", "remove targetWWNs or wwids")];
  if (!ofPorts) return [];
  if (typeof lun !== "number") return [missing(`${path}.lun`, "targetWWNs needs lun", "set lun")];
  return PARTITION(lun, { path: `${path}.lun`, holder: mapping(value), pod: NO_POD });
}

/**
 * A claim that is made from a template gets its name from its pod, so the template may not set it. Source:
 * ValidateTemplateObjectMeta.
 */
function onlyLabels(...[value, { path }]: Parameters<Rule>): Refusal[] {
  const others = Object.entries(mapping(value)).filter(([name, one]) => !OF_TEMPLATES.includes(name) && isSet(one));
  return others.map(([name]) =>
    invalid(`${path}.${name}`, "the metadata of a claim template can have only labels and annotations", "remove it"),
  );
}
const OF_TEMPLATES: readonly string[] = ["labels", "annotations", "creationTimestamp"];

function driverProblem(driver: string): string | undefined {
  if (driver.length > 63) return "it has more than 63 characters";
  return subdomainProblem(driver.toLowerCase());
}

const MEDIA: readonly string[] = ["Memory", "HugePages", "HugePages-2Mi", "HugePages-1Gi"];
const OF_PAGES = "HugePages-";

/**
 * The API server accepts every medium, but the kubelet mounts only these. Source: SetUpAt and setupHugepages,
 * pkg/volume/emptydir/empty_dir.go, Kubernetes 1.36.
 */
function judgeMedium(...[medium, { path }]: Parameters<Rule>): Refusal[] {
  if (typeof medium !== "string" || MEDIA.includes(medium) || isUnknown(medium)) return [];
  const size = medium.startsWith(OF_PAGES) ? medium.slice(OF_PAGES.length) : undefined;
  if (size !== undefined && canonicalQuantity(size) !== undefined) return [];
  const right = inOtherLetters(medium, MEDIA);
  const fix = `write ${right ?? `${MEDIA[0]}, or remove medium for a directory on the node's disk`}`;
  const refusal = invalid(path, `the kubelet will not start the pod: it has no storage medium ${shown(medium)}`, fix);
  return [right === undefined ? refusal : { ...refusal, right: { path, value: right } }];
}

function notNegative(...[value, { path }]: Parameters<Rule>): Refusal[] {
  const isAmount = typeof value === "string" || typeof value === "number";
  return isAmount && quantityNumber(value) < 0 ? [invalid(path, `${value} is below 0`, "write 0 or more")] : [];
}

function notEmpty(...[value, { path }]: Parameters<Rule>): Refusal[] {
  return Array.isArray(value) && value.length > 0 ? [] : [missing(path, "the list is empty", "add an item")];
}

/** A volume without a source becomes an emptyDir. */
const VOLUME = fields({ name: required(LABEL_NAME), ...SOURCES }, atMostOne(...Object.keys(SOURCES)));
export const VOLUMES = all(each(VOLUME), uniqueKey("name", "volume name"));

/** Whether a volume can be a block device. */
export function isBlock(volume: Json): boolean {
  return ["persistentVolumeClaim", "ephemeral"].some((source) => isSet(entryOf(mapping(volume), source)));
}
