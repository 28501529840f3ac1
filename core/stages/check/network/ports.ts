import type { Fix } from "../../../contract/issues/issue.ts";
import { PORT } from "../../../contract/names.ts";
import { objectOf, objectsOf, valueAt } from "../../../kubernetes/json.ts";
import { PROBES } from "../../../kubernetes/workloads/pods.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import type { Engine } from "../engine.ts";
import { flagAt } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";
import { engineListener, listenersOf, mayListen, portOf, sidecarIn } from "./listeners.ts";

export const PORTS_CHECK: Check = {
  name: "requests and probes reach the port that is served",
  source:
    "the pool's targetPorts, the Service's targetPort, the probes, and the ports that engine and sidecar listen on; a sidecar passes on what it does not handle",
  codes: ["WrongPort"],
  judge: (subject) => [
    ...subject.engines.flatMap((one) => judgeProbes(one, subject)),
    ...subject.engines.flatMap(judgePaths),
    ...subject.engines.flatMap((one) => judgeTargets(one, subject)),
  ],
};

function judgeProbes(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { container, path, isVllm } = engine;
  if (!isVllm || hasNoPort(engine)) return [];
  const listeners = listenersOf(engine);
  const served = engineListener(engine).port;
  return PROBES.flatMap((probe): CheckFinding[] => {
    const kind = container[probe]?.httpGet === undefined ? "tcpSocket" : "httpGet";
    const { port } = container[probe]?.[kind] ?? {};
    const asked = portOf(container, port);
    if (port === undefined || listeners.some((one) => one.port === asked)) return [];
    const other = mayListen(engine, asked);
    if (other === "yes") return [];
    const shown = asked === undefined ? `${port}, but the container declares no port with that name` : `${asked}`;
    const message = `the ${probe} uses port ${shown}${asked === undefined ? ";" : ", but"} the engine listens on ${served}`;
    const isPort = asked === undefined || (asked >= 1 && asked <= LAST_PORT);
    const own = `the engine's --port to ${isPort ? (asked ?? PORT.service) : PORT.service}`;
    const moves = `set its port, and containerPort, to ${served}`;
    // Any free port is 0, so it is not the one that is served.
    const fix = served === 0 ? `set ${own}` : isPort ? `${moves}; or ${own}` : moves;
    const moved = [{ path: `spec.${engine.traced}.${probe}.${kind}.port`, value: served }];
    const fixes = served === wantedPort(engine) ? moved : engineFixes(engine, subject);
    const certain = asked === undefined || other === "no";
    return [
      {
        code: "WrongPort",
        path: `${path}.${probe}`,
        layer: "merged",
        message,
        fix,
        fixes,
        ...(!certain && { severity: "warning" }),
      },
    ];
  });
}

const LAST_PORT = 65_535;

/** Whether the engine is given a port that no socket has, which the check of its flags reports for known releases. */
function hasNoPort(engine: Engine): boolean {
  const { port } = engineListener(engine);
  return engine.release !== undefined && !(port >= 0 && port <= LAST_PORT);
}

/** Usual paths of other servers, which vLLM answers with 404: its own are /health, /ping, /load, /version, /metrics and /v1/…. */
const NOT_SERVED = /^\/(?:healthz|readyz|livez|healthcheck|ready|live|v2\/health\/(?:ready|live))\/?$/;

function judgePaths(engine: Engine): CheckFinding[] {
  const { container, path, traced, isVllm, args } = engine;
  if (!isVllm || args.some((word) => /^--(?:middleware|root[-_]path)\b/.test(word))) return [];
  return PROBES.flatMap((probe): CheckFinding[] => {
    const { path: asked = "/", port } = container[probe]?.httpGet ?? {};
    if (!NOT_SERVED.test(asked) || portOf(container, port) !== engineListener(engine).port) return [];
    return [
      {
        code: "WrongPort",
        severity: "warning",
        path: `${path}.${probe}.httpGet.path`,
        layer: "merged",
        message: `the ${probe} asks for ${asked}, which vLLM does not serve: it answers 404, so the probe fails`,
        fix: "set path to /health",
        fixes: [{ path: `spec.${traced}.${probe}.httpGet.path`, value: "/health" }],
      },
    ];
  });
}

/** Which objects send requests to the pods, on which ports, and whether anything listens there. */
interface Sender {
  name: "pool" | "Service";
  ports: readonly number[];
  isUsed: boolean;
}

