import type { EnvVar, ServiceAccount } from "kubernetes-types/core/v1.js";
import { schemeOf } from "../../../contract/downloads.ts";
import type { Issue } from "../../../contract/issues/issue.ts";
import { POD_PART, POD_PATH } from "../../../contract/names.ts";
import { DEFAULT_SETTINGS } from "../../../contract/options/settings.ts";
import { asArgument, initializerFor, initializerImage, isInitializerBefore } from "../../../knowledge/initializer.ts";
import { policyOf } from "../../../knowledge/mergepolicy.ts";
import { hardened } from "../../../knowledge/presets/parts.ts";
import { asJson } from "../../../kubernetes/json.ts";
import type { Container, PodSpec } from "../../../kubernetes/objects.ts";
import { applyPatch } from "../../../kubernetes/patch/strategic.ts";
import { isSlash, withoutEnd } from "../../../kubernetes/text.ts";
import { declareUnchanging } from "../../../kubernetes/unchanging.ts";
import {
  containerNamed,
  withContainer,
  withEnv,
  withEnvValue,
  withInitContainer,
  withMountedVolume,
} from "../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../context.ts";
import { refusal, unused } from "../issues.ts";
import { withCaBundle } from "./cabundle.ts";
import { withCredentials } from "./credentials.ts";
import { withRegistry } from "./registry.ts";

export const INITIALIZER = POD_PART.initializer;
/** Only a tokenizer's files, if the container reads nothing else. */
const TOKENIZER = "tokenizer";
const TOKENIZER_FILES = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "vocab.json",
  "merges.txt",
  "config.json",
  "generation_config.json",
];
/** KServe's text, including its spaces: a running pod must not restart because of a space. */
const TOKENIZER_ONLY: EnvVar = {
  name: "STORAGE_ALLOW_PATTERNS",
  value: `[${TOKENIZER_FILES.map((file) => JSON.stringify(file)).join(", ")}]`,
};
const HF_DEFAULTS: readonly EnvVar[] = [
  { name: "HF_HUB_ENABLE_HF_TRANSFER", value: "1" },
  { name: "HF_XET_HIGH_PERFORMANCE", value: "1" },
  { name: "HF_XET_NUM_CONCURRENT_RANGE_GETS", value: "8" },
];

/** What is downloaded, and the target path. */
export interface Download {
  uri: string;
  path: string;
}

/** One run of the storage initializer: what it downloads, for which container, with which credentials. */
export interface Downloads extends MaterializeContext {
  container: string;
  serviceAccount?: ServiceAccount;
  /** The path of the model in the container. */
  mountPath: string;
  /** The pod's field, for issues. */
  path: string;
  pairs: readonly Download[];
}

/**
 * Downloads into an emptyDir before the pod starts. An existing storage initializer of the pod customizes this one: all
 * of its fields except name, args and command are used. Source: attachStorageInitializer and
 * attachMultiStorageDownloads in workload_storage.go, KServe v0.20.0.
 */
export function withDownloads(pod: PodSpec, downloads: Downloads): PodSpec {
  const single = isModelAlone(downloads);
  return withAccess(mounted(withInitializer(pod, downloads), downloads, single), downloads, single);
}

/** The storage initializer that a pod would have for a model alone, with its volumes, without the rest of the pod. */
export function downloadingPod({ initContainers = [], imagePullSecrets }: PodSpec, downloads: Downloads): PodSpec {
  const own = initContainers.filter(({ name }) => name === INITIALIZER);
  const pod = { initContainers: own, ...(imagePullSecrets && { imagePullSecrets }) };
  return withAccess(withInitializer(pod, downloads), downloads, true);
}

function isModelAlone({ pairs }: Downloads): boolean {
  return pairs.length === 1 && pairs[0]?.path === POD_PATH.models;
}

function withInitializer(pod: PodSpec, downloads: Downloads): PodSpec {
  const { pairs, spec } = downloads;
  const stripped = withoutInitializer(pod);
  const args = pairs.flatMap(({ uri, path }) => [asArgument(uri), path]);
  let initializer = initializerContainer(args, pod, downloads);
  if (pairs.every(({ uri }) => uri === spec.model.uri))
    initializer = withConfidential(initializer, spec.model.confidential);
  else warnOfConfidential(downloads);
  if (stripped.customized !== undefined) initializer = customized(initializer, stripped.customized, downloads);
  const old = tooOld(initializer, stripped.customized, downloads);
  if (old !== undefined) downloads.report(old);
  return { ...stripped.pod, initContainers: [...(stripped.pod.initContainers ?? []), initializer] };
}

