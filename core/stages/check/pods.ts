import { PORT } from "../../contract/names.ts";
import { flagValue } from "../../knowledge/engine/commandline.ts";
import { servedModel } from "../../knowledge/models/served.ts";
import { startupBudget, startupSeconds } from "../../knowledge/models/startup.ts";
import { stackOf } from "../../knowledge/stacks/stacks.ts";
import { graceSeconds, preStopSeconds } from "../../kubernetes/drain.ts";
import { isObject } from "../../kubernetes/json.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { containerNamed, MAIN } from "../../kubernetes/pods.ts";
import { quantityValue } from "../../kubernetes/quantity.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Check, CheckFinding, CheckSubject } from "./check.ts";
import { type Engine, numberOf } from "./engine.ts";

export const SHARED_MEMORY_CHECK: Check = {
  name: "the ranks of a pod have shared memory",
  source:
    "NCCL and vLLM's queues use /dev/shm, which is 64 MiB without a volume; a memory volume counts as the pod's memory",
  codes: ["SharedMemory"],
  judge: ({ engines }) => engines.flatMap(judgeSharedMemory),
};

function judgeSharedMemory(engine: Engine): CheckFinding[] {
  const { container, podSpec, path } = engine;
  const ranks = ["tensor-parallel-size", "pipeline-parallel-size", "data-parallel-size-local"]
    .map((flag) => numberOf(engine, flag) ?? 1)
    .reduce((all, one) => all * one, 1);
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath.replace(/\/$/, "") === "/dev/shm");
  const volume = podSpec.volumes?.find(({ name }) => name === mount?.name);
  const at = { code: "SharedMemory" as const, layer: "merged" };
  if (mount === undefined) {
    if (!engine.isVllm || ranks === 1) return [];
    const message = `${ranks} ranks share a pod without a volume at /dev/shm: NCCL fails with the default 64 MiB`;
    return [
      {
        ...at,
        path: `${path}.volumeMounts`,
        message,
        fix: "mount an emptyDir of medium Memory there, as the presets do",
      },
    ];
  }
  const size = volume?.emptyDir?.sizeLimit;
  const limit = container.resources?.limits?.["memory"];
  if (size === undefined || limit === undefined || quantityValue(size) < quantityValue(limit)) return [];
  const message = `the volume at /dev/shm may take ${size}, which counts towards the memory limit ${limit} of the container`;
  return [
    {
      ...at,
      path: `${path}.resources.limits.memory`,
      message,
      fix: "raise the memory limit above the size of the volume",
    },
  ];
}

export const STARTUP_CHECK: Check = {
  name: "the startup probe waits for the weights",
  source: "size of the weights, read at 250 MB/s unless loadBytesPerSecond is set, plus five minutes",
  codes: ["StartupBudget"],
  judge: (subject) => {
    const model = servedModel(subject);
    if (model === undefined) return [];
    const needed = startupSeconds(model, subject.loadBytesPerSecond);
    return subject.engines
      .filter(({ isVllm }) => isVllm)
      .flatMap((engine): CheckFinding[] => {
        const budget = startupBudget(engine.container);
        if (budget === undefined || budget >= needed) return [];
        const path = `${engine.path}.startupProbe`;
        const layer = entryOf(subject.provenance, `${engine.traced}.startupProbe.failureThreshold`)?.layer ?? "merged";
        const message = `the startup probe stops the engine after ${budget} s, but the model may take ${needed} s to load`;
        const period = engine.container.startupProbe?.periodSeconds ?? 10;
        const fix = `remove failureThreshold, or set it to ${Math.ceil(needed / period)}, or set loadBytesPerSecond`;
        return [{ code: "StartupBudget", path, layer, message, fix }];
      });
  },
};

export const GRACE_CHECK: Check = {
  name: "a pod has time to drain",
  source:
    "Kubernetes: terminationGracePeriodSeconds begins before the preStop hook, and the hook's time is part of it; vLLM's --shutdown-timeout and the scheduler's flag begin after the hook",
  codes: ["GracePeriod"],
  judge: ({ engines, spec, stack }) => {
    const { template } = spec.router?.scheduler ?? {};
    const picker = template && containerNamed(template, MAIN);
    const flag = stackOf(stack).scheduler.drainFlag;
    const drain = secondsOf(flag === undefined ? undefined : flagValue(wordsOf(picker), flag));
    return [
      ...engines.flatMap((engine) => {
        const { container, podSpec, path } = engine;
        const at = path.replace(/\.containers\[\d+\]$/, "");
        return judgeGrace(container, podSpec, at, { flag: DRAIN, seconds: numberOf(engine, DRAIN) });
      }),
      ...(template && picker
        ? judgeGrace(picker, template, "spec.router.scheduler.template", { flag: flag ?? "", seconds: drain })
        : []),
    ];
  },
};

const DRAIN = "shutdown-timeout";

