import { type Behaviour, behaviourOf } from "./contract/behaviour.ts";
import { asIndexed } from "./contract/indexed.ts";
import { deduplicate, type Issue, isFine } from "./contract/issue.ts";
import type { Layer } from "./contract/layer.ts";
import type { LoweredDocuments, LoweredService, SaidAccelerators } from "./contract/lowering.ts";
import type { AppliedConfig, GroupPlan, Plan, PlanInput } from "./contract/plan.ts";
import { judgeDocuments } from "./contract/tree.ts";
import { acceleratorNames } from "./knowledge/accelerators/recognise.ts";
import { storedBytes } from "./knowledge/memory/parts.ts";
import { servedModel } from "./knowledge/models/served.ts";
import { stackOf } from "./knowledge/stacks/stacks.ts";
import { copied } from "./kubernetes/json.ts";
import { KnownObjects } from "./kubernetes/known.ts";
import { judgeConfigTypes, validateConfigs } from "./stages/admit/configs.ts";
import { admitService, missingModel, validateMerged } from "./stages/admit/validate.ts";
import type { CheckFinding } from "./stages/check/check.ts";
import { runChecks, withChosenSeverities, withSeverities } from "./stages/check/checks.ts";
import { judgeCosts } from "./stages/check/groups/costs.ts";
import { judgeGroups } from "./stages/check/groups/groups.ts";
import type { PlannedGroup } from "./stages/check/groups/planned.ts";
import { judgeInput } from "./stages/check/input.ts";
import { judgeDigests } from "./stages/check/objects/digests.ts";
import { withLayers } from "./stages/check/objects/layers.ts";
import { judgeObjects } from "./stages/check/objects/objects.ts";
import { judgeRouting } from "./stages/check/routing.ts";
import { judgeSchedulerConfig } from "./stages/check/schedulerconfig.ts";
import { judgeLimits, judgeSettings } from "./stages/check/settings.ts";
import { completeSpec } from "./stages/complete/complete.ts";
import { derive } from "./stages/derive/derive.ts";
import { expandTemplates } from "./stages/expand/expand.ts";
import { atOrigins } from "./stages/expand/origins.ts";
import { chooseLayers } from "./stages/layers/layers.ts";
import { withPlatform } from "./stages/layers/platform.ts";
import { lowerDocuments } from "./stages/lower/documents.ts";
import { inGroup, inGroups } from "./stages/lower/grouped.ts";
import { withMeaning } from "./stages/lower/lower.ts";
import { asWritten } from "./stages/lower/written.ts";
import { materialize } from "./stages/materialize/materialize.ts";
import { isStopped } from "./stages/materialize/metadata.ts";
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
  if (!isFine(unreadable)) return { ...NOTHING, issues: [...before, ...ofOptions, ...unreadable] };
  const behaviour = behaviourOf(input.compat);
  const lowered = lowerDocuments(input, behaviour);
  const admission = [...before, ...ofOptions, ...admit(lowered, input, behaviour)];
  if (!isFine(admission)) return withObjects(NOTHING, { input, behaviour, lowered, admission });
  if (lowered.groups.length > 0) return planGroups({ input, behaviour, lowered, admission });
  return withObjects(stopped(planSpec(input, behaviour, lowered), behaviour), { input, behaviour, lowered, admission });
}

/** What the checks of groups read of one whose plan came as far as a spec. */
function plannedGroup({ name, plan: { spec, provenance = {}, trace } }: GroupPlan): PlannedGroup[] {
  const accelerator = trace?.accelerators.main?.name;
  const engineVersion = trace?.input.engineVersion;
  if (spec === undefined) return [];
  return [{ name, spec, provenance, ...(accelerator && { accelerator }), ...(engineVersion && { engineVersion }) }];
}

/** What is wrong with the groups together: with what each of them costs, and with what their pods must have alike. */
function judgeTogether(groups: readonly GroupPlan[], { modelInfo, checks }: PlanInput): Issue[] {
  const planned = groups.flatMap(plannedGroup);
  const [first] = planned;
  const { objects = [], service } = groups[0]?.plan ?? {};
  const model = first?.spec.model?.name ?? service?.metadata.name ?? "";
  const found = judgeGroups(planned, { objects, model, ...(modelInfo && { modelInfo }) });
  const issues = found.flatMap(({ group, finding }) =>
    inGroup({ name: group, issues: withSeverities([finding], checks) }),
  );
  return [...judgeCosts(planned), ...issues];
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
  const report = reporter(input, lowered, NOTHING);
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
  const { name: _first, plan: first } = groups[0] ?? { name: "", plan: NOTHING };
  const applied = uniqueConfigs(groups.flatMap(({ plan: { appliedConfigs } }) => appliedConfigs));
  return { ...first, appliedConfigs: applied, issues: all, objects: isFine(all) ? objects : [], groups };
}

/** A planned service with its objects, where nothing that was found stops it. */
function withObjects(planned: Plan, { input, behaviour, lowered, admission }: Admitted): Plan {
  const report = reporter(input, lowered, planned);
  const issues = report([...planned.issues, ...admission]);
  if (!isFine(issues) || planned.service === undefined || planned.spec === undefined) return { ...planned, issues };
  const { group } = lowered;
  const built = objectsOf({ ...planned, service: planned.service, spec: planned.spec }, input, behaviour, group?.name);
  const all = [...issues, ...report(built.issues)];
  // Copies: what a plan gives is its caller's, and may be changed without changing the presets.
  return { ...planned, issues: all, spec: copied(planned.spec), objects: isFine(all) ? copied(built.objects) : [] };
}

