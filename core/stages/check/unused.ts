import { groupSizeOf } from "../../api/parallelism.ts";
import type { LLMInferenceServiceSpec } from "../../api/service.ts";
import { CONVENIENCES } from "../../contract/lowering.ts";
import type { Check, CheckFinding, CheckSubject } from "./check.ts";
import { judgeRemovals } from "./removals.ts";

/**
 * Fields that somebody wrote and nothing reads in the topology that the service has. What is unused only by what an object
 * comes to look like is reported where that is made (`core/stages/materialize`); a property test holds that there is no third kind:
 * a leaf that changes neither objects nor issues.
 */
export const UNUSED_CHECK: Check = {
  name: "what is written has an effect",
  source: "the builders in core/stages/materialize, and which of them a topology has",
  codes: ["UnusedField"],
  judge: (subject) => [
    ...UNUSED.flatMap((row) => judge(row, subject)),
    ...judgeGroups(subject),
    ...judgeRemovals(subject),
  ],
};

/** Sizes that leave each group its leader: no pod is ever made of `worker`. */
function judgeGroups({ spec, provenance }: CheckSubject): CheckFinding[] {
  const workloads = [["", spec] as const, ...(spec.prefill ? [["prefill.", spec.prefill] as const] : [])];
  return workloads.flatMap(([prefix, { worker, parallelism }]): CheckFinding[] => {
    if (worker === undefined || groupSizeOf(parallelism) !== 1) return [];
    const layer = writerOf(`${prefix}worker`, provenance) ?? writerOf(`${prefix}parallelism`, provenance) ?? "merged";
    const message = "each group has one pod by its parallelism: none is made of worker";
    const fix = "remove worker, or spread the engine over more pods: data above dataLocal, or pipeline above 1";
    return [{ code: "UnusedField", path: `spec.${prefix}worker`, layer, message, fix }];
  });
}

interface Unused {
  /** Paths of the merged spec that are without effect. Those that nobody wrote are left out afterwards. */
  find(spec: LLMInferenceServiceSpec): string[];
  message: string;
  fix: string;
}

const OF_A_SCHEDULER = ["labels", "annotations", "template", "config", "replicas", "pool.spec"];

const UNUSED: readonly Unused[] = [
  {
    find: () => ["router.ingress"],
    message: "requests reach a service by an HTTPRoute or its Service: nothing is made of an ingress",
    fix: "remove it; set router.route, or point the Ingress at the workload Service",
  },
  {
    find: ({ router }) => (makesRoute(router) ? [] : ["router.gateway"]),
    message: "gateways are what the service's own HTTPRoute attaches to, and it has none",
    fix: "set router.route to {} for a route of its own, or remove gateway",
  },
  {
    find: ({ router }) =>
      router?.scheduler?.pool?.ref?.name ? OF_A_SCHEDULER.map((field) => `router.scheduler.${field}`) : [],
    message: "the pool that router.scheduler.pool.ref names has a scheduler of its own: none is made here",
    fix: "remove it, or pool.ref",
  },
  {
    find: () => ["router.scheduler.config.ref.optional"],
    message: "the scheduler needs its configuration: the ConfigMap is never optional",
    fix: "remove it",
  },
  {
    find: ({ model }) =>
      (model.lora?.adapters ?? []).flatMap(({ lora }, i) =>
        lora === undefined ? [] : [`model.lora.adapters[${i}].lora`],
      ),
    message: "an adapter has no adapters of its own",
    fix: "list it beside the others",
  },
  {
    find: ({ model }) => (model.confidential?.enabled === false ? ["model.confidential.resourceId"] : []),
    message: "the key is asked for only where the weights are encrypted",
    fix: "set confidential.enabled to true, or remove it",
  },
];

function makesRoute(router: LLMInferenceServiceSpec["router"]): boolean {
  return router?.route?.http?.spec !== undefined;
}

function judge({ find, message, fix }: Unused, { spec, provenance }: CheckSubject): CheckFinding[] {
  return find(spec).flatMap((path): CheckFinding[] => {
    const layer = writerOf(path, provenance);
    return layer === undefined ? [] : [{ code: "UnusedField", path: `spec.${path}`, layer, message, fix }];
  });
}

/** The layer of a user's that wrote the field, something in it, or the list that it is in; undefined where none did. */
function writerOf(path: string, provenance: CheckSubject["provenance"]): string | undefined {
  const isAt = (leaf: string): boolean => leaf === path || [".", "["].some((step) => leaf.startsWith(path + step));
  const list = path.includes("[") ? path.slice(0, path.indexOf("[")) : undefined;
  for (const [leaf, { layer }] of Object.entries(provenance)) {
    if ((isAt(leaf) || leaf === list) && !layer.startsWith("preset ") && layer !== CONVENIENCES) return layer;
  }
  return undefined;
}
