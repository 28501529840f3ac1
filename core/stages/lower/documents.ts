import type { Behaviour } from "../../contract/behaviour.ts";
import { openDocument, withPresetNamespace } from "../../contract/input/document.ts";
import type {
  Lowered,
  LoweredDocuments,
  LoweredGroup,
  LoweredService,
  LoweringContext,
} from "../../contract/lowering.ts";
import type { PlanInput } from "../../contract/plan.ts";
import { stackOf } from "../../knowledge/stacks/stacks.ts";
import { isObject } from "../../kubernetes/json.ts";
import { rememberingItems } from "../../kubernetes/remember.ts";
import { readGroups, type WrittenGroup } from "./groups.ts";
import { isSameForConfigs, lowerConfig, lowerService } from "./lower.ts";
import { lacksTriggers } from "./triggers.ts";

/** The documents of a plan without their shorthands; the service is opened for admission and reading. */
export function lowerDocuments(given: PlanInput, behaviour: Behaviour): LoweredDocuments {
  const { triggers } = stackOf(given.stack).autoscaler;
  const lowering = { ...given.lowering, triggers, prometheus: given.settings.autoscaling?.prometheus };
  const input = { ...given, lowering };
  const opened = (document: unknown, context: LoweringContext, whole = document): LoweredService => {
    const lowered = lowerService(document, { lowering: context }, behaviour);
    return { ...lowered, opened: openDocument(lowered.document, "LLMInferenceService", behaviour, whole) };
  };
  const written = groupsIn(input.service, behaviour, lowering);
  const own = opened(written.document, lowering, input.service);
  const service = { ...own, issues: [...written.issues, ...own.issues] };
  const { systemNamespace } = input.settings;
  const { placed, configs } = lowerConfigs(input.configs, { lowering, systemNamespace, behaviour });
  const groups = written.groups.map((one): LoweredGroup => {
    const context = { ...lowering, group: one.name };
    return {
      ...{ name: one.name, written: one.written },
      own: opened(one.own, context),
      service: opened(one.service, context),
      configs: placed.map((config, index) => configOf(config, configs[index], context, behaviour)),
    };
  });
  return {
    service,
    ...(input.old !== undefined && {
      old: lowerService(groupsIn(input.old, behaviour, lowering).document, input, behaviour),
    }),
    configs,
    groups,
    issues: [service, ...configs].flatMap((one) => one.issues),
  };
}

interface ConfigContext {
  lowering: LoweringContext;
  systemNamespace: string;
  behaviour: Behaviour;
}

/** The configs of a plan in their namespaces, and without their shorthands. All services of a platform have the same ones. */
const lowerConfigs = rememberingItems(
  (configs: readonly unknown[], { lowering, systemNamespace, behaviour }: ConfigContext) => {
    const placed = configs.map((config) => withPresetNamespace(config, systemNamespace));
    return { placed, configs: placed.map((config) => lowerConfig(config, { lowering }, behaviour)) };
  },
  4,
  (one, other) =>
    one.behaviour === other.behaviour &&
    one.systemNamespace === other.systemNamespace &&
    isSameForConfigs(one.lowering, other.lowering),
);

/** The groups of a service, if the behaviour supports them: to KServe the field is unknown. */
function groupsIn(document: unknown, behaviour: Behaviour, lowering: LoweringContext): ReturnType<typeof readGroups> {
  return behaviour.shorthands
    ? readGroups(document, lowering, behaviour)
    : { document, groups: [] as WrittenGroup[], issues: [] };
}

/** A config as a group uses it: queries for the pods of a service become queries for those of the group. */
function configOf(
  config: unknown,
  lowered: Lowered | undefined,
  lowering: LoweringContext,
  behaviour: Behaviour,
): Lowered {
  const asksForPods = isObject(config) && isObject(config["spec"]) && lacksTriggers(config["spec"]);
  // A copy, because results of lowering are kept by the identity of a config.
  if (asksForPods || lowered === undefined)
    return lowerConfig({ ...(isObject(config) && config) }, { lowering }, behaviour);
  return lowered;
}
