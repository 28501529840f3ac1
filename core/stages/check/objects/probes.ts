import type { Json, JsonObject } from "../../../kubernetes/json.ts";
import { invalid, judgeChoice, judgeNumber, judgeText, mapping, missing, type Refusal } from "./rule.ts";

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const NUMBERS = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;
const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const;
const LARGEST = 2 ** 31 - 1;
export const LARGEST_PORT = 65535;

/** Source: validateProbe, validateHandler, pkg/apis/core/validation, Kubernetes 1.36. */
export function judgeProbes(container: JsonObject, path: string): Refusal[] {
  const { preStop, postStart } = mapping(container["lifecycle"]);
  return [
    ...PROBES.flatMap((field) => judgeProbe(field, container[field], `${path}.${field}`)),
    ...judgeHandler(preStop, `${path}.lifecycle.preStop`),
    ...judgeHandler(postStart, `${path}.lifecycle.postStart`),
  ];
}

function judgeProbe(field: string, value: Json | undefined, path: string): Refusal[] {
  if (value === undefined || value === null) return [];
  const probe = mapping(value);
  const needed = probe["successThreshold"] ?? 1;
  const once = field !== "readinessProbe" && typeof needed === "number" && needed > 1;
  return [
    ...judgeHandler(value, path),
    ...NUMBERS.flatMap((name) => judgeNumber(probe[name], `${path}.${name}`, 0, LARGEST)),
    ...(once
      ? [
          invalid(
            `${path}.successThreshold`,
            `${needed} is not allowed: successThreshold of a ${field} must be 1`,
            "write 1",
          ),
        ]
      : []),
  ];
}

function judgeHandler(value: Json | undefined, path: string): Refusal[] {
  if (value === undefined || value === null) return [];
  const handler = mapping(value);
  const set = HANDLERS.filter((name) => (handler[name] ?? null) !== null);
  if (set.length === 0)
    return [missing(path, "the handler has no action", `set one of ${HANDLERS.slice(0, 4).join(", ")}`)];
  if (set.length > 1) return [invalid(path, `${set.join(" and ")} cannot be set together`, "keep one of them")];
  return [
    ...judgePort(mapping(handler["httpGet"])["port"], `${path}.httpGet.port`),
    ...judgeChoice(mapping(handler["httpGet"])["scheme"], `${path}.httpGet.scheme`, ["HTTP", "HTTPS"]),
    ...judgePort(mapping(handler["tcpSocket"])["port"], `${path}.tcpSocket.port`),
    ...judgePort(mapping(handler["grpc"])["port"], `${path}.grpc.port`),
  ];
}

function judgePort(value: Json | undefined, path: string): Refusal[] {
  return [
    ...judgeNumber(value, path, 1, LARGEST_PORT),
    ...judgeText(value, path, portNameProblem, "write a number, or the name of a port of the container"),
  ];
}

/** Source: IsValidPortName, apimachinery/pkg/util/validation v0.35. */
export function portNameProblem(text: string): string | undefined {
  if (text.length > 15) return "a port name may have at most 15 characters";
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text))
    return "a port name may contain only lower-case letters, digits and -, and must start and end with a letter or digit";
  if (text.includes("--")) return "a port name cannot contain two dashes in a row";
  return /[a-z]/.test(text) ? undefined : "a port name must contain at least one letter";
}