const NOTHING: Plan = { appliedConfigs: [], objects: [], issues: [] };

/** A service before its plan: its own settings, conveniences and fields; where they are refused, also what no config could give. */
function admit({ service, groups, old }: LoweredDocuments, input: PlanInput, behaviour: Behaviour): Issue[] {
  const { errors, warnings } = admitService(service.opened, behaviour, old?.document);
  const limits = behaviour.checks ? judgeLimits(input.settings) : [];
  const ofGroups = groups.flatMap(({ name, own }) => inGroup({ name, issues: admitGroup(own, behaviour) }));
  const issues = [...judgeSettings(input), ...limits, ...service.issues, ...errors, ...warnings, ...ofGroups];
  return isFine(issues) ? issues : [...issues, ...missingModel(service.document, input.configs)];
}

function admitGroup({ opened, issues }: LoweredService, behaviour: Behaviour): Issue[] {
  const { errors, warnings } = admitService(opened, behaviour);
  return [...issues, ...errors, ...warnings];
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
    return { ...NOTHING, issues };
  const chosen = chooseLayers({ ...read, service: read.service, settings, behaviour, merge: mergeQuietly });
  const { service, appliedConfigs } = chosen;
  const { operations, accelerators, written, ...meant } = withMeaning(
    chosen.layers,
    read.loweredOf,
    input.lowering?.accelerators,
  );
  if (refused([...chosen.issues, ...validateConfigs(documents, appliedConfigs, behaviour)]))
    return { ...NOTHING, service, operations, appliedConfigs, issues };

  const { layers, issues: ofPlatform } = fitted(meant.layers, accelerators, input, behaviour);
  add(ofPlatform);
  const merged = mergeService(layers, behaviour);
  const { provenance } = merged;
  const soFar: Plan = { ...NOTHING, service, operations, appliedConfigs, provenance, issues };
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
  add([...incomplete, ...(excused ? whole.map(warned) : whole)]);
  if (behaviour.checks && judged.sound)
    add(runChecks({ ...input, layers, operations, accelerators, groupSizes, spec, provenance }, input.checks));
  return { ...soFar, trace, spec };
}

function uniqueConfigs(applied: readonly AppliedConfig[]): AppliedConfig[] {
  return [...new Map(applied.map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}

/** A stopped service needs no spec: what is wrong with its configs stops nothing that would be made. */
function stopped(planned: Plan, { stoppedFaults }: Behaviour): Plan {
  const { service, spec, issues } = planned;
  if (stoppedFaults === "error" || service === undefined || !isStopped(service)) return planned;
  return { ...planned, spec: spec ?? service.spec, issues: issues.map(warned) };
}

function warned(issue: Issue): Issue {
  return { ...issue, severity: "warning" };
}

/** The layers with what engines need on the platform of their accelerators. */
function fitted(layers: readonly Layer[], accelerators: SaidAccelerators, input: PlanInput, behaviour: Behaviour) {
  if (!behaviour.conveniences) return { layers, issues: [] };
  const stack = stackOf(input.stack);
  return withPlatform({ layers, accelerators, lowering: input.lowering, stack, behaviour, merge: mergeQuietly });
}

/** The objects of a planned service, and what building them tells. */
function objectsOf(
  { service, spec, operations, trace, provenance = {} }: Plan & Required<Pick<Plan, "service" | "spec">>,
  { settings, adopt, modelInfo, known, checks, stack, lowering }: PlanInput,
  behaviour: Behaviour,
  group: string | undefined,
): Pick<Plan, "objects" | "issues"> {
  const issues: Issue[] = [];
  const report = (issue: Issue): void => void issues.push(issue);
  const model = servedModel({ spec, modelInfo });
  const modelBytes = model && storedBytes(model);
  const shared = { service, spec, operations, modelBytes, settings, known: new KnownObjects(known), adopt };
  const context = { ...shared, ...(group !== undefined && { group }) };
  const accelerators = acceleratorNames(spec, trace?.accelerators, lowering);
  const objects = materialize({
    ...context,
    accelerators,
    groupSizes: trace?.groupSizes,
    stack: stackOf(stack),
    behaviour,
    report,
  });
  if (behaviour.checks) {
    const found = [...judgeRouting(objects), ...judgeSchedulerConfig(objects)];
    issues.push(...withSeverities(withLayers(found, spec, provenance), checks));
  }
  const written = { spec, operations, provenance };
  issues.push(
    ...refused(judgeObjects(objects, written, behaviour)),
    ...refused(judgeDigests(objects, written, settings)),
  );
  return { objects, issues };
}

/** What the API server refuses is an error whatever a stack says of its code; what only some clusters refuse is a warning. */
function refused(findings: readonly CheckFinding[]): Issue[] {
  return findings.map((finding): Issue => ({ severity: "error", ...finding }));
}

/** Issues as a stack wants to read them: each once, at the path where it was written, with the severity that the stack gives it. */
function reporter({ checks }: PlanInput, { service }: LoweredDocuments, { spec, trace, provenance }: Plan) {
  const written = trace?.written ?? new Map([["service", service.written ?? new Map()]]);
  return (issues: readonly Issue[]): Issue[] =>
    asIndexed(
      asWritten(withChosenSeverities(deduplicate(issues), checks), written, provenance),
      // The spec as it was merged: later stages remove items, and an issue may name one of those.
      trace?.merged.spec ?? spec,
    );
}
