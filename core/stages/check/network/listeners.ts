import { PORT } from "../../../contract/names.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { readNumber } from "../../../knowledge/engine/rules/number.ts";
import { isSidecar, type Sidecar, sidecarOf } from "../../../knowledge/scheduler/sidecar.ts";
import type { Container, PodSpec } from "../../../kubernetes/objects.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";
import type { Engine } from "../engine.ts";

export type Scheme = "HTTP" | "HTTPS";

/** A container of an engine's pod that accepts requests. */
export interface Listener {
  who: "engine" | "sidecar";
  port: number;
  scheme: Scheme;
}

/** llm-d's sidecar in an engine's pod. */
export interface FoundSidecar {
  container: Container;
  /** Path of the container's list item, from the spec of the pod. */
  path: string;
  /** How it is configured; undefined if its command line cannot be read. */
  settings?: Sidecar;
}

export function sidecarIn({ podSpec }: { podSpec: PodSpec }): FoundSidecar | undefined {
  for (const list of ["initContainers", "containers"] as const) {
    const index = podSpec[list]?.findIndex((one) => one.name !== MAIN && isSidecar(one)) ?? -1;
    const container = podSpec[list]?.[index];
    if (container === undefined) continue;
    const settings = sidecarOf(container);
    return { container, path: `${list}[${index}]`, ...(settings && { settings }) };
  }
  return undefined;
}

/** The listener of vLLM, from its flags. Source: uvicorn serves TLS if it has a certificate. */
export function engineListener({ args }: Pick<Engine, "args">): Listener {
  const written = flagValue(args, "port");
  const port = written === undefined ? PORT.service : (readNumber(written) ?? Number.NaN);
  return { who: "engine", port, scheme: flagValue(args, "ssl-certfile") === undefined ? "HTTP" : "HTTPS" };
}

/** The engine and the sidecar before it, if its command line shows how it listens. */
export function listenersOf(engine: Engine): Listener[] {
  const settings = sidecarIn(engine)?.settings;
  const own = engineListener(engine);
  if (settings === undefined) return [own];
  return [own, { who: "sidecar", port: settings.port, scheme: settings.isSecure ? "HTTPS" : "HTTP" }];
}

/** Whether another container of the pod may listen on a port: it declares the port, or declares no ports at all. */
export function mayListen({ podSpec, container }: Engine, port: number | undefined): "yes" | "maybe" | "no" {
  const others = [...(podSpec.containers ?? []), ...(podSpec.initContainers ?? []).filter(isRestarted)].filter(
    (one) => one.name !== container.name && !isSidecar(one),
  );
  if (others.some(({ ports = [] }) => ports.some(({ containerPort }) => containerPort === port))) return "yes";
  return others.some(({ ports = [] }) => ports.length === 0) ? "maybe" : "no";
}

/** An init container that keeps running. */
function isRestarted({ restartPolicy }: Container): boolean {
  return restartPolicy === "Always";
}

/** The number of a port as the kubelet finds it: by its name, otherwise as a number that is written as text. */
export function portOf({ ports = [] }: Container, port: number | string | undefined): number | undefined {
  if (typeof port !== "string") return port;
  const named = ports.find(({ name }) => name === port)?.containerPort;
  return named ?? (/^\d+$/.test(port) ? Number(port) : undefined);
}
