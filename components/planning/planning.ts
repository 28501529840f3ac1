import { type Behaviour, behaviourOf } from "../../core/contract/behaviour.ts";
import type { Issue } from "../../core/contract/issues/issue.ts";
import type { Plan, PlanInput } from "../../core/contract/plan.ts";
import { asObject } from "../../core/kubernetes/objects.ts";
import { plan } from "../../core/plan.ts";
import type { Bundle } from "../../core/platform/bundle.ts";
import type { IsUnknown } from "../../core/platform/choose.ts";
import { certificateNames } from "../../core/stages/materialize/workload/certificate.ts";
import { mergedSpecOf } from "../../core/views/groups.ts";
import type { Planning } from "../inputs/dependence.ts";
import { checkPlaintext } from "../inputs/plaintext.ts";
import { inputOf, type Planned } from "../request.ts";
import { urlOf } from "../resources/url.ts";
import { withPurpose } from "./certificate.ts";

/** The planning of a service's arguments. */
export interface ServicePlanning extends Planning {
  planned: Planned;
  plan: Plan;
  /** What was planned; undefined if the arguments are not known. */
  input?: PlanInput;
  /** The host names of its certificate. */
  hosts: readonly string[];
  /** Whether the last object is the service itself, recorded in the cluster. */
  recorded: boolean;
}

/** Plans a service, with everything that its component registers and returns. */
export function planService(isUnknown: IsUnknown): (args: unknown, isTwin: boolean) => ServicePlanning {
  return (args, isTwin) => planned(args as Planned, isTwin ? () => true : isUnknown);
}

/** `isUnknown` says which values of the platform are not known yet. A twin compares no digest. */
function planned(given: Planned, isUnknown: IsUnknown): ServicePlanning {
  const { input, bundle, issues: ofInput } = inputOf(given, isUnknown);
  const planning = plan(input, ofInput);
  const hosts = hostsOf(planning, behaviourOf(input.compat));
  const made = withPurpose(planning.objects, hosts, input.settings.tls?.renewal);
  const service = planning.service && asObject(planning.service);
  const isRecorded = service !== undefined && (given.record ?? bundle?.recorded ?? false);
  return {
    ...{ planned: given, plan: planning, input, hosts },
    recorded: isRecorded,
    objects: [...made, ...(isRecorded ? [service] : [])],
    values: outputsOf(planning, input, bundle),
    issues: [...planning.issues, ...checkPlaintext(planning.objects, given)],
  };
}

function hostsOf({ service, spec }: Plan, behaviour: Behaviour): string[] {
  return service && spec ? certificateNames({ service, spec, behaviour }) : [];
}

function outputsOf(planning: Plan, { settings }: PlanInput, bundle: Bundle | undefined): Planning["values"] {
  const { service, objects, appliedConfigs } = planning;
  return {
    url: service && urlOf(objects, service, settings.urlScheme),
    mergedSpec: mergedSpecOf(planning),
    appliedConfigs,
    ...(bundle && { pin: { release: bundle.release, digest: bundle.digest } }),
  };
}

/** The planning of arguments that cannot be planned yet. */
export function emptyPlanning(args: unknown): ServicePlanning {
  const issues: Issue[] = [];
  const nothing: Plan = { appliedConfigs: [], objects: [], issues };
  return { planned: args as Planned, plan: nothing, hosts: [], recorded: false, objects: [], values: {}, issues };
}
