import type { EnvVar, VolumeMount } from "kubernetes-types/core/v1.js";
import { field, objectOf } from "../json.ts";
import type { Container, KubernetesObject, PodSpec, Volume } from "../objects.ts";
import { entryOf } from "../table.ts";
import { isWorkload, TEMPLATE_PATHS, type TemplatePlace, templatesOf } from "./workloads.ts";

/** Edits of a pod; each returns a new one and leaves its input as it is. */

export const MAIN = "main";
/** Fields of a container that contain probes. */
export const PROBES = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

export function containerNamed(pod: PodSpec, name: string): Container | undefined {
  return pod.containers?.find((container) => container.name === name);
}

export function initContainerNamed(pod: PodSpec, name: string): Container | undefined {
  return pod.initContainers?.find((container) => container.name === name);
}

/** The pod with one container changed; unchanged if it has none of that name. */
export function withContainer(pod: PodSpec, name: string, edit: (container: Container) => Container): PodSpec {
  if (containerNamed(pod, name) === undefined) return pod;
  return { ...pod, containers: editNamed(pod.containers, name, edit) };
}

export function withInitContainer(pod: PodSpec, name: string, edit: (container: Container) => Container): PodSpec {
  if (initContainerNamed(pod, name) === undefined) return pod;
  return { ...pod, initContainers: editNamed(pod.initContainers, name, edit) };
}

/** Names are unique in a valid pod; otherwise the first one counts. */
function editNamed(
  containers: Container[] | undefined,
  name: string,
  edit: (container: Container) => Container,
): Container[] | undefined {
  const at = containers?.findIndex((container) => container.name === name);
  return containers?.map((container, index) => (index === at ? edit(container) : container));
}

/**
 * Mounts a volume into a container of the pod: read-only if requested, except for an init container, which writes.
 * Without such a container, or if it mounts that volume already, the pod stays as it is. Source: AddModelMount in
 * pkg/utils/storage.go, KServe v0.20.0.
 */
export function withMountedVolume(pod: PodSpec, container: string, mount: VolumeMount, volume: Volume): PodSpec {
  const reader = containerNamed(pod, container);
  if (reader !== undefined && !hasMount(reader, mount)) {
    return withVolume(
      withContainer(pod, container, (found) => withMount(found, mount)),
      volume,
    );
  }
  const writer = initContainerNamed(pod, container);
  if (writer === undefined || hasMount(writer, mount)) return pod;
  const { readOnly: _readOnly, ...writable } = mount;
  return withVolume(
    withInitContainer(pod, container, (found) => withMount(found, writable)),
    volume,
  );
}

function hasMount({ volumeMounts = [] }: Container, { name }: VolumeMount): boolean {
  return volumeMounts.some((known) => known.name === name);
}

/** Adds a volume unless the pod has one of that name. */
export function withVolume(pod: PodSpec, volume: Volume): PodSpec {
  if (pod.volumes?.some(({ name }) => name === volume.name)) return pod;
  return { ...pod, volumes: [...(pod.volumes ?? []), volume] };
}

/** Adds a mount unless the container has that volume mounted. */
export function withMount(container: Container, mount: VolumeMount): Container {
  if (hasMount(container, mount)) return container;
  return { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] };
}

/** Adds variables with names that the container does not have. */
export function withEnv(container: Container, added: readonly EnvVar[]): Container {
  const env = container.env ?? [];
  const missing = added.filter(({ name }) => !env.some((known) => known.name === name));
  return missing.length === 0 ? container : { ...container, env: [...env, ...missing] };
}

/**
 * Adds environment variables. On a name clash both are kept with `keepsBoth`, as in KServe; otherwise the container's
 * own wins.
 */
export function withAddedEnv(container: Container, added: readonly EnvVar[], keepsBoth: boolean): Container {
  if (!keepsBoth) return withEnv(container, added);
  return added.length === 0 ? container : { ...container, env: [...(container.env ?? []), ...added] };
}

/** Sets the value of a variable, in place if the container has it. */
export function withEnvValue(container: Container, name: string, value: string): Container {
  const env = container.env ?? [];
  if (!env.some((known) => known.name === name)) return { ...container, env: [...env, { name, value }] };
  return { ...container, env: env.map((known) => (known.name === name ? { ...known, value } : known)) };
}

/** Which pods of a workload an edit applies to: all, or those that represent their engine (in a group the leader). */
export type Edited = "all" | "engines";

/** A workload with the pods of its templates changed; any other object is returned as it is. */
export function editPods(
  object: KubernetesObject,
  edit: (pod: PodSpec) => PodSpec,
  which: Edited = "all",
): KubernetesObject {
  if (!isWorkload(object)) return object;
  const templates = templatesOf(object);
  const isLed = which === "engines" && templates.some(({ place }) => place === "leader");
  const edited = templates.filter(({ place }) => !isLed || place !== "worker");
  return edited.reduce<KubernetesObject>((one, { place, spec }) => withPod(one, place, edit(spec)), object);
}

function withPod(object: KubernetesObject, place: TemplatePlace, pod: PodSpec): KubernetesObject {
  const [first, second] = TEMPLATE_PATHS[place];
  const before = objectOf(object.spec);
  const holder = entryOf(before, first);
  const others = Object.fromEntries(Object.entries(before).filter(([name]) => name !== first));
  const changed =
    second === undefined
      ? { ...objectOf(holder), spec: pod }
      : { ...objectOf(holder), [second]: { ...objectOf(field(holder, second)), spec: pod } };
  return { ...object, spec: { ...others, [first]: changed } };
}

/** The error of a pod without containers. A service that sets them to null removes those of its configs. */
export const NO_CONTAINERS = {
  message: "the pod has no containers",
  fix: `remove containers if it is empty, or add the container \`${MAIN}\``,
} as const;
