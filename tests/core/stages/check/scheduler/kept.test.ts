import assert from "node:assert/strict";
import { isSchedulerSwitch, schedulerFlag, schedulerFlags } from "../../../../../core/knowledge/scheduler/flags.ts";
import { podSpecsOf } from "../../../../../core/kubernetes/workloads/workloads.ts";
import { planOf } from "../plan.ts";

/** The configuration itself has tests of its own. */
const FLAGS = schedulerFlags().filter((flag) => !/^config[-A-Z]?/i.test(flag));
/** Before and after each migration of flags. */
const RELEASES = ["0.4.0", "0.7.1", "0.9.0", "0.10.0", "0.11.0"];
const VALUES = { text: "/mine", number: "7777", duration: "77s", switch: "true" } as const;

/** What the scheduler of a release is started with if a service writes a flag, and what the plan says. */
function started(flag: string, release: string) {
  const kind = schedulerFlag(flag)?.kind ?? "text";
  const value = VALUES[kind];
  const words = isSchedulerSwitch(flag) ? [`--${flag}=${value}`] : [`--${flag}`, value];
  const image = `ghcr.io/llm-d/llm-d-inference-scheduler:v${release}`;
  const scheduler = {
    annotations: { "app.kubernetes.io/version": release },
    template: { containers: [{ name: "main", image, args: words }] },
  };
  const { objects, issues } = planOf({ model: { uri: "hf://facebook/opt-125m" }, router: { route: {}, scheduler } });
  const made = objects.filter(({ metadata }) => metadata.name.endsWith("-router-scheduler"));
  const args = made.flatMap(podSpecsOf).flatMap((pod) => (pod.containers ?? []).flatMap((one) => one.args ?? []));
  return { value, args, messages: issues.map(({ message, fix }) => `${message} ${fix}`) };
}

describe("flags of the scheduler", () => {
  for (const release of RELEASES)
    it(`reach its container or a message, for each known one and the release ${release}`, () => {
      const lost = FLAGS.filter((flag) => {
        const { value, args, messages } = started(flag, release);
        const names = (text: string): boolean => text.includes(flag) || (value !== "true" && text.includes(value));
        return !args.some((arg) => arg.includes(value)) && !messages.some(names);
      });
      assert.deepEqual(lost, []);
    });
});