function judgeGrace(
  container: Container,
  pod: PodSpec,
  path: string,
  { flag, seconds: drain = 0 }: { flag: string; seconds: number | undefined },
): CheckFinding[] {
  const grace = graceSeconds(pod);
  const sleep = preStopSeconds(container) ?? 0;
  const isHookAlone = sleep >= grace && sleep > 0;
  if (!isHookAlone && sleep + drain <= grace) return [];
  const waits = isHookAlone ? `preStop waits ${sleep} s` : `preStop waits ${sleep} s and --${flag} is ${drain} s`;
  const message = `${waits}, but the pod is killed after ${grace} s: running requests are cut off`;
  const fix = `set it to ${isHookAlone ? sleep + 30 : sleep + drain + 5} or more`;
  return [{ code: "GracePeriod", path: `${path}.terminationGracePeriodSeconds`, layer: "merged", message, fix }];
}

function wordsOf(container: Container | undefined): string[] {
  return [...(container?.command ?? []), ...(container?.args ?? [])];
}

/** A duration as Go writes it, of seconds or minutes. */
function secondsOf(duration: string | undefined): number | undefined {
  const [, number, unit] = /^(\d+)(s|m)$/.exec(duration ?? "") ?? [];
  return number === undefined ? undefined : Number(number) * (unit === "m" ? 60 : 1);
}

export const PORTS_CHECK: Check = {
  name: "requests and probes reach the port that is served",
  source: "the pool's targetPorts or the Service's port, the probes, and the ports that engine and sidecar listen on",
  codes: ["WrongPort"],
  judge: (subject) => [...subject.engines.flatMap(judgeProbes), ...judgeTargets(subject)],
};

const PROBES = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

function judgeProbes(engine: Engine): CheckFinding[] {
  const { container, path, isVllm } = engine;
  if (!isVllm) return [];
  const served = Number(flagValue(engine.args, "port") ?? PORT.service);
  return PROBES.flatMap((probe): CheckFinding[] => {
    const { port } = container[probe]?.httpGet ?? container[probe]?.tcpSocket ?? {};
    const asked = portOf(container, port);
    if (port === undefined || asked === served) return [];
    const shown = asked === undefined ? `${port}, but the container declares no port with that name` : `${asked}`;
    const message = `the ${probe} uses port ${shown}${asked === undefined ? ";" : ", but"} the engine listens on ${served}`;
    const fix = `set its port, and containerPort, to ${served}; or the engine's --port to ${asked ?? PORT.service}`;
    return [{ code: "WrongPort", path: `${path}.${probe}`, layer: "merged", message, fix }];
  });
}

/** The number of a port, as the kubelet finds it: by its name, else a number that is written as text. */
function portOf({ ports = [] }: Container, port: number | string | undefined): number | undefined {
  if (typeof port !== "string") return port;
  const named = ports.find(({ name }) => name === port)?.containerPort;
  return named ?? (/^\d+$/.test(port) ? Number(port) : undefined);
}

/** Pool, or Service where there is none, send requests to every pod that serves: behind a sidecar to the sidecar's port. */
function judgeTargets({ spec, engines }: CheckSubject): CheckFinding[] {
  const { scheduler } = spec.router ?? {};
  const targets = scheduler === undefined ? [PORT.service] : poolPorts(scheduler.pool?.spec);
  if (targets.length === 0) return [];
  const [sender, way] = scheduler === undefined ? ["Service", ""] : ["pool", "targetPorts to $, or "];
  return engines
    .filter(({ isVllm, pod }) => isVllm && pod === "template")
    .flatMap((engine): CheckFinding[] => {
      const served = sidecarPort(engine) ?? Number(flagValue(engine.args, "port") ?? PORT.service);
      if (targets.includes(served)) return [];
      const message = `the ${sender} sends requests to port ${targets.join(", ")}, but the pods of ${engine.role === "main" ? "the service" : "prefill"} serve on ${served}`;
      const fix = `set ${way.replace("$", String(served))}the engine's --port to ${targets[0]}`;
      return [{ code: "WrongPort", path: `${engine.path}.args`, layer: "merged", message, fix }];
    });
}

function poolPorts(pool: unknown): number[] {
  const ports = isObject(pool) && Array.isArray(pool["targetPorts"]) ? pool["targetPorts"] : [];
  return ports.flatMap((one) => (isObject(one) && typeof one["number"] === "number" ? [one["number"]] : []));
}

function sidecarPort({ podSpec }: Engine): number | undefined {
  const sidecars = [...(podSpec.initContainers ?? []), ...(podSpec.containers ?? [])].filter(
    ({ name }) => name !== MAIN,
  );
  const words = sidecars.flatMap(({ command = [], args = [] }) => [...command, ...args]);
  const isProxy = words.some((word) => /^--(?:vllm|model-server)-port=/.test(word));
  const port = words.map((word) => /^--port=(\d+)$/.exec(word)?.[1]).find((value) => value !== undefined);
  return isProxy && port !== undefined ? Number(port) : undefined;
}
