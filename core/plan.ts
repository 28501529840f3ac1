import { type Behaviour, behaviourOf } from "./behaviour.ts";
import { asSet, rated, runChecks } from "./checks/checks.ts";
import { judgeRouting } from "./checks/routing.ts";
import { judgeSettings } from "./checks/settings.ts";
import { completeSpec } from "./complete/complete.ts";
import type { Layer } from "./contract/layer.ts";
import type { Lowered } from "./contract/lowering.ts";
import type { Plan, PlanInput, Trace } from "./contract/plan.ts";
import { type Issue, isFine, unlike } from "./errors.ts";
import { storedBytes } from "./fit/parts.ts";
import { KnownObjects } from "./known.ts";
import { derive } from "./lower/derive.ts";
import { acceleratorsOf, lowerConfigs, lowerService, withConveniences } from "./lower/lower.ts";
import { operationsOf } from "./lower/operations.ts";
import { asWritten } from "./lower/written.ts";
import { materialize } from "./materialize/materialize.ts";
import { chooseLayers } from "./merge/layers.ts";
import { mergeLayers } from "./merge/merge.ts";
import { servedModel } from "./models/served.ts";
import { readConfigs, readService } from "./spec/read.ts";
import { expandTemplates } from "./template/expand.ts";
import { missingModel, validateConfigs, validateMerged, validateService } from "./validate/validate.ts";

/** Plans a service: admission, then its spec, then the objects. A stage that refuses ends the plan with all that it found. */
export function plan(input: PlanInput): Plan {
  const behaviour = behaviourOf(input.compat);
  const lowered = lowerService(input.service, input, behaviour);
  const planned = planLowered(input, behaviour, lowered);
  const written = planned.trace?.written ?? new Map([["service", lowered.written ?? new Map()]]);
  return { ...planned, issues: asWritten(planned.issues, written, planned.provenance) };
}

function planLowered(input: PlanInput, behaviour: Behaviour, lowered: Lowered): Plan {
  const old = input.old === undefined ? undefined : lowerService(input.old, input, behaviour).document;
  const { errors, warnings } = validateService(lowered.document, behaviour, old);
  const admission = [...judgeSettings(input), ...lowered.issues, ...errors];
  if (!isFine(admission)) {
    const issues = [...admission, ...warnings, ...missingModel(lowered.document, input.configs)];
    return { appliedConfigs: [], objects: [], issues };
  }
  const planned = planSpec(input, behaviour, lowered);
  const { service, spec, operations } = planned;
  const issues = asSet(unlike([...planned.issues, ...warnings]), input.checks);
  if (!isFine(issues) || service === undefined || spec === undefined) return { ...planned, issues };
  const report = (issue: Issue): void => void issues.push(...asSet([issue], input.checks));
  const { settings, adopt, modelInfo } = input;
  const model = servedModel({ spec, modelInfo });
  const modelBytes = model && storedBytes(model);
  const context = { service, spec, operations, modelBytes, settings, known: new KnownObjects(input.known), adopt };
  const objects = materialize({ ...context, behaviour, report });
  if (behaviour.checks) issues.push(...rated(judgeRouting(objects), input.checks));
  return { ...planned, issues, objects: isFine(issues) ? objects : [] };
}

/** lower → read → layers → merge → derive → expand → complete → validate: all of the plan but the objects. */
export function planSpec(
  input: PlanInput,
  behaviour: Behaviour = behaviourOf(input.compat),
  lowered: Lowered = lowerService(input.service, input, behaviour),
): Plan {
  const { settings } = input;
  const result: Plan = { appliedConfigs: [], objects: [], issues: [] };
  const refused = (issues: readonly Issue[]): boolean => {
    result.issues.push(...issues);
    return !isFine(result.issues);
  };

  const { issues, ...chosen } = layersFor(input, behaviour, lowered);
  const { service, layers, operations, accelerators, written } = chosen;
  Object.assign(result, { service, operations, appliedConfigs: chosen.appliedConfigs });
  if (refused(issues) || service === undefined) return result;

  const merged = mergeLayers(layers, behaviour);
  result.provenance = merged.provenance;
  if (refused(merged.issues)) return result;

  const derived = derive({ ...input, ...merged, behaviour });
  const expanded = expandTemplates({ service, spec: derived.spec, settings, behaviour });
  result.trace = { input, behaviour, accelerators, written, merged, derived: derived.spec, expanded: expanded.spec };
  if (refused([...derived.issues, ...expanded.issues])) return result;

  const known = new KnownObjects(input.known);
  const completed = completeSpec({ service, spec: expanded.spec, settings, known, behaviour });
  const { spec } = completed;
  result.spec = spec;
  refused([...completed.issues, ...validateMerged({ service, spec, behaviour })]);
  const subject = { ...input, layers, operations, accelerators, spec, provenance: merged.provenance };
  if (behaviour.checks) refused(runChecks(subject, input.checks));
  return result;
}

/** What is merged, lowest precedence first, and what of it is no part of a spec. */
interface ChosenLayers extends Pick<Plan, "service" | "operations" | "appliedConfigs" | "issues"> {
  layers: readonly Layer[];
  accelerators: Trace["accelerators"];
  written: Trace["written"];
}

/** lower → read → layers. Without a service where one of them refuses. */
function layersFor(input: PlanInput, behaviour: Behaviour, lowered: Lowered): ChosenLayers {
  const read = readService(lowered.document, behaviour);
  const ofConfigs = lowerConfigs(input, behaviour);
  const { configs, issues: unreadable } = readConfigs(ofConfigs.configs, behaviour);
  const written = new Map([...ofConfigs.written, ["service", lowered.written ?? new Map()] as const]);
  const issues = [...lowered.issues, ...ofConfigs.issues, ...read.issues, ...unreadable];
  if (!isFine(issues) || read.service === undefined)
    return { issues, appliedConfigs: [], layers: [], accelerators: {}, written };
  const chosen = chooseLayers({ service: read.service, configs, settings: input.settings, behaviour });
  const { service, appliedConfigs } = chosen;
  issues.push(...chosen.issues, ...validateConfigs(ofConfigs.configs, appliedConfigs, behaviour));
  return {
    ...{ service, appliedConfigs, issues, written },
    layers: withConveniences(chosen.layers, lowered, ofConfigs.conveniences),
    operations: operationsOf(chosen.layers, lowered.operations, ofConfigs.operations),
    accelerators: acceleratorsOf(chosen.layers, lowered, ofConfigs.accelerators),
  };
}
