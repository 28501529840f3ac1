import type { ServiceAccount } from "kubernetes-types/core/v1.js";
import { ANNOTATION, POD_PATH } from "../../../../contract/names.ts";
import { configPath, hasPlugin, PLUGIN } from "../../../../knowledge/scheduler/config.ts";
import { SCHEDULER_SINCE } from "../../../../knowledge/scheduler/features.ts";
import { llmdRelease } from "../../../../knowledge/scheduler/releases.ts";
import type { JsonObject } from "../../../../kubernetes/json.ts";
import type { KubernetesObject, PodSpec } from "../../../../kubernetes/objects.ts";
import { isSince, parseVersion, type Version } from "../../../../kubernetes/version.ts";
import { containerNamed, MAIN, withContainer, withEnv } from "../../../../kubernetes/workloads/pods.ts";
import type { MaterializeContext } from "../../context.ts";
import { refusal, warning } from "../../issues.ts";
import { attachModel } from "../../storage/attach.ts";
import { hasArg, tracingEnv } from "../../tracing.ts";
import { configArgs, editConfigs, hasConfigText, readConfigs } from "../epp/eppconfig.ts";
import type { Edit, EditInput } from "../epp/eppedit.ts";
import { MIGRATIONS, OLDEST_MIGRATED, TOKENIZER_OPTIONAL, tokenizerEdits } from "../epp/eppmigrations.ts";
import { runningSchedulerArgs } from "../history.ts";
import { hasMetricFlags, withoutMetricFlags } from "./metricflags.ts";
import { METRICS_SOURCE, partMetricsSource } from "./metricsource.ts";
import { tokenizerUrl } from "./tokenizer.ts";
import { TOKENIZER, TOKENIZER_MODEL, TOKENIZER_SOCKET, withTokenizer } from "./tokenizersidecar.ts";

/**
 * The scheduler's pod: its template, with the arguments that follow from the service, and the tokenizer that precise
 * prefix scoring uses. Source: expectedSchedulerDeployment and schedulerTransform in scheduler.go, KServe v0.20.0.
 */
export function schedulerPod(template: PodSpec, account: KubernetesObject, context: MaterializeContext): PodSpec {
  const { behaviour } = context;
  const withArgs = withContainer(template, MAIN, (main) => ({ ...main, args: argsOf(main.args ?? [], context) }));
  const traced = traceScheduler(withArgs, context);
  const isPrecise = configsOf(traced).some(usesPreciseScorer);
  const hasOwn = behaviour.leftovers || tokenizerUrl(context) !== undefined;
  const equipped = isPrecise && !hasOwn ? withTokenizer(traced, context.stack) : traced;
  if (containerNamed(equipped, TOKENIZER) === undefined) return migrate(equipped, [], context);
  const edits = tokenizerEdits(TOKENIZER_MODEL, TOKENIZER_SOCKET);
  return migrate(withModel(equipped, account, context), edits, context);
}

const LEADER_ELECTION = ["--ha-enable-leader-election", "-ha-enable-leader-election"] as const;

/** One of several replicas is elected to pick; the flag comes before the configuration. */
function argsOf(args: readonly string[], context: MaterializeContext): string[] {
  const { spec, behaviour } = context;
  const { replicas = 1 } = spec.router?.scheduler ?? {};
  // KServe does not recognise --flag=value, and adds its own after it.
  const isIn = (flag: string): boolean => (behaviour.args === "flags" ? hasArg(args, flag) : args.includes(flag));
  const elects = replicas > 1 && !LEADER_ELECTION.some(isIn);
  return [
    ...args,
    ...(elects ? [LEADER_ELECTION[0]] : []),
    ...configArgs(args, runningSchedulerArgs(context), context),
  ];
}

function configsOf(pod: PodSpec): JsonObject[] {
  return readConfigs(containerNamed(pod, MAIN)?.args ?? []);
}

function traceScheduler(pod: PodSpec, { spec, service }: MaterializeContext): PodSpec {
  const { tracing } = spec;
  if (!tracing) return pod;
  return withContainer(pod, MAIN, (main) => {
    const isSet = hasArg(main.args, "--tracing") || hasArg(main.args, "-tracing");
    const args = isSet ? main.args : [...(main.args ?? []), "--tracing=true"];
    return withEnv({ ...main, args }, tracingEnv(tracing, service, "inference-scheduler"));
  });
}