/** The pod without its storage initializer, and the storage initializer. */
export function withoutInitializer(pod: PodSpec): { pod: PodSpec; customized?: Container } {
  const customized = pod.initContainers?.findLast(({ name }) => name === INITIALIZER);
  if (customized === undefined) return { pod };
  return {
    pod: { ...pod, initContainers: pod.initContainers?.filter(({ name }) => name !== INITIALIZER) },
    customized,
  };
}

/** The minimum release for all downloads; undefined if every release supports them. */
function releaseFor(downloads: Downloads): string | undefined {
  return initializerFor(downloads.pairs.map(({ uri }) => schemeOf(uri, downloads)));
}

/** The image of the settings; by default, one that supports the schemes of all downloads. */
function imageOf(downloads: Downloads): string {
  const { image } = downloads.settings.storageInitializer;
  const release = releaseFor(downloads);
  if (release !== undefined && image === DEFAULT_SETTINGS.storageInitializer.image) return initializerImage(release);
  return image || "kserve/storage-initializer:latest";
}

/** An image of KServe that is older than a scheme reads its URI as a path, and the pod never starts. */
function tooOld({ image = "" }: Container, theirs: Container | undefined, downloads: Downloads): Issue | undefined {
  const release = releaseFor(downloads);
  if (release === undefined || !isInitializerBefore(image, release)) return undefined;
  const { uri } = downloads.pairs.find((pair) => initializerFor([schemeOf(pair.uri, downloads)]) !== undefined) ?? {};
  const message = `the storage initializer ${image} cannot download ${uri}: KServe's initializer supports this scheme from v${release} on`;
  const fix = `set the image to ${initializerImage(release)} or later`;
  if (theirs?.image !== undefined)
    return refusal("UnsupportedScheme", `${downloads.path}.initContainers[name=${INITIALIZER}].image`, message, fix);
  return { ...refusal("UnsupportedScheme", "settings.storageInitializer.image", message, fix), layer: "settings" };
}

function initializerContainer(args: string[], pod: PodSpec, downloads: Downloads): Container {
  const { settings, behaviour, adopt } = downloads;
  const { cpuLimit, cpuRequest, memoryLimit, memoryRequest } = settings.storageInitializer;
  const isPlain = behaviour.initializerSecurity === "unset" || adopt?.plainInitializer === true;
  return {
    name: INITIALIZER,
    image: imageOf(downloads),
    args,
    terminationMessagePolicy: "FallbackToLogsOnError",
    resources: {
      limits: { cpu: cpuLimit, memory: memoryLimit },
      requests: { cpu: cpuRequest, memory: memoryRequest },
    },
    ...(!isPlain && { securityContext: hardenedIn(pod) }),
  };
}

/** Settled, because it is the same in all services. */
const HARDENED = hardened();
declareUnchanging(HARDENED);

/**
 * A pod that runs as root does so in all its containers: the kubelet would not start a container that must not be root.
 */
function hardenedIn({ securityContext }: PodSpec): NonNullable<Container["securityContext"]> {
  const isRoot = securityContext?.runAsUser === 0 || securityContext?.runAsNonRoot === false;
  if (!isRoot) return HARDENED;
  const { runAsNonRoot: _refused, ...rest } = HARDENED;
  return rest;
}

function withConfidential(
  container: Container,
  confidential: { enabled: boolean; resourceId?: string } | undefined,
): Container {
  if (!confidential?.enabled) return container;
  const enabled = withEnvValue(container, "CONFIDENTIAL_ENABLED", "true");
  return confidential.resourceId ? withEnvValue(enabled, "CONFIDENTIAL_RESOURCE_ID", confidential.resourceId) : enabled;
}

