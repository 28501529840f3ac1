import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Provenance } from "../../contract/layer.ts";
import { PORT } from "../../contract/names.ts";
import { ownPort, servingPort } from "../../knowledge/engine/ports.ts";
import { vllmStart } from "../../knowledge/engine/start/start.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { PROBES } from "../../kubernetes/workloads/pods.ts";
import { type DerivePlace, isUsers } from "./place.ts";

/**
 * An engine other than vLLM, with ports and probes where it listens: on the port of its own command line, otherwise on
 * the port that a user declares. Values that a user wrote stay.
 */
export function withOwnPort(container: Container, place: DerivePlace): Container {
  const { ports = [] } = container;
  if (vllmStart(container) !== undefined || ports.length === 0) return container;
  const isWritten = (path: string): boolean => isUsers(place.provenance, `${place.path}.${path}`);
  const declared = ports.filter(({ containerPort }) =>
    isWritten(`ports[containerPort=${containerPort}].containerPort`),
  );
  const port = ownPort(container) ?? declared[0]?.containerPort;
  if (port === undefined) return container;
  const isDeclared = declared.some(({ containerPort }) => containerPort === port);
  const own = isDeclared ? declared : [{ containerPort: port, protocol: "TCP" }, ...declared];
  const probes = PROBES.flatMap((name) => {
    const probe = container[name];
    const handler = probe?.httpGet === undefined ? "tcpSocket" : "httpGet";
    const asked = probe?.[handler];
    if (asked === undefined || isWritten(`${name}.${handler}.port`)) return [];
    return [[name, { ...probe, [handler]: { ...asked, port } }] as const];
  });
  return { ...container, ports: own, ...Object.fromEntries(probes) };
}

/** The spec with a pool that sends requests to the port on which its pods accept them, unless a user wrote the port. */
export function withPoolPort(spec: LLMInferenceServiceSpec, provenance: Provenance): LLMInferenceServiceSpec {
  const { router, template } = spec;
  const pool = router?.scheduler?.pool;
  const number = servingPort(template);
  if (number === PORT.service || pool?.spec === undefined) return spec;
  if (isUsers(provenance, "router.scheduler.pool.spec.targetPorts")) return spec;
  const scheduler = { ...router?.scheduler, pool: { ...pool, spec: { ...pool.spec, targetPorts: [{ number }] } } };
  return { ...spec, router: { ...router, scheduler } };
}