/** A route leads to both the pool and the Service, so both must send requests to a port on which the pods serve. */
function sendersOf({ spec }: CheckSubject): Sender[] {
  const { scheduler, route } = spec.router ?? {};
  const pool = poolPorts(scheduler?.pool?.spec);
  const rules = objectsOf(objectOf(route?.http?.spec)["rules"]);
  const leads = rules
    .flatMap((rule) => objectsOf(rule["backendRefs"]))
    .some(({ kind = "Service" }) => kind === "Service");
  return [
    ...(pool.length > 0 ? [{ name: "pool", ports: pool, isUsed: true } as const] : []),
    { name: "Service", ports: [PORT.service], isUsed: pool.length === 0 || leads },
  ];
}

function judgeTargets(engine: Engine, subject: CheckSubject): CheckFinding[] {
  if (!engine.isVllm || engine.pod !== "template" || hasNoPort(engine)) return [];
  const served = listenersOf(engine).at(-1)?.port ?? PORT.service;
  const wrong = sendersOf(subject).filter(
    ({ ports }) => !ports.includes(served) && mayListen(engine, ports[0]) !== "yes",
  );
  const [first] = wrong;
  if (first === undefined) return [];
  const [names, verb] = wrong.every(({ ports }) => ports.join() === first.ports.join())
    ? [wrong.map(({ name }) => name).join(" and the "), wrong.length > 1 ? "send" : "sends"]
    : [first.name, "sends"];
  const pods = engine.role === "main" ? "the service" : "prefill";
  const message = `the ${names} ${verb} requests to port ${first.ports.join(", ")}, but the pods of ${pods} serve on ${served}`;
  const isCertain = wrong.some(({ isUsed, ports }) => isUsed && mayListen(engine, ports[0]) === "no");
  const at = {
    code: "WrongPort" as const,
    path: flagPathOf(engine, "port"),
    layer: layerOfFlag(subject, engine, "port"),
  };
  return [{ ...at, message, ...targetFix(engine, served, subject), ...(!isCertain && { severity: "warning" }) }];
}

/** The Service's port is fixed, so every port that differs from it is changed. */
function targetFix(engine: Engine, served: number, subject: CheckSubject): Pick<CheckFinding, "fix" | "fixes"> {
  if (served === PORT.service) return { fix: `set targetPorts to ${served}`, fixes: [POOL_FIX] };
  if (sidecarIn(engine)?.settings !== undefined) return { fix: `set the sidecar's --port to ${PORT.service}` };
  const fix = `set the engine's --port to ${PORT.service}, and containerPort, the probes and targetPorts to the same port`;
  return { fix, fixes: engineFixes(engine, subject) };
}

const POOL_FIX: Fix = { path: "spec.router.scheduler.pool.spec.targetPorts", value: [{ number: PORT.service }] };

/** Where an engine must listen: where the sidecar forwards requests to, otherwise where the Service sends them. */
function wantedPort(engine: Engine): number {
  return sidecarIn(engine)?.settings?.forwardsTo ?? PORT.service;
}

/** Everything that changes with the port of an engine: its declared port, its probes, and the pool. */
export function engineFixes(engine: Engine, { spec }: CheckSubject): Fix[] {
  const { container, traced } = engine;
  const [{ port }, wanted] = [engineListener(engine), wantedPort(engine)];
  const declared = (container.ports ?? []).filter(({ containerPort }) => containerPort === port);
  const probes = PROBES.filter((probe) => container[probe]?.httpGet?.port === port);
  const pool = poolPorts(spec.router?.scheduler?.pool?.spec);
  return [
    { path: flagAt(engine, "port"), value: String(wanted) },
    ...declared.map((): Fix => ({ path: `spec.${traced}.ports[containerPort=${port}].containerPort`, value: wanted })),
    ...probes.map((probe): Fix => ({ path: `spec.${traced}.${probe}.httpGet.port`, value: wanted })),
    ...(pool.length === 0 || pool.includes(PORT.service) ? [] : [POOL_FIX]),
  ];
}

function poolPorts(pool: unknown): number[] {
  return objectsOf(valueAt(pool, ["targetPorts"])).flatMap(({ number }) =>
    typeof number === "number" ? [number] : [],
  );
}
