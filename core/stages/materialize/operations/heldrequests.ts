import { switchOf } from "../../../api/shorthands/operations.ts";
import { ANNOTATION, isScheduler } from "../../../contract/names.ts";
import { configPath } from "../../../knowledge/scheduler/config.ts";
import { SCHEDULER_SINCE } from "../../../knowledge/scheduler/features.ts";
import type { JsonObject } from "../../../kubernetes/json.ts";
import { asText } from "../../../kubernetes/json.ts";
import type { Container, KubernetesObject } from "../../../kubernetes/objects.ts";
import { isSince, parseVersion } from "../../../kubernetes/version.ts";
import { containerNamed, editPods, MAIN, withContainer } from "../../../kubernetes/workloads/pods.ts";
import { isDeployment, podSpecsOf } from "../../../kubernetes/workloads/workloads.ts";
import type { OperatedContext } from "../context.ts";
import { refusal, warning } from "../issues.ts";
import { editConfigs, readConfigs } from "../router/epp/eppconfig.ts";

import { SCALE_TO_ZERO } from "./scaletozero.ts";

/** The layer of the scheduler in which requests wait for an engine, instead of being refused. */
const FLOW_CONTROL = "flowControl";
/**
 * Some gateways send the scheduler an empty list of engines with a request. Without this plugin the scheduler would
 * keep the request restricted to that empty list. Source: kubernetes-sigs/gateway-api-inference-extension#2117.
 */
const ALL_ENDPOINTS = "--disable-endpoint-subset-filter";

/**
 * Makes the scheduler hold requests while there is no engine. Otherwise they are refused, and no engine is started: the
 * variant autoscaler watches the waiting requests.
 */
export function withHeldRequests(
  objects: readonly KubernetesObject[],
  context: OperatedContext,
): readonly KubernetesObject[] {
  if (switchOf(context.operations.scaleToZero) === undefined) return objects;
  reportAdapters(context);
  const scheduler = objects.find((object) => isDeployment(object) && isScheduler(object));
  if (scheduler === undefined) {
    reportMissing(context);
    return objects;
  }
  const main = mainOf(scheduler);
  const obstacle = obstacleOf(main, context);
  if (obstacle !== undefined) {
    context.report(refused(...obstacle));
    return objects;
  }
  const holding = editPods(scheduler, (pod) => withContainer(pod, MAIN, (one) => withArgs(one, context)));
  return objects.map((object) => (object === scheduler ? holding : object));
}

function mainOf(scheduler: KubernetesObject): Container | undefined {
  const [pod = {}] = podSpecsOf(scheduler);
  return containerNamed(pod, MAIN);
}

/**
 * A service at zero that cannot be woken is useless; a scheduler that runs elsewhere may be able to wake it, which is
 * not known here.
 */
function reportMissing({ spec, report }: OperatedContext): void {
  const pool = spec.router?.scheduler?.pool?.ref?.name;
  if (pool !== undefined && pool !== "") {
    const why = `the scheduler of InferencePool ${pool} belongs to another service`;
    report(refused(why, `enable its feature gate ${FLOW_CONTROL}, and start it with ${ALL_ENDPOINTS}`));
    return;
  }
  const message = "scaleToZero requires a scheduler, which holds requests until an engine has started";
  report(refusal("MissingField", "spec.router.scheduler", message, "set router.scheduler, or remove scaleToZero"));
}

/** What prevents the plan from changing the scheduler, and the fix. */
function obstacleOf(main: Container | undefined, { spec }: OperatedContext): [why: string, fix: string] | undefined {
  const version = parseVersion(spec.router?.scheduler?.annotations?.[ANNOTATION.version] ?? SCHEDULER_SINCE.unnamed);
  if (version === undefined || !isSince(version, SCHEDULER_SINCE.holdsRequests)) {
    const fix = `use release ${SCHEDULER_SINCE.holdsRequests} or later, and set router.scheduler.annotations[${ANNOTATION.version}] to it`;
    return ["the release of the scheduler may not hold requests", fix];
  }
  if (readConfigs(main?.args ?? []).length > 0) return undefined;
  const fix = `enable its feature gate ${FLOW_CONTROL}, or move the configuration to router.scheduler.config.inline`;
  return ["the arguments of the scheduler do not contain its configuration", fix];
}

function refused(why: string, fix: string): ReturnType<typeof refusal> {
  const message = `requests may be refused while the service is scaled to zero, and then no engine starts: ${why}`;
  return warning("Conflict", SCALE_TO_ZERO, message, fix);
}

function withArgs(main: Container, context: OperatedContext): Container {
  const args = editConfigs(main.args ?? [], (config) => withFlowControl(config, context));
  const isSet = [...(main.command ?? []), ...args].some((arg) => arg.split("=")[0] === ALL_ENDPOINTS);
  return { ...main, args: isSet ? args : [...args, `${ALL_ENDPOINTS}=true`] };
}

/** A gate is on if it is named; since release 0.10 also as `name=true`, and `name=false` is off. */
function withFlowControl(config: JsonObject, { spec, report }: OperatedContext): JsonObject {
  const gates = Array.isArray(config["featureGates"]) ? config["featureGates"] : [];
  const named = gates.find((gate) => asText(gate).split("=")[0] === FLOW_CONTROL);
  if (named === undefined) return { ...config, featureGates: [...gates, FLOW_CONTROL] };
  if (/=\s*(0|f|false)\s*$/i.test(asText(named))) {
    const message = `the configuration of the scheduler disables ${FLOW_CONTROL}, which holds requests until an engine has started`;
    report(refusal("Conflict", configPath(spec), message, "remove the gate, or scaleToZero"));
  }
  return config;
}

/** The variant autoscaler only counts requests that name the model itself. */
function reportAdapters({ spec: { model }, report }: OperatedContext): void {
  if ((model.lora?.adapters ?? []).length === 0) return;
  const message = `requests for an adapter do not start an engine while the service is scaled to zero: only requests for ${model.name ?? model.uri} do`;
  const fix = "send a request for the model to start an engine, or remove scaleToZero";
  report(warning("Conflict", SCALE_TO_ZERO, message, fix));
}
