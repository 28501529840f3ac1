import {
  all,
  each,
  exactlyOne,
  fields,
  isSet,
  never,
  ofSet,
  oneOf,
  optional,
  type Place,
  type Rule,
  range,
  required,
} from "../fields.ts";
import { invalid, missing, type Refusal } from "../rule.ts";
import { HEADER_NAME, PORT_NAME } from "../texts.ts";

/** Probes and hooks. Source: validateProbe, validateHandler, validateLifecycle, pkg/apis/core/validation, Kubernetes 1.36. */
const LARGEST = 2 ** 31 - 1;
export const PORT = range(1, 65535);
const COUNT = range(0, LARGEST);

/** A number in quotes is the name of a port. */
const NAMED_PORT: Rule = (value, place) =>
  PORT_NAME(value, place).map((refusal) => {
    if (typeof value !== "string" || !/^[1-9]\d{0,4}$/.test(value) || PORT(Number(value), place).length > 0)
      return refusal;
    return { ...refusal, fix: `remove the quotes: ${value}`, right: { path: place.path, value: Number(value) } };
  });

const ACTIONS = {
  exec: fields({ command: hasWords }),
  httpGet: fields({
    port: required(PORT, NAMED_PORT),
    scheme: optional(oneOf("HTTP", "HTTPS")),
    httpHeaders: each(fields({ name: required(HEADER_NAME) })),
  }),
  tcpSocket: fields({ port: required(PORT, NAMED_PORT) }),
  grpc: fields({ port: required(PORT) }),
};

function hasWords(...[value, { path }]: Parameters<Rule>): Refusal[] {
  const isEmpty = !isSet(value) || (Array.isArray(value) && value.length === 0);
  return isEmpty ? [missing(path, "the command is empty", "write the command")] : [];
}

const PROBE = fields(
  {
    ...ACTIONS,
    initialDelaySeconds: COUNT,
    timeoutSeconds: COUNT,
    periodSeconds: COUNT,
    successThreshold: COUNT,
    failureThreshold: COUNT,
    terminationGracePeriodSeconds: range(1, Number.MAX_SAFE_INTEGER),
  },
  exactlyOne("exec", "httpGet", "tcpSocket", "grpc"),
);

const ONCE = fields({
  successThreshold: ofSet((value, { path }) =>
    typeof value === "number" && value > 1
      ? [
          invalid(
            path,
            `${value} is not allowed: only a readiness probe may have a successThreshold above 1`,
            "write 1",
          ),
        ]
      : [],
  ),
});
const NO_GRACE = fields({
  terminationGracePeriodSeconds: never(
    "terminationGracePeriodSeconds is not allowed in a readiness probe, which does not stop containers",
    "remove it",
  ),
});

const DEFAULT_GRACE_SECONDS = 30;

/** The preStop hook of a container must not sleep longer than the grace period. A grace period below 0 counts as 1. */
function withinGrace(...[value, { path, pod }]: Parameters<Rule>): Refusal[] {
  const given = pod.spec["terminationGracePeriodSeconds"] ?? DEFAULT_GRACE_SECONDS;
  if (typeof value !== "number" || typeof given !== "number") return [];
  const grace = given < 0 ? 1 : given;
  if (value < 0) return [invalid(path, `${value} is below 0`, "write 0 or more")];
  if (value <= grace) return [];
  const message = `the hook sleeps ${value} s, but terminationGracePeriodSeconds is only ${grace}`;
  return [invalid(path, message, `raise terminationGracePeriodSeconds above ${value}`)];
}

const HOOK = fields(
  {
    exec: ACTIONS.exec,
    httpGet: ACTIONS.httpGet,
    tcpSocket: ACTIONS.tcpSocket,
    sleep: fields({ seconds: withinGrace }),
  },
  exactlyOne("exec", "httpGet", "tcpSocket", "sleep"),
);

export const PROBES = {
  livenessProbe: all(PROBE, ONCE),
  readinessProbe: all(PROBE, NO_GRACE),
  startupProbe: all(PROBE, ONCE),
  lifecycle: fields({ postStart: HOOK, preStop: HOOK }),
};

/** An init container has no probes or hooks, unless it runs on as a sidecar. */
export const INIT_PROBES = Object.fromEntries(
  Object.entries(PROBES).map(([name, rule]) => {
    const none = never(
      `an init container can have ${name} only as a sidecar (restartPolicy: Always)`,
      "remove it, or set restartPolicy: Always",
    );
    return [name, ofSet((value, place) => (isSidecar(place) ? rule : none)(value, place))];
  }),
);

function isSidecar({ holder }: Place): boolean {
  return holder["restartPolicy"] === "Always";
}
