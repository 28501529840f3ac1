import { servedModel } from "../../knowledge/models/served.ts";
import { startupBudget, startupSeconds } from "../../knowledge/models/startup.ts";
import { isObject } from "../../kubernetes/json.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { entryOf } from "../../kubernetes/table.ts";
import type { Check, CheckFinding } from "./check.ts";

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
  source: "Kubernetes: terminationGracePeriodSeconds begins before the preStop hook, and the hook's time is part of it",
  codes: ["GracePeriod"],
  judge: ({ engines }) =>
    engines.flatMap(({ container, podSpec, path }): CheckFinding[] => {
      const grace = podSpec.terminationGracePeriodSeconds ?? 30;
      const sleep = preStopSeconds(container);
      if (sleep === undefined || sleep < grace) return [];
      const message = `preStop waits ${sleep} s, but the pod is killed after ${grace} s: running requests are cut off`;
      const at = `${path.replace(/\.containers\[\d+\]$/, "")}.terminationGracePeriodSeconds`;
      return [{ code: "GracePeriod", path: at, layer: "merged", message, fix: `set it to ${sleep + 30} or more` }];
    }),
};

function preStopSeconds({ lifecycle }: Container): number | undefined {
  const { preStop } = lifecycle ?? {};
  const slept: unknown = isObject(preStop) && isObject(preStop["sleep"]) ? preStop["sleep"]["seconds"] : undefined;
  if (typeof slept === "number") return slept;
  const [, seconds] = /\bsleep (\d+)$/.exec((preStop?.exec?.command ?? []).join(" ")) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
