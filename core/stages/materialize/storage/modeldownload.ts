import type { ServiceAccount } from "kubernetes-types/core/v1.js";
import { typeMeta } from "../../../contract/kinds.ts";
import { COMPONENT, CONTENTS, labelsOf, nameByContents } from "../../../contract/names.ts";
import { asArgument } from "../../../knowledge/initializer.ts";
import { hardened } from "../../../knowledge/presets/parts.ts";
import type { Container, KubernetesObject, PodSpec } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import type { ModelCache } from "./caches.ts";
import { withGroup } from "./caches.ts";
import { downloadingPod } from "./initializer.ts";

/** Where the Job writes; engines have the model at another path. */
const VOLUME = "model-cache";
const MOUNT = "/mnt/cache";

/**
 * Downloads next to the folder, and then moves the whole model there in one step, so a folder that is not empty is
 * complete (a mount may have made an empty one). A Job that runs again ends at once, and one that was stopped continues
 * where it was. If two share a claim, the first one counts. Arguments: what to download, the folder, and the temporary
 * folder.
 */
const DOWNLOAD = `set -e
rmdir "$2" 2>/dev/null || true
if [ -d "$2" ]; then echo "$1 is in $2 already"; exit 0; fi
mkdir -p "$3"
/storage-initializer/scripts/initializer-entrypoint "$1" "$3"
mv -T "$3" "$2" || { [ -d "$2" ] && rm -rf "$3"; }`;

/** A slow line, 200 Mbit/s, and at least an hour. Without a known size: the time for a terabyte at twice that speed. */
const SLOW_BYTES_PER_SECOND = 25e6;
const LEAST_SECONDS = 3600;
const UNKNOWN_SECONDS = 6 * 3600;

/**
 * The Job that fills the cache. Its pods need no accelerator, but may run on nodes that are reserved for pods with one.
 */
export function buildModelDownload(cache: ModelCache, context: MaterializeContext): KubernetesObject {
  const { service, modelBytes, spec } = context;
  const { name, namespace } = service.metadata;
  const { uri } = spec.model;
  const labels = labelsOf(name, COMPONENT.modelCache);
  const seconds = modelBytes === undefined ? UNKNOWN_SECONDS : Math.ceil(modelBytes / SLOW_BYTES_PER_SECOND);
  return {
    ...typeMeta("Job"),
    metadata: {
      name: nameByContents(name, "modelCache", [uri, cache.claimName]),
      namespace,
      labels,
      annotations: { [CONTENTS]: `${uri} ${cache.claimName}` },
    },
    spec: {
      activeDeadlineSeconds: Math.max(LEAST_SECONDS, seconds),
      template: { metadata: { labels }, spec: downloadPod(cache, context) },
    },
  };
}

/** The engine's pod from which the Job takes its identity, and the user's own storage initializer. */
export function sourceOf({ template, worker }: MaterializeContext["spec"]): { engine: PodSpec; path: string } {
  if (template !== undefined) return { engine: template, path: "spec.template" };
  return { engine: worker ?? {}, path: "spec.worker" };
}

function downloadPod({ claimName, folder, chosen }: ModelCache, context: MaterializeContext): PodSpec {
  const { engine } = sourceOf(context.spec);
  const isOneNode = chosen.accessMode === "ReadWriteOnce";
  const { container, volumes } = downloader(folder, context);
  const pod: PodSpec = {
    restartPolicy: "Never",
    ...picked(engine, isOneNode ? [...IDENTITY, ...PLACE] : IDENTITY),
    containers: [container],
    volumes: [...volumes, { name: VOLUME, persistentVolumeClaim: { claimName } }],
  };
  return withGroup(pod, chosen);
}

const IDENTITY = ["serviceAccountName", "imagePullSecrets", "tolerations", "securityContext"] as const;
/** A volume of one node is created where its first pod runs, so that must be a node for engines. */
const PLACE = ["nodeSelector", "affinity"] as const;

function picked(pod: PodSpec, fields: readonly (keyof PodSpec)[]): PodSpec {
  return Object.fromEntries(fields.filter((field) => pod[field] !== undefined).map((field) => [field, pod[field]]));
}

/** The storage initializer as the engine's pod would have it, but writing into the volume. */
function downloader(folder: string, context: MaterializeContext): { container: Container; volumes: PodVolumes } {
  const { service, spec, known } = context;
  const { name, namespace } = service.metadata;
  const { engine, path } = sourceOf(spec);
  const { serviceAccountName: named = "" } = engine;
  const serviceAccount = known.get("v1", "ServiceAccount", namespace, named) as ServiceAccount | undefined;
  const target = `${MOUNT}/${folder}`;
  const pairs = [{ uri: spec.model.uri, path: target }];
  const request = { ...context, container: "", serviceAccount, mountPath: MOUNT, path, pairs };
  const { initContainers: [initializer] = [], volumes = [] } = downloadingPod(engine, request);
  const container: Container = {
    ...(initializer as Container),
    command: ["/bin/sh", "-c", DOWNLOAD, "download"],
    args: [asArgument(spec.model.uri), target, `${target}.${name}`],
    volumeMounts: [...(initializer?.volumeMounts ?? []), { name: VOLUME, mountPath: MOUNT }],
    securityContext: { ...hardened(), ...initializer?.securityContext },
  };
  return { container, volumes };
}

type PodVolumes = NonNullable<PodSpec["volumes"]>;
