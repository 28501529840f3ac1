import type { Container } from "../../core/kubernetes/objects.ts";
import type { Pod } from "./types.ts";

/** The values of a pod's fields that a container's environment may refer to. */
function fieldOf({ metadata, spec, status }: Pod, path: string): string {
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "spec.nodeName": spec.nodeName,
    "spec.serviceAccountName": spec.serviceAccountName,
    "status.podIP": status?.podIP,
    "status.hostIP": status?.hostIP,
  };
  const [, label] = /^metadata\.labels\['(.*)'\]$/.exec(path) ?? [];
  return (label === undefined ? fields[path] : metadata.labels?.[label]) ?? "";
}

/**
 * The environment of a container, as the kubelet makes it. Values from Secrets and ConfigMaps are left out: the tests'
 * services have none.
 */
export function environmentOf(container: Container, pod: Pod): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { name, value, valueFrom } of container.env ?? []) {
    const path = valueFrom?.fieldRef?.fieldPath;
    env[name] = path === undefined ? expanded(value ?? "", env) : fieldOf(pod, path);
  }
  return env;
}

/** `$(NAME)` becomes the variable's value if there is one, and `$$` a dollar sign. */
export function expanded(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\((\w+)\)/g, (whole, name: string | undefined) =>
    name === undefined ? "$" : (env[name] ?? whole),
  );
}
