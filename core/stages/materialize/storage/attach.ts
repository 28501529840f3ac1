import type { ServiceAccount } from "kubernetes-types/core/v1.js";
import { isDownloaded, schemeOf } from "../../../contract/downloads.ts";
import type { Issue } from "../../../contract/issues/issue.ts";
import { cachesModel, LABEL, LOCAL_MODEL, POD_PATH } from "../../../contract/names.ts";
import { correctedUri } from "../../../knowledge/uris.ts";
import type { PodSpec } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { isSlash, withoutEnd } from "../../../kubernetes/text.ts";
import { containerNamed, initContainerNamed, NO_CONTAINERS } from "../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../context.ts";
import { refusal, unused } from "../issues.ts";
import { draftDownloads, draftOf, undownloaded, withDraft } from "./draft.ts";
import { volumeOf, withImageVolume } from "./imagevolume.ts";
import { type Download, type Downloads, INITIALIZER, withDownloads, withoutInitializer } from "./initializer.ts";
import { adaptersOf, downloadsOf, withAdapters } from "./lora.ts";
import { folderOf, modelCacheOf } from "./modelcache.ts";
import { withModelcar } from "./modelcar.ts";
import { sourceOf } from "./modeldownload.ts";
import { parseClaim, withClaim } from "./pvc.ts";

/** The path of the model in every container that reads it. */

export interface AttachRequest {
  /** The container that reads the model. */
  container: string;
  /** The pod's ServiceAccount, for its credentials; the namespace's default one if the pod names none. */
  serviceAccount?: ServiceAccount;
  /** The path of the model there. Default: the path in engines. */
  mountPath?: string;
  /** Whether the LoRA adapters are included: for engines, not for tokenizers. */
  adapters: boolean;
  /** The pod's field, for issues. */
  path: string;
}

interface Scheme {
  /** Brings the model itself into the pod; the adapters' downloads follow. */
  attach(pod: PodSpec, uri: string, downloads: Downloads): PodSpec;
  /** Whether the initializer downloads the model too, so that model and adapters share one run. */
  downloaded?: boolean;
  /** Whether the container itself is changed, not only given a mount. */
  needsContainer?: boolean;
  /** Whether a storage initializer that the user customized is removed if it has nothing to download. */
  dropsInitializer?: boolean;
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  pvc: {
    attach: (pod, uri, { container, mountPath }) => withClaim(pod, container, { ...parseClaim(uri), mountPath }),
    dropsInitializer: true,
  },
  "oci+native": {
    attach: (pod, uri, { container, mountPath }) => withImageVolume(pod, container, uri, mountPath),
    needsContainer: true,
  },
  oci: {
    attach: (pod, uri, { container, mountPath, settings }) =>
      settings.storageInitializer.ociModelMode === "native"
        ? withImageVolume(pod, container, uri, mountPath)
        : withModelcar(pod, uri, { container, mountPath }, settings.storageInitializer),
    dropsInitializer: true,
    needsContainer: true,
  },
};
const DOWNLOADED: Scheme = { attach: (pod) => pod, downloaded: true };

/**
 * Brings the model, and the engine's LoRA adapters, into a pod, by the scheme of its URI. Nothing is attached if the
 * service turns the storage initializer off. Source: attachModelArtifacts in workload_storage.go, KServe v0.20.0.
 */
export function attachModel(pod: PodSpec, request: AttachRequest, context: MaterializeContext): PodSpec {
  const { spec, report, behaviour } = context;
  if (!spec.model.uri.includes("://")) return refuse(pod, report, unsupported(spec.model.uri, behaviour));
  if (spec.storageInitializer?.enabled === false) return withNothing(pod, request, context);
  const uri = resolveUri(context);
  if (uri === undefined) return pod;
  const scheme = isDownloaded(uri, context) ? DOWNLOADED : entryOf(SCHEMES, schemeOf(uri, context));
  if (scheme === undefined) return refuse(pod, report, unsupported(uri, behaviour));
  const obstacle = obstacleTo(pod, { uri, scheme }, request, context);
  if (obstacle !== undefined) return refuse(pod, report, obstacle);
  return attach(pod, { uri, scheme }, request, context);
}

