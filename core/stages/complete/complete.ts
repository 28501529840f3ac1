import { asSpec, type LLMInferenceService, type LLMInferenceServiceSpec } from "../../api/service.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Settings } from "../../contract/options/settings.ts";
import type { KnownObjects } from "../../kubernetes/known.ts";
import { typedSpec } from "../../kubernetes/patch/typed.ts";
import { mountCertificate } from "./certificate.ts";
import { attachManagedDevices, checkManagedDevices } from "./devices.ts";
import { checkAdapters } from "./lora.ts";
import { completePool } from "./pool.ts";
import { completeRoute } from "./route.ts";
import { completeScheduler, resolveSchedulerConfig } from "./scheduler.ts";

export interface CompleteInput {
  service: LLMInferenceService;
  spec: LLMInferenceServiceSpec;
  settings: Pick<Settings, "systemNamespace" | "enableTLS" | "tls" | "storageInitializer">;
  known: KnownObjects;
  behaviour: Pick<Behaviour, "zeroOverrides" | "unclaimedDevices" | "certificate" | "downloads">;
}

/**
 * What KServe completes in the merged spec after the templates: the scheduler's identity and configuration, the
 * pool's selector and picker, the route's parents and backends, the devices of a managed claim, the Secret of the
 * certificate. Source: combineBaseRefsConfig in config_merge.go, KServe v0.20.0. It defaults selector and service
 * account before the templates; no template reads either.
 */
export function completeSpec(input: CompleteInput): { spec: LLMInferenceServiceSpec; issues: Issue[] } {
  const { service, known, settings, behaviour } = input;
  const passes: ((spec: LLMInferenceServiceSpec) => LLMInferenceServiceSpec)[] = [
    (spec) => (behaviour.zeroOverrides ? spec : readAgain(spec)),
    (spec) => completePool(spec, service),
    (spec) => completeScheduler(spec, service),
    (spec) => attachManagedDevices(spec, service),
    (spec) => mountCertificate(spec, service, settings, behaviour),
    (spec) => completeRoute(spec, service),
  ];
  const completed = passes.reduce((spec, pass) => pass(spec), input.spec);
  const resolved = resolveSchedulerConfig(completed, { service, known, systemNamespace: settings.systemNamespace });
  const unclaimed = checkManagedDevices(resolved.spec, service, behaviour);
  return { spec: resolved.spec, issues: [...resolved.issues, ...checkAdapters(resolved.spec, input), ...unclaimed] };
}

/**
 * KServe reads the expanded document into its types once more: a field whose template expanded to nothing disappears.
 */
function readAgain(spec: LLMInferenceServiceSpec): LLMInferenceServiceSpec {
  return asSpec(typedSpec(spec));
}
