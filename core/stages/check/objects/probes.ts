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
    ...(once ? [invalid(`${path}.successThreshold`, `${needed} is refused: a ${field} succeeds once`, "write 1")] : []),
  ];
}

function judgeHandler(value: Json | undefined, path: string): Refusal[] {
  if (value === undefined || value === null) return [];
  const handler = mapping(value);
  const set = HANDLERS.filter((name) => (handler[name] ?? null) !== null);
  if (set.length === 0)
    return [missing(path, "nothing says what it does", `set one of ${HANDLERS.slice(0, 4).join(", ")}`)];
  if (set.length > 1) return [invalid(path, `${set.join(" and ")} are set, and it does one thing`, "keep one of them")];
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
  if (text.length > 15) return "a port's name has no more than 15 characters";
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text)) return "a port's name has lower-case letters, digits and - inside";
  if (text.includes("--")) return "a port's name has no two dashes in a row";
  return /[a-z]/.test(text) ? undefined : "a port's name has a letter";
}