/** The switch applies to the whole run, so it is set only if the model alone is downloaded. */
function warnOfConfidential({ spec, report }: Downloads): void {
  if (!spec.model.confidential?.enabled) return;
  const message = "the model is not decrypted when adapters or a draft model are downloaded with it";
  report(unused("spec.model.confidential", message, "remove them, or store the model unencrypted"));
}

function customized(ours: Container, theirs: Container, { path, report, behaviour }: Downloads): Container {
  for (const field of ["args", "command"] as const) {
    if (!theirs[field]?.length) continue;
    const at = `${path}.initContainers[name=${INITIALIZER}].${field}`;
    report(
      unused(
        at,
        `the plan sets ${field} of the storage initializer, because they select what is downloaded`,
        "remove it",
      ),
    );
  }
  const policy = policyOf({ args: "replace", zeroOverrides: false, alternatives: behaviour.alternatives });
  const merged = applyPatch(asJson(ours), asJson(theirs), "Container", {
    policy,
    report: () => undefined,
  });
  const { command: _command, ...rest } = merged as unknown as Container;
  return { ...rest, name: ours.name, args: ours.args };
}

/** The container reads where the initializer writes. */
function mounted(pod: PodSpec, downloads: Downloads, single: boolean): PodSpec {
  const { container, pairs, mountPath, behaviour } = downloads;
  const volume = { name: POD_PART.downloads, emptyDir: {} };
  const parent = commonParent(pairs.map(({ path }) => path));
  const there = containerNamed(pod, container)?.volumeMounts?.find(
    ({ name }) => name === POD_PART.downloads,
  )?.mountPath;
  const each = behaviour.downloadMounts === "each";
  const written = each && there !== undefined ? there : parent;
  const writing = withMountedVolume(pod, INITIALIZER, { name: POD_PART.downloads, mountPath: written }, volume);
  if (each && pairs.length > 1 && there === undefined) return mountedEach(writing, container, pairs, parent);
  const read = { name: POD_PART.downloads, mountPath: single ? mountPath : parent, readOnly: true };
  return withMountedVolume(writing, container, read, volume);
}

/** Each download has its own mount: below one read-only mount no folder could be made for an adapter on a claim. */
function mountedEach(pod: PodSpec, container: string, pairs: readonly Download[], parent: string): PodSpec {
  const root = `${withoutEnd(parent, isSlash)}/`;
  const mounts = pairs.map(({ path }) => ({
    name: POD_PART.downloads,
    mountPath: path,
    subPath: path.slice(root.length),
    readOnly: true,
  }));
  return withContainer(pod, container, (found) => ({
    ...found,
    volumeMounts: [...(found.volumeMounts ?? []), ...mounts],
  }));
}

/** Credentials, Hugging Face's defaults and the CA bundle, in KServe's order. */
function withAccess(pod: PodSpec, downloads: Downloads, single: boolean): PodSpec {
  const { known, service, serviceAccount, pairs, container } = downloads;
  const isHf = pairs.some(({ uri }) => uri.startsWith("hf://"));
  const needsBundle = !single || !isHf;
  const { namespace } = service.metadata;
  const standard = known.get("v1", "ServiceAccount", namespace, "default") as ServiceAccount | undefined;
  const account = serviceAccount ?? standard ?? { metadata: { name: "default", namespace } };
  let out = withCredentials(pod, INITIALIZER, account, downloads);
  out = withRegistry(out, INITIALIZER, { ...downloads, serviceAccount: account });
  const bundleFirst = single && !isHf;
  if (bundleFirst) out = withCaBundle(out, INITIALIZER, downloads);
  const env = [...(isHf ? HF_DEFAULTS : []), ...(container === TOKENIZER ? [TOKENIZER_ONLY] : [])];
  out = withInitContainer(out, INITIALIZER, (found) => withEnv(found, env));
  return needsBundle && !bundleFirst ? withCaBundle(out, INITIALIZER, downloads) : out;
}

/** The longest folder that contains all paths; for a single path it is that path. */
function commonParent(paths: readonly string[]): string {
  if (paths.length === 1) return paths[0] ?? "/";
  const [first = [], ...others] = paths.map((path) => path.split("/").filter((part) => part !== ""));
  const length = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return `/${(length < 0 ? first : first.slice(0, length)).join("/")}`;
}
