import type { LLMInferenceServiceSpec } from "../../../api/service.ts";
import { podsOfGroup } from "../../../api/shorthands/parallelism.ts";
import type { Origin } from "../../../contract/layer.ts";
import { SHORTHANDS } from "../../../contract/lowering.ts";
import { ANNOTATION } from "../../../contract/names.ts";
import { inRole } from "../../../contract/role.ts";
import { CALLS_TOKENIZER, canCallTokenizer } from "../../../knowledge/scheduler/config.ts";
import { rememberingLast } from "../../../kubernetes/remember.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import { numberOf, unknownFlags } from "../engine.ts";
import { judgeRemovals } from "./removals.ts";
import { judgeTuning } from "./tuning.ts";

/**
 * Fields that are written but that nothing reads in the topology of the service. A field that is unused only because of
 * how an object turns out is reported where the object is made (`core/stages/materialize`); a property test checks that
 * no third kind exists: a leaf that changes neither objects nor issues.
 */
export const UNUSED_CHECK: Check = {
  name: "what is written has an effect",
  source: "the builders in core/stages/materialize, and which of them a topology has",
  codes: ["UnusedField"],
  judge: (subject) => [
    ...UNUSED.flatMap((row) => judge(row, subject)),
    ...judgeGroups(subject),
    ...judgeExperts(subject),
    ...judgeRemovals(subject),
    ...judgeTuning(subject),
  ],
};

/** Sizes that give each group only its leader, so that no pod is made of `worker`. */
function judgeGroups({ spec, provenance, groupSizes }: CheckSubject): CheckFinding[] {
  const workloads = [["main", spec] as const, ...(spec.prefill ? [["prefill", spec.prefill] as const] : [])];
  return workloads.flatMap(([role, workload]): CheckFinding[] => {
    if (workload.worker === undefined || podsOfGroup(role, workload, groupSizes) !== 1) return [];
    const at = (field: string): string => inRole(role, field);
    const layer = writerOf(at("worker"), provenance) ?? writerOf(at("parallelism"), provenance) ?? "merged";
    const message = "worker has no effect: the parallelism needs one pod per group";
    const fix = "remove worker, or spread the engine over more pods: set data above dataLocal, or pipeline above 1";
    return [withRemoval({ code: "UnusedField", path: `spec.${at("worker")}`, layer, message, fix })];
  });
}

/**
 * Experts are spread over the ranks of one engine, and without `worker` each copy of `data` is a separate engine: with
 * one rank it holds every expert. Sources: replicasOf in core/stages/materialize; FusedMoEParallelConfig.make,
 * vllm/model_executor/layers/fused_moe/config.py.
 */
function judgeExperts({ spec, engines, provenance }: CheckSubject): CheckFinding[] {
  return engines.flatMap((engine): CheckFinding[] => {
    const workload = engine.role === "prefill" ? spec.prefill : spec;
    const { data = 1, expert } = workload?.parallelism ?? {};
    if (expert !== true || data < 2 || workload?.worker !== undefined) return [];
    const layer = writerOf(inRole(engine.role, "parallelism.expert"), provenance);
    if (layer === undefined || !engine.isVllm || unknownFlags(engine, RANKS).length > 0) return [];
    if (RANKS.some((flag) => (numberOf(engine, flag) ?? 1) > 1)) return [];
    const at = `spec.${inRole(engine.role, "parallelism")}`;
    const message = `expert has no effect: without worker, data makes ${data} engines, each with one rank that holds every expert`;
    const fix = `set ${at}.dataLocal to the ranks that one pod runs, or set worker to join the pods into one engine`;
    return [{ code: "UnusedField", path: `${at}.expert`, layer, message, fix }];
  });
}
const RANKS = ["tensor-parallel-size", "data-parallel-size"] as const;

interface Unused {
  /** Paths of the merged spec that are without effect. Paths that were not written are left out afterwards. */
  find(spec: LLMInferenceServiceSpec): string[];
  message: string;
  fix: string;
}