/** A tokenizer reads the model's files at the path in the scheduler's configuration. */
function withModel(pod: PodSpec, account: KubernetesObject, context: MaterializeContext): PodSpec {
  const request = {
    container: TOKENIZER,
    mountPath: `${POD_PATH.models}/${TOKENIZER_MODEL}`,
    serviceAccount: account as ServiceAccount,
    adapters: false,
    path: "spec.router.scheduler.template",
  };
  return attachModel(pod, request, context);
}

const VERSION_PATH = `spec.router.scheduler.annotations[${ANNOTATION.version}]`;

/** Converts the configuration to the form that the scheduler's release reads; an annotation names the release. */
function migrate(pod: PodSpec, before: readonly Edit[], context: MaterializeContext): PodSpec {
  const stated = context.spec.router?.scheduler?.annotations?.[ANNOTATION.version] || SCHEDULER_SINCE.unnamed;
  const version = parseVersion(stated);
  if (version === undefined) {
    const message = `"${stated}" is not a version of the scheduler`;
    const fix = "write MAJOR.MINOR.PATCH, such as 0.9.0";
    context.report(refusal("InvalidValue", VERSION_PATH, message, fix));
    return pod;
  }
  const migrations = MIGRATIONS.filter(({ since }) => isSince(version, since)).map(({ edit }) => edit);
  const edits = [...before, ...migrations];
  const { pod: cleaned, flags } = partFlags(pod, version, context);
  const { pod: bare, source } = partSource(cleaned, version, context);
  const url = tokenizerUrl(context);
  const release = llmdRelease(stated);
  const found = { flags, source, ...(url && { tokenizerUrl: url }), ...(release && { release }) };
  const input: EditInput = { ...context.behaviour, ...found, tell: tellerOf(context) };
  const edited = withContainer(bare, MAIN, (main) => {
    if (main.args === undefined || edits.length === 0) return main;
    return { ...main, args: editConfigs(main.args, (config) => edits.reduce((one, edit) => edit(one, input), config)) };
  });
  const isOptional = context.behaviour.leftovers && isSince(version, TOKENIZER_OPTIONAL);
  return isOptional && isIdle(pod) ? withoutTokenizer(edited) : edited;
}

/** Reports what the plan leaves out of the user's configuration. */
function tellerOf({ spec, report }: MaterializeContext): NonNullable<EditInput["tell"]> {
  const path = configPath(spec);
  return (message, fix) =>
    report(warning("SchedulerConfig", path, `the configuration of the scheduler ${message}`, fix));
}

/** Flags for the address of engines' metrics become parameters of a plugin, once a release no longer has them. */
function partSource(
  pod: PodSpec,
  version: Version,
  { behaviour, report }: MaterializeContext,
): { pod: PodSpec; source: JsonObject } {
  if (behaviour.metricsSource === "flags" || !isSince(version, METRICS_SOURCE)) return { pod, source: {} };
  const isWritable = hasConfigText(containerNamed(pod, MAIN)?.args ?? []);
  const parted = partMetricsSource(pod, { ...behaviour, isWritable });
  parted.issues.forEach(report);
  return { pod: parted.pod, source: parted.parameters };
}

/** Flags that a release no longer has move into the configuration, unless the configuration is in a file. */
function partFlags(
  pod: PodSpec,
  version: Version,
  { report }: MaterializeContext,
): { pod: PodSpec; flags: Readonly<Record<string, string>> } {
  if (!isSince(version, OLDEST_MIGRATED) || !hasMetricFlags(pod)) return { pod, flags: {} };
  if (hasConfigText(containerNamed(pod, MAIN)?.args ?? [])) return withoutMetricFlags(pod);
  const message =
    "the arguments of the scheduler contain metric flags that this release no longer has, and the configuration file cannot be changed";
  const fix = "configure the metrics with the plugin core-metrics-extractor, and remove the flags";
  report(refusal("Conflict", "spec.router.scheduler.template", message, fix));
  return { pod, flags: {} };
}

/** KServe's older preset always has the tokenizer; only its container is removed if no plugin uses it. */
function isIdle(pod: PodSpec): boolean {
  return configsOf(pod).some((config) => Array.isArray(config["plugins"]) && !usesPreciseScorer(config));
}

function withoutTokenizer(pod: PodSpec): PodSpec {
  return { ...pod, containers: pod.containers?.filter(({ name }) => name !== TOKENIZER) };
}

/** Whether prefixes are scored by the tokens that engines report as cached, which requires a tokenizer for prompts. */
function usesPreciseScorer(config: JsonObject): boolean {
  return hasPlugin(config, PLUGIN.precise);
}
