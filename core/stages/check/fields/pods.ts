import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { startupBudget, startupSeconds } from "../../../knowledge/models/startup.ts";
import { stackOf } from "../../../knowledge/stacks/stacks.ts";
import type { Container, PodSpec } from "../../../kubernetes/objects.ts";
import { graceSeconds, preStopSeconds } from "../../../kubernetes/workloads/drain.ts";
import { containerNamed, MAIN } from "../../../kubernetes/workloads/pods.ts";
import type { Check, CheckFinding } from "../check.ts";
import { numberOf } from "../engine.ts";

export const STARTUP_CHECK: Check = {
  name: "the startup probe waits for the weights",
  source: "size of the weights, read at 250 MB/s unless loadBytesPerSecond is set, plus five minutes",
  codes: ["StartupBudget"],
  judge: (subject) => {
    const model = servedModel(subject);
    if (model === undefined) return [];
    const needed = startupSeconds(model, subject.loadBytesPerSecond);
    return subject.engines
      .filter(({ isVllm, isSglang }) => isVllm || isSglang)
      .flatMap((engine): CheckFinding[] => {
        const budget = startupBudget(engine.container);
        if (budget === undefined || budget >= needed) return [];
        const path = `${engine.path}.startupProbe`;
        const layer = subject.provenance.get(`${engine.traced}.startupProbe.failureThreshold`)?.layer ?? "merged";
        const message = `the startup probe stops the engine after ${budget} s, but the model may take ${needed} s to load`;
        const period = engine.container.startupProbe?.periodSeconds ?? 10;
        const threshold = Math.ceil(needed / period);
        const fix = `remove failureThreshold, or set it to ${threshold}, or set loadBytesPerSecond`;
        const fixes = [{ path: `spec.${engine.traced}.startupProbe.failureThreshold`, value: threshold }];
        return [{ code: "StartupBudget", path, layer, message, fix, fixes }];
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
        const at = path.slice(0, path.lastIndexOf(".containers["));
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
  const least = isHookAlone ? sleep + 30 : sleep + drain + 5;
  const at = `${path}.terminationGracePeriodSeconds`;
  const fixes = [{ path: at, value: least }];
  return [
    {
      code: "GracePeriod",
      path: at,
      layer: "merged",
      message,
      fix: `set terminationGracePeriodSeconds to ${least} or more`,
      fixes,
    },
  ];
}

function wordsOf(container: Container | undefined): string[] {
  return [...(container?.command ?? []), ...(container?.args ?? [])];
}

/** A duration in seconds or minutes as Go writes it. */
function secondsOf(duration: string | undefined): number | undefined {
  const [, number, unit] = /^(\d+)(s|m)$/.exec(duration ?? "") ?? [];
  return number === undefined ? undefined : Number(number) * (unit === "m" ? 60 : 1);
}