const OF_A_SCHEDULER = ["labels", "annotations", "template", "config", "replicas", "pool.spec", "tokenizer"];

const UNUSED: readonly Unused[] = [
  {
    find: ({ router }) => (router?.ingress === undefined ? [] : ["router.ingress"]),
    message: "router.ingress has no effect: requests reach a service through an HTTPRoute or its Service",
    fix: "remove it, and set router.route or point your Ingress at the workload Service",
  },
  {
    find: ({ router }) => (router === undefined || makesRoute(router) ? [] : ["router.gateway"]),
    message: "router.gateway has no effect: the service has no managed HTTPRoute to attach to a gateway",
    fix: "set router.route to {} to create an HTTPRoute, or remove gateway",
  },
  {
    find: ({ router }) =>
      router?.scheduler?.pool?.ref?.name ? OF_A_SCHEDULER.map((field) => `router.scheduler.${field}`) : [],
    message: "the field has no effect: the pool that router.scheduler.pool.ref names already has a scheduler",
    fix: "remove the field, or remove pool.ref",
  },
  {
    find: (spec) =>
      spec.router?.scheduler?.tokenizer === undefined || canCallTokenizer(spec) ? [] : ["router.scheduler.tokenizer"],
    message: `tokenizer has no effect: schedulers call a tokenizer over HTTP from release ${CALLS_TOKENIZER} on`,
    fix: `remove it, or use a scheduler of release ${CALLS_TOKENIZER} or later (annotation ${ANNOTATION.version})`,
  },
  {
    find: ({ router }) => (router?.scheduler === undefined ? [] : ["router.scheduler.config.ref.optional"]),
    message: "optional has no effect: the scheduler always needs its ConfigMap",
    fix: "remove it",
  },
  {
    find: ({ model }) =>
      (model.lora?.adapters ?? []).flatMap(({ lora }, i) =>
        lora === undefined ? [] : [`model.lora.adapters[${i}].lora`],
      ),
    message: "an adapter cannot have adapters",
    fix: "add them to the adapters of the model",
  },
  {
    find: ({ model }) => (model.confidential?.enabled === false ? ["model.confidential.resourceId"] : []),
    message: "the key has no effect: the weights are not marked as encrypted",
    fix: "set confidential.enabled to true, or remove it",
  },
];

function makesRoute(router: LLMInferenceServiceSpec["router"]): boolean {
  return router?.route?.http?.spec !== undefined;
}

function judge({ find, message, fix }: Unused, { spec, provenance }: CheckSubject): CheckFinding[] {
  return find(spec).flatMap((path): CheckFinding[] => {
    const layer = writerOf(path, provenance);
    return layer === undefined ? [] : [withRemoval({ code: "UnusedField", path: `spec.${path}`, layer, message, fix })];
  });
}

/** A field that the service wrote can be removed from it; a field of a config cannot. */
function withRemoval(found: CheckFinding): CheckFinding {
  return found.layer === "service" ? { ...found, fixes: [{ path: found.path }] } : found;
}

/** The user's layer that wrote the field, a part of it, or the list that contains it; undefined if none did. */
function writerOf(path: string, provenance: CheckSubject["provenance"]): string | undefined {
  const isAt = (leaf: string): boolean =>
    leaf.startsWith(path) && (leaf.length === path.length || [".", "["].includes(leaf.charAt(path.length)));
  const list = path.includes("[") ? path.slice(0, path.indexOf("[")) : undefined;
  return leavesOfUsers(provenance).find(([leaf]) => isAt(leaf) || leaf === list)?.[1].layer;
}

type Leaves = readonly (readonly [path: string, origin: Origin])[];

/** The leaves that a user's layer set. They are read once, because every rule of the table needs them. */
const leavesOfUsers = rememberingLast((provenance: CheckSubject["provenance"]): Leaves => {
  const leaves: [string, Origin][] = [];
  for (const [path, origin] of provenance)
    if (!origin.layer.startsWith("preset ") && origin.layer !== SHORTHANDS) leaves.push([path, origin]);
  return leaves;
});