/** Where a model is stored, and how a pod gets it from there. */
interface Source {
  uri: string;
  scheme: Scheme;
}

function attach(pod: PodSpec, { uri, scheme }: Source, request: AttachRequest, context: MaterializeContext): PodSpec {
  const adapters = request.adapters ? adaptersOf(context.spec) : [];
  const own: Download[] = scheme.downloaded ? [{ uri, path: POD_PATH.models }] : [];
  const { mountPath = POD_PATH.models } = request;
  const draft = request.adapters ? draftOf(pod, request.container, request.path, context) : undefined;
  const pairs = [...own, ...downloadsOf(adapters, context), ...draftDownloads(draft, context)];
  const downloads: Downloads = { ...context, ...request, mountPath, pairs };
  let attached = scheme.attach(pod, uri, downloads);
  if (downloads.pairs.length > 0) attached = withDownloads(attached, downloads);
  else if (scheme.dropsInitializer) attached = withoutIdle(attached, request, context);
  if (!request.adapters) return attached;
  return withDraft(withAdapters(attached, adapters, context), request.container, draft, context);
}

/**
 * If nothing is downloaded in this pod, a storage initializer that the user customized is removed. The one of the first
 * pods fills a cache.
 */
function withoutIdle(pod: PodSpec, { path }: AttachRequest, context: MaterializeContext): PodSpec {
  const { report, spec } = context;
  const stripped = withoutInitializer(pod);
  const fillsCache = path === sourceOf(spec).path && modelCacheOf(context) !== undefined;
  if (stripped.customized !== undefined && !fillsCache) {
    const field = `${path}.initContainers[name=${INITIALIZER}]`;
    report(unused(field, `${spec.model.uri} is not downloaded, so the container is removed`, "remove the container"));
  }
  return stripped.pod;
}

/** Why a scheme does not work in this pod with these settings. */
function obstacleTo(
  pod: PodSpec,
  { uri, scheme }: Source,
  { container, path, mountPath = POD_PATH.models, adapters }: AttachRequest,
  { settings, spec, behaviour }: MaterializeContext,
): Issue | undefined {
  const mode = settings.storageInitializer.ociModelMode;
  if (uri.startsWith("oci://") && mode === "") return modelcarsOff(uri);
  const reader = containerNamed(pod, container);
  const isOurs = behaviour.admission === "asWritten";
  const isNeeded = isOurs || scheme.needsContainer || (adapters && adaptersOf(spec).length > 0);
  if (reader === undefined) {
    const isThere = !scheme.needsContainer && initContainerNamed(pod, container) !== undefined;
    return isNeeded && !isThere ? noContainer(container, path, pod) : undefined;
  }
  const isImage = uri.startsWith("oci+native://") || (uri.startsWith("oci://") && mode === "native");
  const taken = reader.volumeMounts?.find(
    (mount) => mount.mountPath === mountPath && mount.name !== volumeOf(mountPath),
  );
  return isImage && taken ? mountTaken(mountPath, taken.name, path) : undefined;
}

/** The user provides the model: without a mount of the user, the pod has no model. */
function withNothing(
  pod: PodSpec,
  { container, path, mountPath = POD_PATH.models, adapters }: AttachRequest,
  context: MaterializeContext,
): PodSpec {
  const draft = adapters ? draftOf(pod, container, path, context) : undefined;
  if (draft !== undefined) context.report(undownloaded(draft));
  const reader = containerNamed(pod, container);
  const mounts = reader?.volumeMounts ?? [];
  if (mounts.some((mount) => `${mountPath}/`.startsWith(`${withoutEnd(mount.mountPath, isSlash)}/`))) return pod;
  // An engine of another kind, or one that fetches the model itself, does not read this path.
  const commandLine = [...(reader?.command ?? []), ...(reader?.args ?? [])];
  const words = [...commandLine, ...(reader?.env ?? []).map(({ value = "" }) => value)];
  if (commandLine.length > 0 && !words.some((word) => word.includes(mountPath))) return pod;
  const { uri } = context.spec.model;
  const message = `storageInitializer.enabled is false, so ${uri} is not downloaded to ${mountPath} of ${path}`;
  const fix = "mount a volume at this path, or enable the storage initializer";
  context.report(unused("spec.model.uri", message, fix));
  return pod;
}

