import { type Behaviour, behaviourOf } from "./contract/behaviour.ts";
import { asService, inGroups, joined } from "./contract/grouped.ts";
import { judgeDocuments } from "./contract/input/tree.ts";
import { asIndexed, byName } from "./contract/issues/indexed.ts";
import { asWarnings, deduplicate, Findings, formatIssue, type Issue, isFine } from "./contract/issues/issue.ts";
import { hasForm, independentOf } from "./contract/issues/remaining.ts";
import { reporter } from "./contract/issues/report.ts";
import { NO_ORIGINS } from "./contract/layer.ts";
import type { LoweredDocuments } from "./contract/lowering.ts";
import { type Admitted, emptyPlan, type Plan, type PlanInput } from "./contract/plan.ts";
import { excusedWhereStopped, isStopped } from "./contract/stopped.ts";
import { withoutQuotedCredentials } from "./knowledge/masked.ts";
import { copied } from "./kubernetes/json.ts";
import { KnownObjects } from "./kubernetes/known.ts";
import { admitDocuments } from "./stages/admit/admit.ts";
import { judgeConfigTypes, validateConfigs } from "./stages/admit/configs.ts";
import { validateMerged } from "./stages/admit/validate.ts";
import { runChecks, withSettings } from "./stages/check/checks.ts";
import { judgeInput } from "./stages/check/fields/input.ts";
import { judgeSettings } from "./stages/check/fields/settings.ts";
import { judgeFinished } from "./stages/check/finished.ts";
import { furtherErrors } from "./stages/check/fixes/latererrors.ts";
import { checkGroups } from "./stages/check/groups/check.ts";
import { withLayers } from "./stages/check/objects/layers.ts";
import { completeSpec } from "./stages/complete/complete.ts";
import { derive } from "./stages/derive/derive.ts";
import { expandTemplates } from "./stages/expand/expand.ts";
import { atOrigins } from "./stages/expand/origins.ts";
import { chooseLayers } from "./stages/layers/layers.ts";
import { withPlatform } from "./stages/layers/platform.ts";
import { lowerDocuments } from "./stages/lower/documents.ts";
import { withMeaning } from "./stages/lower/lower.ts";
import { materializePlanned } from "./stages/materialize/planned.ts";
import { uniteGroups } from "./stages/materialize/unite.ts";
import { mergeQuietly, mergeService } from "./stages/merge/merge.ts";
import { readDocuments } from "./stages/read/documents.ts";

/**
 * Plans a service. The stages are the folders of core/stages, in this order:
 * lower → admit → read → layers → merge → derive → expand → complete → check → materialize.
 * A stage that refuses ends the plan; the plan then contains every issue so far, no objects, and the errors that later
 * stages find in the documents without those errors. `before` contains the issues that were found while the input was
 * collected; an error among them ends the plan at admission.
 */
export function plan(given: PlanInput, before: readonly Issue[] = []): Plan {
  const planned = planWhole(given, before);
  return { ...planned, issues: withoutQuotedCredentials(planned.issues, given) };
}

/** The plan as the first stage that refuses ends it: without the errors of later stages, which cost more plans. */
export function planUntilRefused(given: PlanInput): Plan {
  const planned = planOnce(judgeInput(given), []);
  return { ...planned, issues: withoutQuotedCredentials(planned.issues, given) };
}

function planWhole(given: PlanInput, before: readonly Issue[]): Plan {
  const judged = judgeInput(given);
  const first = planOnce(judged, before);
  if (isFine(first.issues) || !isFine(before) || !behaviourOf(judged.input.compat).checks) return first;
  const further = furtherErrors(first, judged.input, (documents, excused) =>
    planOnce({ ...judged, input: { ...judged.input, ...documents } }, before, new Set(excused.map(formatIssue))),
  );
  return { ...first, issues: [...first.issues, ...further] };
}

/** The plan of one set of documents. `excused` contains the lines of errors about options that are left out. */
function planOnce(
  { input, issues: ofInput }: ReturnType<typeof judgeInput>,
  before: readonly Issue[],
  excused: ReadonlySet<string> = new Set(),
): Plan {
  const isMeant = (issue: Issue): boolean => !excused.has(formatIssue(issue));
  const ofOptions = ofInput.filter(isMeant);
  const unreadable = judgeDocuments(input);
  if (!isFine(unreadable)) return { ...emptyPlan(), issues: [...before, ...ofOptions, ...unreadable] };
  const behaviour = behaviourOf(input.compat);
  const lowered = lowerDocuments(input, behaviour);
  const ofSettings = judgeSettings(input, behaviour).filter(isMeant);
  const admission = [...before, ...ofOptions, ...ofSettings, ...admitDocuments(lowered, input.configs, behaviour)];
  const admitted = { input, behaviour, lowered, admission };
  if (!isFine(admission)) return withObjects(emptyPlan(), admitted);
  return lowered.groups.length > 0 ? planGroups(admitted) : planOne(admitted);
}

/** A service without replica groups. */
function planOne(admitted: Admitted): Plan {
  return withoutObjectsOfErrors(buildOne(admitted));
}

/**
 * A service without replica groups, or one of its groups, with all objects that can be made of it, whatever issues were
 * found.
 */
function buildOne(admitted: Admitted): Plan {
  const { input, behaviour, lowered } = admitted;
  return withObjects(excusedWhereStopped(planSpec(input, behaviour, lowered), behaviour), admitted);
}

