import type { Issue, IssueCode } from "../../contract/issues/issue.ts";
import { CHECK_SEVERITIES, type CheckSeverity } from "../../contract/options/checks.ts";
import type { CheckSettings } from "../../contract/options/options.ts";
import { type Check, type CheckFinding, type CheckInput, subjectOf } from "./check.ts";
import { ALLOCATOR_CHECK } from "./commandline/allocator.ts";
import { ATTENTION_CHECK } from "./commandline/attention.ts";
import { CLASS_FEATURES_CHECK } from "./commandline/classfeatures.ts";
import { COMPILE_CACHE_CHECK } from "./commandline/compilecache.ts";
import { CREDENTIALS_CHECK } from "./commandline/credentials.ts";
import { DRAFT_HEAD_CHECK } from "./commandline/drafthead.ts";
import { DRAFT_VOCABULARY_CHECK } from "./commandline/draftvocabulary.ts";
import { EXPERT_BACKEND_CHECK } from "./commandline/expertbackend.ts";
import { FLAGS_CHECK } from "./commandline/flags.ts";
import { FORMATS_CHECK } from "./commandline/formats.ts";
import { GGUF_MODEL_CHECK } from "./commandline/ggufmodel.ts";
import { LOADED_MODEL_CHECK } from "./commandline/loadedmodel.ts";
import { MEDIA_BATCH_CHECK } from "./commandline/mediabatch.ts";
import { MISTRAL_FORMAT_CHECK } from "./commandline/mistralformat.ts";
import { MODEL_CLASS_CHECK } from "./commandline/modelclass.ts";
import { MTP_CHECK } from "./commandline/mtp.ts";
import { PARSER_TOKENS_CHECK } from "./commandline/parsertokens.ts";
import { RAY_CHECK } from "./commandline/ray.ts";
import { VARIABLES_CHECK } from "./commandline/variables.ts";
import { WHOLE_PROMPTS_CHECK } from "./commandline/wholeprompts.ts";
import { AITER_CHECK } from "./devices/aiterexperts.ts";
import { BLOCKS_CHECK } from "./devices/blocks.ts";
import { CPU_CACHE_CHECK } from "./devices/cpucache.ts";
import { DEVICES_CHECK } from "./devices/devices.ts";
import { MEMORY_CHECK } from "./devices/memory.ts";
import { NEURON_CHECK } from "./devices/neuroncores.ts";
import { OFFLOADING_CHECK } from "./devices/offloading.ts";
import { OVERRIDDEN_DEVICES_CHECK } from "./devices/overridden.ts";
import { SHAPE_CHECK } from "./devices/shape.ts";
import { SHARED_MEMORY_CHECK } from "./devices/sharedmemory.ts";
import { TPU_CHECK } from "./devices/tpuslices.ts";
import { VENDORS_CHECK } from "./devices/vendors.ts";
import { VISIBLE_CHECK } from "./devices/visible.ts";
import { GATED_CHECK } from "./fields/gated.ts";
import { GRACE_CHECK, STARTUP_CHECK } from "./fields/pods.ts";
import { ROLLOUT_CHECK } from "./fields/rollout.ts";
import { UNUSED_CHECK } from "./fields/unused.ts";
import { inTuning, withoutScripts } from "./flagfixes.ts";
import { ANSWERS_CHECK } from "./network/answers.ts";
import { HOSTS_CHECK } from "./network/hosts.ts";
import { OTHER_SERVERS_CHECK } from "./network/otherservers.ts";
import { PORTS_CHECK } from "./network/ports.ts";
import { TLS_CHECK } from "./network/tls.ts";
import { withLayers } from "./objects/layers.ts";
import { ROLES_CHECK } from "./roles/roles.ts";
import { SCHEDULER_FLAGS_CHECK } from "./scheduler/schedulerflags.ts";
import { FOREIGN_FLAGS_CHECK } from "./sglang/foreignflags.ts";
import { SGLANG_MEMORY_CHECK } from "./sglang/sglangmemory.ts";
import { SGLANG_ROLES_CHECK } from "./sglang/sglangroles.ts";
import { inFlags } from "./sizenames.ts";

/** The gates of a plan, in the order in which they report. Each is described in docs/checks.md. */
export const CHECKS: readonly Check[] = [
  FLAGS_CHECK,
  VARIABLES_CHECK,
  CREDENTIALS_CHECK,
  ALLOCATOR_CHECK,
  RAY_CHECK,
  PARSER_TOKENS_CHECK,
  WHOLE_PROMPTS_CHECK,
  DEVICES_CHECK,
  OVERRIDDEN_DEVICES_CHECK,
  VISIBLE_CHECK,
  TPU_CHECK,
  NEURON_CHECK,
  FORMATS_CHECK,
  ATTENTION_CHECK,
  MTP_CHECK,
  MEDIA_BATCH_CHECK,
  MODEL_CLASS_CHECK,
  CLASS_FEATURES_CHECK,
  DRAFT_HEAD_CHECK,
  DRAFT_VOCABULARY_CHECK,
  EXPERT_BACKEND_CHECK,
  LOADED_MODEL_CHECK,
  GGUF_MODEL_CHECK,
  MISTRAL_FORMAT_CHECK,
  SHAPE_CHECK,
  AITER_CHECK,
  MEMORY_CHECK,
  CPU_CACHE_CHECK,
  BLOCKS_CHECK,
  FOREIGN_FLAGS_CHECK,
  SGLANG_MEMORY_CHECK,
  ROLES_CHECK,
  SGLANG_ROLES_CHECK,
  PORTS_CHECK,
  HOSTS_CHECK,
  OTHER_SERVERS_CHECK,
  ANSWERS_CHECK,
  TLS_CHECK,
  VENDORS_CHECK,
  SCHEDULER_FLAGS_CHECK,
  SHARED_MEMORY_CHECK,
  OFFLOADING_CHECK,
  GATED_CHECK,
  STARTUP_CHECK,
  GRACE_CHECK,
  ROLLOUT_CHECK,
  COMPILE_CACHE_CHECK,
  UNUSED_CHECK,
];

/** Runs every gate over a merged spec, and gives each finding the severity of the stack. */
export function runChecks(input: CheckInput, settings: CheckSettings = {}): Issue[] {
  const subject = subjectOf(input);
  const found = CHECKS.flatMap((check) => check.judge(subject)).map((one) =>
    inFlags(inTuning(withoutScripts(one, subject.engines), subject.engines), subject),
  );
  return withSeverities(withLayers(found, input.spec, input.provenance), settings);
}

/** Findings with the severity that the stack, or the default, gives their codes; those that are off are left out. */
export function withSeverities(findings: readonly CheckFinding[], settings: CheckSettings = {}): Issue[] {
  return findings.flatMap((finding): Issue[] => {
    const severity = severityOf(finding, settings);
    return severity === "off" ? [] : [{ ...finding, severity }];
  });
}

/** Issues of another stage, with the severities that a stack sets for their codes. */
export function withSettings(issues: readonly Issue[], settings: CheckSettings = {}): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const severity = settings[issue.code] ?? issue.severity;
    return severity === "off" ? [] : [{ ...issue, severity }];
  });
}

/**
 * The one place that decides the severity of a finding: the stack first, then the certainty of the check, then the
 * table.
 */
function severityOf({ code, severity }: CheckFinding, settings: CheckSettings): CheckSeverity {
  return settings[code] ?? severity ?? (CHECK_SEVERITIES as Partial<Record<IssueCode, CheckSeverity>>)[code] ?? "error";
}
