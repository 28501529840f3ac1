import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import type { GroupSizes } from "../../api/shorthands/parallelism.ts";
import type { WorkloadSpec } from "../../api/workload.ts";
import type { Behaviour } from "../../contract/behaviour.ts";
import type { Issue } from "../../contract/issues/issue.ts";
import type { Provenance } from "../../contract/layer.ts";
import type { LoweringContext, NamedAccelerators, WrittenSettings } from "../../contract/lowering.ts";
import type { StageOptions } from "../../contract/options/options.ts";
import type { Settings } from "../../contract/options/settings.ts";
import { inRole } from "../../contract/role.ts";
import { engineOf } from "../../knowledge/engine/engines.ts";
import { servedModel } from "../../knowledge/models/served.ts";
import { startupSeconds } from "../../knowledge/models/startup.ts";
import { stackOf } from "../../knowledge/stacks/stacks.ts";
import type { Container, PodSpec } from "../../kubernetes/objects.ts";
import { MAIN } from "../../kubernetes/workloads/pods.ts";
import { judgeContainers } from "./containers.ts";
import { classOf, withRanks, withResource } from "./devices.ts";
import { withDrain } from "./drain.ts";
import { parallelFlags, tlsFlags, trustFlags, withFlags } from "./flags.ts";
import { countGroups } from "./groups.ts";
import { judgeNodes } from "./lonenodes.ts";
import { judgeLimits } from "./lora.ts";
import { type DerivePlace, isUsers } from "./place.ts";
import { withOwnPort, withPoolPort } from "./port.ts";
import { withoutFirstRank } from "./ranks.ts";
import { judgeRuntime } from "./runtime.ts";
import { withSidecars } from "./sidecar.ts";
import { withStartup } from "./startup.ts";
import { withEngineMetrics } from "./triggers.ts";
import { withUsers } from "./user.ts";
import { withPlainWords } from "./words.ts";

export interface DeriveRequest extends StageOptions {
  spec: LLMInferenceServiceSpec;
  provenance: Provenance;
  settings: Settings;
  lowering?: Pick<LoweringContext, "accelerators">;
  /** Where the layers write the settings of `tuning`. */
  written?: WrittenSettings;
  /** The accelerators that the layers name for the engines. */
  accelerators?: NamedAccelerators;
  behaviour: Pick<Behaviour, "shorthands">;
}

interface Derived {
  spec: LLMInferenceServiceSpec;
  /** Number of pods per group for each role that has groups. */
  groupSizes?: GroupSizes;
  issues: Issue[];
}

/**
 * What follows from the merged spec and need not be written: the flags of the parallel sizes, of TLS and of the drain,
 * the number of accelerators in a pod, and how long it may take to start. A value that the user wrote must agree with
 * it; a value of a preset or an accelerator is replaced. An engine other than vLLM runs as it was written.
 */
export function derive(request: DeriveRequest): Derived {
  const { spec, provenance, behaviour } = request;
  const issues: Issue[] = [];
  if (!behaviour.shorthands) return { spec, issues };
  issues.push(
    ...judgeLimits(spec, provenance),
    ...judgeContainers(spec, provenance),
    ...judgeRuntime(spec, provenance),
  );
  const groupSizes = countGroups(request, (issue) => void issues.push(issue));
  const own = deriveWorkload(spec, "main", { ...request, groupSizes }, issues);
  const prefill = spec.prefill && deriveWorkload(spec.prefill, "prefill", { ...request, groupSizes }, issues);
  const measured = <Workload extends WorkloadSpec>(workload: Workload): Workload =>
    withEngineMetrics(workload, engineOf(spec), stackOf(request.stack));
  const pods = measured({ ...spec, ...own, ...(prefill && { prefill: measured({ ...spec.prefill, ...prefill }) }) });
  const derived = withSidecars(
    withPoolPort(withUsers(pods, provenance), provenance),
    provenance,
    (issue) => void issues.push(issue),
  );
  const model = servedModel(request);
  if (model === undefined) return { spec: derived, groupSizes, issues };
  const seconds = startupSeconds(model, request.loadBytesPerSecond);
  return { spec: withStartup(derived, seconds, (path) => isUsers(provenance, path)), groupSizes, issues };
}

type Pods = Pick<WorkloadSpec, "template" | "worker">;

function deriveWorkload(
  workload: WorkloadSpec,
  role: keyof GroupSizes,
  request: DeriveRequest & Required<Pick<Derived, "groupSizes">>,
  issues: Issue[],
): Pods {
  const { spec: service, provenance, settings, lowering, accelerators, engineVersion, stack } = request;
  const { parallelism = {}, template, worker } = workload;
  const grouped = worker !== undefined;
  const kind = engineOf(service);
  const always = [...tlsFlags(settings), ...trustFlags(service)];
  const flagsOf = (one: Container): string[] => [...parallelFlags(parallelism, grouped, kind, one), ...always];
  const named = accelerators?.[role];
  // If the number of pods of a group is not known, the devices of one pod are not known either.
  const pods = grouped ? request.groupSizes[role] : undefined;
  const isCounted = !grouped || pods !== undefined;
  const engine = (container: Container, spec: PodSpec, place: DerivePlace): Container => {
    const read = withPlainWords(container, place);
    const counted = withResource(withFlags(read, flagsOf(read), place), spec, lowering?.accelerators);
    const draining = withDrain(counted, spec, { facts: stackOf(stack).drain, engineVersion, engine: kind });
    const known = classOf(spec, draining, lowering?.accelerators, named);
    const ranks = { parallelism, known, ...(pods !== undefined && { pods }) };
    return withOwnPort(isCounted ? withRanks(draining, ranks, place) : draining, place);
  };
  const pod = (spec: PodSpec, name: "template" | "worker"): PodSpec => {
    const at = inRole(role, `${name}.containers[name=${MAIN}]`);
    const place = {
      path: at,
      engine: kind,
      engineVersion,
      provenance,
      written: request.written,
      report: (issue: Issue): void => void issues.push(issue),
    };
    const own = (one: Container): Container => {
      if (!grouped) judgeNodes(one, place);
      const derived = engine(one, spec, place);
      return name === "template" ? withoutFirstRank(derived, { worker, engineVersion }, place) : derived;
    };
    const containers = spec.containers?.map((one) => (one.name === MAIN ? own(one) : one));
    return { ...spec, ...(containers && { containers }) };
  };
  return { ...(template && { template: pod(template, "template") }), ...(worker && { worker: pod(worker, "worker") }) };
}
