import { ENGINE_FLAGS } from "../../../knowledge/engine/flags/known.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { type Engine, flagsOwner } from "../engine.ts";
import { flagFixes } from "../flagfixes.ts";
import { flagPathOf, isInScript } from "../flagplace.ts";

export const HOSTS_CHECK: Check = {
  name: "the engine listens on the address of its pod",
  source: "--host, the address that the engine's HTTP server binds; the Service and the kubelet use the pod's address",
  codes: ["WrongPort"],
  judge: (subject) => subject.engines.flatMap((engine) => judgeHost(engine, subject)),
};

/** Addresses that only the pod itself reaches. */
export const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/i;

function judgeHost(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { isVllm, isSglang, pod, args } = engine;
  if (!(isVllm || isSglang) || pod !== "template") return [];
  const flag = ENGINE_FLAGS[flagsOwner(engine)].lines.valuesOf(args);
  const host = flag("host") ?? "";
  // A socket of the file system replaces the address.
  if (!LOOPBACK.test(host) || flag("uds") !== undefined) return [];
  const every = host.includes(":") ? "::" : "0.0.0.0";
  const change = isVllm ? ({ to: "nothing" } as const) : ({ to: "value", value: every } as const);
  return [
    {
      code: "WrongPort",
      path: flagPathOf(engine, "host"),
      layer: layerOfFlag(subject, engine, "host"),
      message: `the engine listens only on ${host}, an address inside the pod: neither the Service nor the probes of the kubelet reach it`,
      fix: isVllm ? `remove --host, or set it to ${every}` : `set --host to ${every}`,
      ...withFixes(flagFixes(engine, "host", change, subject)),
      ...(mayBeForwarded(engine) && { severity: "warning" }),
    },
  ];
}

/** Whether another process of the pod may pass requests on to the engine. */
export function mayBeForwarded(engine: Engine): boolean {
  const { containers = [], initContainers = [] } = engine.podSpec;
  const isBeside =
    containers.some(({ name }) => name !== MAIN) || initContainers.some((one) => one.restartPolicy === "Always");
  return isBeside || isInScript(engine, "host");
}
