import { POD_PART, POD_PATH } from "../../../contract/names.ts";
import type { StorageInitializerSettings } from "../../../contract/options/settings.ts";
import type { Container, PodSpec } from "../../../kubernetes/objects.ts";
import {
  containerNamed,
  withContainer,
  withEnvValue,
  withMount,
  withVolume,
} from "../../../kubernetes/workloads/pods.ts";

const MODELCAR = "modelcar";
const PREFETCH = "modelcar-init";

/**
 * Serves the /models of an OCI image through a sidecar: it links its own root into a shared volume, which works because
 * the containers see each other's processes. Before that an init container makes the node pull the image, and checks
 * it. Source: ConfigureModelcarToContainer in pkg/utils/storage.go, KServe v0.20.0.
 */
export function withModelcar(
  pod: PodSpec,
  uri: string,
  { container, mountPath: modelPath }: { container: string; mountPath: string },
  settings: StorageInitializerSettings,
): PodSpec {
  const image = uri.replace(/^oci:\/\//, "");
  const mount = { name: POD_PART.downloads, mountPath: parentOf(modelPath) };
  const reading = withContainer(pod, container, (reader) =>
    asModelUser(withMount(withEnvValue(reader, "MODEL_INIT_MODE", "async"), mount), settings),
  );
  const shared = withVolume({ ...reading, shareProcessNamespace: true }, { name: POD_PART.downloads, emptyDir: {} });
  if (containerNamed(shared, MODELCAR) !== undefined) return shared;
  const car: Container = {
    name: MODELCAR,
    image,
    args: ["sh", "-c", linkModels(modelPath)],
    volumeMounts: [mount],
    ...smallAndTalkative(settings),
    ...(settings.uidModelcar !== undefined && { securityContext: { runAsUser: settings.uidModelcar } }),
  };
  const prefetch: Container = {
    name: PREFETCH,
    image,
    args: ["sh", "-c", checkModels(image)],
    ...smallAndTalkative(settings),
  };
  return {
    ...shared,
    containers: [...(shared.containers ?? []), car],
    initContainers: [...(shared.initContainers ?? []), prefetch],
  };
}

/** `$$$$` is the shell's own process id, with Kubernetes' escape. A non-standard folder has to be created. */
function linkModels(modelPath: string): string {
  const link = `ln -sf /proc/$$$$/root/models ${modelPath} && sleep infinity`;
  return modelPath === POD_PATH.models ? link : `mkdir -p ${parentOf(modelPath)} && ${link}`;
}

function parentOf(path: string): string {
  return path.replace(/\/[^/]*$/, "") || "/";
}

/** Under some runtimes only the user that made the link can follow it. */
function asModelUser(container: Container, { uidModelcar }: StorageInitializerSettings): Container {
  if (uidModelcar === undefined) return container;
  return { ...container, securityContext: { ...container.securityContext, runAsUser: uidModelcar } };
}

function smallAndTalkative({ cpuModelcar, memoryModelcar }: StorageInitializerSettings): Partial<Container> {
  const room = { cpu: cpuModelcar || "10m", memory: memoryModelcar || "15Mi" };
  return { resources: { limits: room, requests: room }, terminationMessagePolicy: "FallbackToLogsOnError" };
}

/** KServe's own check, unchanged: a running pod must not restart because of another wording. */
function checkModels(image: string): string {
  const ok = "echo 'OK ... Prefetched and valid (/models exists)'";
  const bad = "echo 'NOK ... Prefetched but modelcar is invalid (/models does not exist or is empty)'";
  return `echo 'Pre-fetching modelcar ${image}: ' && [ -d /models ] && [ "$$(ls -A /models)" ] && ${ok} || (${bad} && exit 1)`;
}
