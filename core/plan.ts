import { type Behaviour, behaviourOf } from "./contract/behaviour.ts";
import { inGroups } from "./contract/grouped.ts";
import { asIndexed } from "./contract/indexed.ts";
import { asWarnings, deduplicate, type Issue, isFine } from "./contract/issue.ts";
import type { LoweredDocuments } from "./contract/lowering.ts";
import type { AppliedConfig, GroupPlan, Plan, PlanInput } from "./contract/plan.ts";
import { judgeDocuments } from "./contract/tree.ts";
import { copied } from "./kubernetes/json.ts";
import { KnownObjects } from "./kubernetes/known.ts";
import { admitDocuments } from "./stages/admit/admit.ts";
import { judgeConfigTypes, validateConfigs } from "./stages/admit/configs.ts";
import { withPlaceholders } from "./stages/admit/placeholders.ts";
import { validateMerged } from "./stages/admit/validate.ts";
import { runChecks, withChosenSeverities } from "./stages/check/checks.ts";
import { judgeFinished } from "./stages/check/finished.ts";
import { judgeTogether } from "./stages/check/groups/together.ts";
import { judgeInput } from "./stages/check/input.ts";
import { withLayers } from "./stages/check/objects/layers.ts";
import { judgeSettings } from "./stages/check/settings.ts";
import { completeSpec } from "./stages/complete/complete.ts";
import { derive } from "./stages/derive/derive.ts";
import { expandTemplates } from "./stages/expand/expand.ts";
import { atOrigins } from "./stages/expand/origins.ts";
import { chooseLayers } from "./stages/layers/layers.ts";
import { withPlatform } from "./stages/layers/platform.ts";
import { lowerDocuments } from "./stages/lower/documents.ts";
import { withMeaning } from "./stages/lower/lower.ts";
import { asWritten } from "./stages/lower/written.ts";
import { isStopped } from "./stages/materialize/metadata.ts";
import { materializePlanned } from "./stages/materialize/planned.ts";
import { uniteGroups } from "./stages/materialize/unite.ts";
import { mergeQuietly, mergeService } from "./stages/merge/merge.ts";
import { readDocuments } from "./stages/read/documents.ts";

/**
 * Plans a service. The stages are the folders of core/stages, in this order:
 * lower → admit → read → layers → merge → derive → expand → complete → check → materialize.
 * A stage that refuses ends the plan; the plan then holds every issue found so far and no objects. `before` holds the issues found
 * while the input was put together; an error among them ends the plan at admission.
 */
export function plan(given: PlanInput, before: readonly Issue[] = []): Plan {
  const { input, issues: ofOptions } = judgeInput(given);
  const unreadable = judgeDocuments(input);
  if (!isFine(unreadable)) return { ...nothing(), issues: [...before, ...ofOptions, ...unreadable] };
  const behaviour = behaviourOf(input.compat);
  const lowered = lowerDocuments(input, behaviour);
  const ofSettings = judgeSettings(input, behaviour);
  const admission = [...before, ...ofOptions, ...ofSettings, ...admitDocuments(lowered, input.configs, behaviour)];
  if (!isFine(admission)) return withObjects(nothing(), { input, behaviour, lowered, admission });
  if (lowered.groups.length > 0) return planGroups({ input, behaviour, lowered, admission });
  return withObjects(stopped(planSpec(input, behaviour, lowered), behaviour), { input, behaviour, lowered, admission });
}

/** A service that was judged as it is written, and what was found of it. */
interface Admitted {
  input: PlanInput;
  behaviour: Behaviour;
  lowered: LoweredDocuments;
  admission: readonly Issue[];
}

/** Each replica group as if it were the whole service, and then their objects together. */
function planGroups({ input, behaviour, lowered, admission }: Admitted): Plan {
  const groups = lowered.groups.map((group): GroupPlan => {
    const { adopt: _ofAll, ...others } = input;
    const own = { ...others, service: group.written };
    const { service, configs } = group;
    const documents = { ...lowered, service, configs, group, issues: configs.flatMap(({ issues }) => issues) };
    const planned = stopped(planSpec(own, behaviour, documents), behaviour);
    return {
      name: group.name,
      plan: withObjects(planned, { input: own, behaviour, lowered: documents, admission: [] }),
    };
  });
  const report = reporter(input, lowered, nothing());
  const found = inGroups(groups.map(({ name, plan: { issues } }) => ({ name, issues })));
  const together = behaviour.checks ? judgeTogether(groups, input) : [];
  const issues = deduplicate([...found, ...report([...together, ...admission])]);
  const late: Issue[] = [];
  const parts = groups.map(({ name, plan: { objects } }) => ({ name, objects }));
  const { adopt } = input;
  const objects = isFine(issues)
    ? uniteGroups(parts, { ...(adopt && { adopt }), report: (one) => void late.push(one) })
    : [];
  const all = [...issues, ...report(late)];
  const { name: _first, plan: first } = groups[0] ?? { name: "", plan: nothing() };
  const applied = groups.flatMap(({ plan: { appliedConfigs } }) => appliedConfigs);
  return { ...first, appliedConfigs: uniqueConfigs(applied), issues: all, objects: isFine(all) ? objects : [], groups };
}