/** The model's URI, or the URI of the claim if a cache holds it: the service's own, or KServe's LocalModel. */
function resolveUri(context: MaterializeContext): string | undefined {
  const { service, spec, report } = context;
  const { labels = {}, annotations = {} } = service.metadata;
  const { uri } = spec.model;
  if (!(LABEL.localModel in labels)) {
    const cache = modelCacheOf(context);
    return cache === undefined ? uri : `pvc://${cache.claimName}/${cache.folder}`;
  }
  const missing = [LOCAL_MODEL.source, LOCAL_MODEL.claim].filter((key) => entryOf(annotations, key) === undefined);
  for (const key of missing) report(missingAnnotation(key));
  if (missing.length > 0) return undefined;
  const source = entryOf(annotations, LOCAL_MODEL.source) ?? "";
  const isOurs = context.behaviour.localModelMarks === "written";
  if (isOurs && !cachesModel(source, uri)) {
    report(notCached(source, uri));
    return undefined;
  }
  const start = isOurs ? withoutEnd(source, isSlash) : source;
  const rest = uri.startsWith(start) ? uri.slice(start.length) : uri;
  return `pvc://${entryOf(annotations, LOCAL_MODEL.claim)}/${folderOf(source)}${rest.startsWith("/") ? "" : "/"}${rest}`;
}

function refuse(pod: PodSpec, report: MaterializeContext["report"], issue: Issue): PodSpec {
  report(issue);
  return pod;
}

function unsupported(uri: string, { downloads }: MaterializeContext["behaviour"]): Issue {
  const schemes = [...downloads, ...Object.keys(SCHEMES)].map((scheme) => `${scheme}://`);
  const message = `the scheme of the model URI ${JSON.stringify(uri)} is not supported`;
  const path = "spec.model.uri";
  const value = correctedUri(uri);
  if (value === undefined || !schemes.some((scheme) => value.startsWith(scheme)))
    return refusal("UnsupportedScheme", path, message, `use one of ${schemes.join(", ")}`);
  return { ...refusal("UnsupportedScheme", path, message, `write ${value}`), fixes: [{ path, value }] };
}

function modelcarsOff(uri: string): Issue {
  const fix = "set storageInitializer.ociModelMode to modelcar or native";
  const issue = refusal(
    "SettingsInvalid",
    "spec.model.uri",
    `${uri} requires OCI models, which the settings disable`,
    fix,
  );
  return { ...issue, layer: "settings" };
}

function noContainer(container: string, path: string, { containers }: PodSpec): Issue {
  if ((containers ?? []).length === 0)
    return refusal("MissingField", `${path}.containers`, NO_CONTAINERS.message, NO_CONTAINERS.fix);
  const message = `the model cannot be mounted: the pod has no container ${container}`;
  return refusal(
    "MissingField",
    `${path}.containers`,
    message,
    `rename the container that reads the model to ${container}`,
  );
}

function mountTaken(mountPath: string, volume: string, path: string): Issue {
  const message = `the image of the model is mounted at ${mountPath}, but the volume ${volume} already uses this path`;
  return refusal("Conflict", `${path}.containers`, message, "mount that volume at another path");
}

function notCached(source: string, uri: string): Issue {
  const message = `the cache stores ${source}, which does not contain the model ${uri}`;
  const fix = "remove the label and the annotations of the cache, or name a cache of the model";
  return {
    ...refusal("Conflict", `metadata.annotations[${LOCAL_MODEL.source}]`, message, fix),
    layer: "service",
  };
}

function missingAnnotation(key: string): Issue {
  const message = `the label ${LABEL.localModel} marks the model as cached, but the annotation ${key} is not set`;
  const fix = "set the annotation, or remove the label";
  return { ...refusal("MissingField", `metadata.annotations[${key}]`, message, fix), layer: "service" };
}