/** Each replica group as if it were the whole service, and then their objects together. */
function planGroups(admitted: Admitted): Plan {
  const { input, behaviour, lowered, admission } = admitted;
  const built = lowered.groups.map((group) => ({ name: group.name, plan: buildOne(asService(group, admitted)) }));
  const groups = built.map(({ name, plan }) => ({ name, plan: withoutObjectsOfErrors(plan) }));
  const report = reporter(admitted, emptyPlan());
  const together = behaviour.checks ? checkGroups(groups, input) : [];
  const issues = deduplicate([
    ...asIndexed(inGroups(groups, input.service), input),
    ...report([...together, ...admission]),
  ]);
  const isBuilt = built.every(({ plan }) => plan.objects.length > 0);
  const united = isFine(issues) || isBuilt ? uniteGroups(built, input) : { objects: [], issues: [] };
  const ofUnion = report(united.issues);
  const all = [...issues, ...(isFine(issues) ? ofUnion : independentOf(issues, ofUnion))];
  return withoutObjectsOfErrors({ ...joined(groups), issues: all, objects: united.objects });
}

function withoutObjectsOfErrors(plan: Plan): Plan {
  return { ...plan, objects: isFine(plan.issues) ? copied(plan.objects) : [] };
}

/** A planned service with its objects, if it has the form from which objects can be made. */
function withObjects(planned: Plan, admitted: Admitted): Plan {
  const { input, behaviour, lowered, admission } = admitted;
  const report = reporter(admitted, planned);
  const issues = report([...planned.issues, ...admission]);
  const { service, spec } = planned;
  // Copies: a plan belongs to its caller, who may change it without changing the presets.
  const goesOn = isFine(issues) || (behaviour.checks && hasForm(issues));
  if (!goesOn || service === undefined || spec === undefined)
    return { ...planned, issues, ...(spec && { spec: copied(spec) }) };
  const whole = { ...planned, service, spec };
  const { objects, issues: ofMaking } = materializePlanned(whole, input, behaviour, lowered.group?.name);
  const ofMade = withLayers(withSettings(ofMaking, input.checks), spec, planned.provenance ?? NO_ORIGINS);
  const ofObjects = report(byName([...ofMade, ...judgeFinished(objects, whole, input, behaviour)], spec));
  const all = [...issues, ...(isFine(issues) ? ofObjects : independentOf(issues, ofObjects))];
  return { ...planned, issues: all, spec: copied(spec), objects };
}

/** Everything between admission and the objects. */
export function planSpec(
  input: PlanInput,
  behaviour: Behaviour = behaviourOf(input.compat),
  lowered: LoweredDocuments = lowerDocuments(input, behaviour),
): Plan {
  const { settings } = input;
  const found = new Findings(lowered.issues);
  const { issues } = found;

  const documents = lowered.configs.map(({ document }) => document);
  const known = new KnownObjects(input.known);
  const read = readDocuments(lowered, behaviour, { settings, known });
  const unread = found.stopAt([...read.issues, ...judgeConfigTypes(documents, behaviour)]);
  if (unread || read.service === undefined) return { ...emptyPlan(), issues };

  const chosen = chooseLayers({ ...read, service: read.service, settings, behaviour, merge: mergeQuietly });
  const { service, appliedConfigs } = chosen;
  const said = withMeaning(chosen.layers, read.loweredOf, input.lowering?.accelerators);
  const { operations, accelerators, written } = said;
  const started: Plan = { ...emptyPlan(), service, operations, appliedConfigs, issues };
  if (found.stopAt([...chosen.issues, ...validateConfigs(documents, appliedConfigs, behaviour)])) return started;

  const placed = withPlatform({ ...input, layers: said.layers, accelerators, behaviour, merge: mergeQuietly });
  const { layers } = placed;
  const merged = mergeService(layers, behaviour);
  const { provenance } = merged;
  const soFar: Plan = { ...started, provenance };
  if (found.stopAt([...placed.issues, ...merged.issues])) return soFar;

  const derived = derive({ ...input, spec: merged.spec, provenance, accelerators, written, behaviour });
  const expanded = expandTemplates({ service, spec: derived.spec, settings, behaviour });
  const { groupSizes } = derived;
  const specs = { merged, derived: derived.spec, expanded: expanded.spec };
  const trace = { input, lowered, behaviour, accelerators, groupSizes, written, ...specs };
  const ofDerived = withLayers([...derived.issues, ...expanded.issues], derived.spec, provenance);
  if (found.stopAt(byName(ofDerived, derived.spec))) return { ...soFar, trace };

  const { spec, issues: incomplete } = completeSpec({ service, spec: expanded.spec, settings, known, behaviour });
  const judged = validateMerged({ service, spec, behaviour });
  const excused = behaviour.stoppedFaults === "warning" && isStopped(service);
  const whole = atOrigins(judged.issues, derived.spec);
  const ofSpec = withLayers([...incomplete, ...(excused ? asWarnings(whole) : whole)], spec, provenance);
  found.add(byName(ofSpec, spec));
  const asked = { ...input, layers, written, operations, accelerators, groupSizes, spec, provenance };
  if (behaviour.checks && judged.sound) found.add(byName(runChecks(asked, input.checks), spec));
  return { ...soFar, trace, spec };
}