/** A planned service with its objects, where nothing that was found stops it. */
function withObjects(planned: Plan, { input, behaviour, lowered, admission }: Admitted): Plan {
  const report = reporter(input, lowered, planned);
  const issues = report([...planned.issues, ...admission]);
  const { service, spec } = planned;
  // Copies: what a plan gives is its caller's, and may be changed without changing the presets.
  if (!isFine(issues) || service === undefined || spec === undefined)
    return { ...planned, issues, ...(spec && { spec: copied(spec) }) };
  const whole = { ...planned, service, spec };
  const built = materializePlanned(whole, input, behaviour, lowered.group?.name);
  const all = [...issues, ...report([...built.issues, ...judgeFinished(built.objects, whole, input, behaviour)])];
  return { ...planned, issues: all, spec: copied(spec), objects: isFine(all) ? copied(built.objects) : [] };
}

function nothing(): Plan {
  return { appliedConfigs: [], objects: [], issues: [] };
}

/** All of the plan between admission and the objects. */
export function planSpec(
  input: PlanInput,
  behaviour: Behaviour = behaviourOf(input.compat),
  lowered: LoweredDocuments = lowerDocuments(input, behaviour),
): Plan {
  const { settings } = input;
  const issues: Issue[] = [...lowered.issues];
  // One by one: a call takes only so many arguments, and there may be more issues.
  const add = (more: readonly Issue[]): void => more.forEach((issue) => void issues.push(issue));
  const refused = (more: readonly Issue[]): boolean => {
    add(more);
    return !isFine(issues);
  };

  const documents = lowered.configs.map(({ document }) => document);
  const known = new KnownObjects(input.known);
  const read = readDocuments(lowered, behaviour, { settings, known });
  if (refused([...read.issues, ...judgeConfigTypes(documents, behaviour)]) || read.service === undefined)
    return { ...nothing(), issues };
  const chosen = chooseLayers({ ...read, service: read.service, settings, behaviour, merge: mergeQuietly });
  const { service, appliedConfigs } = chosen;
  const { operations, accelerators, written, ...meant } = withMeaning(
    chosen.layers,
    read.loweredOf,
    input.lowering?.accelerators,
  );
  if (refused([...chosen.issues, ...validateConfigs(documents, appliedConfigs, behaviour)]))
    return { ...nothing(), service, operations, appliedConfigs, issues };

  const { layers, issues: ofPlatform } = withPlatform({
    ...input,
    ...meant,
    accelerators,
    behaviour,
    merge: mergeQuietly,
  });
  add(ofPlatform);
  const merged = mergeService(layers, behaviour);
  const { provenance } = merged;
  const soFar: Plan = { ...nothing(), service, operations, appliedConfigs, provenance, issues };
  if (refused(merged.issues)) return soFar;

  const derived = derive({ ...input, ...merged, accelerators, behaviour });
  const expanded = expandTemplates({ service, spec: derived.spec, settings, behaviour });
  const specs = { merged, derived: derived.spec, expanded: expanded.spec };
  const { groupSizes } = derived;
  const trace = { input, lowered, behaviour, accelerators, groupSizes, written, ...specs };
  if (refused([...derived.issues, ...expanded.issues])) return { ...soFar, trace };

  const { spec, issues: incomplete } = completeSpec({ service, spec: expanded.spec, settings, known, behaviour });
  const judged = validateMerged({ service, spec, behaviour });
  const excused = behaviour.stoppedFaults === "warning" && isStopped(service);
  const whole = withLayers(atOrigins(judged.issues, derived.spec), spec, provenance);
  add([...incomplete, ...(excused ? asWarnings(whole) : whole)]);
  if (behaviour.checks && judged.sound)
    add(runChecks({ ...input, layers, operations, accelerators, groupSizes, spec, provenance }, input.checks));
  return { ...soFar, trace, spec };
}

/** Each config once: groups have most of them in common. */
function uniqueConfigs(applied: readonly AppliedConfig[]): AppliedConfig[] {
  return [...new Map(applied.map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}

/** A stopped service needs no spec: what is wrong with its configs stops nothing that would be made. */
function stopped(planned: Plan, { stoppedFaults }: Behaviour): Plan {
  const { service, spec, issues } = planned;
  if (stoppedFaults === "error" || service === undefined || !isStopped(service)) return planned;
  return { ...planned, spec: spec ?? service.spec, issues: asWarnings(issues) };
}

/** Issues as a stack wants to read them: each once, at the path where it was written, with the severity that the stack gives it. */
function reporter({ checks }: PlanInput, { service }: LoweredDocuments, { spec, trace, provenance }: Plan) {
  const written = trace?.written ?? new Map([["service", service.written ?? new Map()]]);
  return (issues: readonly Issue[]): Issue[] => {
    const placed = asWritten(withChosenSeverities(deduplicate(issues), checks), written, provenance);
    // The spec as it was merged: later stages remove items, and an issue may name one of those.
    return copied(asIndexed(withPlaceholders(placed, service.document), trace?.merged.spec ?? spec));
  };
}
