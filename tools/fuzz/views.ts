import { type ClusterClient, Refused } from "../../cluster/client.ts";
import { findings, type Recovery, unrecorded } from "../../cluster/recovery.ts";
import { asObject, type KubernetesObject } from "../../core/kubernetes/objects.ts";
import { typeToken } from "../../core/kubernetes/token.ts";
import { plan } from "../../core/plan.ts";
import { whyNot } from "../../core/views/explain/whynot.ts";
import { permissionsFor } from "../../core/views/permissions/permissions.ts";
import { preflight } from "../../core/views/preflight/preflight.ts";
import { correctState } from "../../core/views/recovery/correct.ts";
import { possiblyLost, withComponents } from "../../core/views/recovery/lost.ts";
import type { ExportedState, StateResource } from "../../core/views/recovery/state.ts";
import { STACK_MARK } from "../../core/views/recovery/verdict.ts";
import type { StackResource } from "../../policy/rule.ts";
import { RULES } from "../../policy/rules.ts";
import { judgeIssues, LEAKED, Violation } from "./invariants.ts";
import { asDocument, mutated } from "./mutate.ts";
import type { Odd } from "./oddvalues.ts";
import { type Kind, planInput, SERVICE, seeded } from "./planned.ts";
import type { Random } from "./random.ts";
import { serviceOf } from "./services.ts";

/** Code that reads plans, stacks and clusters, and makes none. */
export const VIEW_KINDS: readonly Kind[] = [
  {
    name: "view: cluster",
    share: 3,
    make: (random, odd) => ({ service: serviceOf(random, odd), question: questionOf(random, odd) }),
    run: ({ service, question }: { service: unknown; question: string }) => {
      const planned = plan(planInput({ service }));
      whyNot(planned, question);
      permissionsFor(planned.objects, { kind: "User", name: "deployer" });
      judgeIssues(preflight(planned.objects, FACTS));
    },
  },
  { name: "policies", share: 3, make: seeded(() => OBJECTS, 6), run: judgeByPolicies },
  { name: "recover", share: 2, make: stateOf, run: recover },
];

/** A cluster with few objects. */
const FACTS = {
  source: "cluster test",
  apis: { v1: ["Service", "Secret"], "apps/v1": ["Deployment"] },
  nodes: [
    {
      metadata: { name: "n", labels: { "nvidia.com/gpu.product": "NVIDIA-L4" } },
      spec: { taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] },
      status: { allocatable: { cpu: "8", memory: "64Gi", "nvidia.com/gpu": "1" } },
    },
  ],
  pods: [],
  named: {},
  unread: [{ what: "pods", why: "forbidden" }],
};

const QUESTIONS = [
  "--max-model-len=8192",
  "-tp",
  "template.nodeSelector",
  "template.containers[main].args",
  "groups.h100.replicas",
  "=",
  "[",
  "a[b=c]=d",
];

function questionOf(random: Random, odd: Odd): string {
  return random.chance(0.7) ? random.pick(QUESTIONS) : odd.text(random);
}

/** The objects of a plan, as any program may have them. */
const OBJECTS = plan(planInput({ service: SERVICE })).objects;

function judgeByPolicies(objects: readonly KubernetesObject[]): void {
  const resources = objects.map((props, index): StackResource => {
    const urn = `urn:pulumi:dev::shop::kubernetes:apps/v1:Deployment::${index}`;
    return { type: "kubernetes:apps/v1:Deployment", urn, props: { ...props } };
  });
  for (const rule of RULES) {
    for (const { message } of rule.judge(resources, {}))
      if (LEAKED.test(message))
        throw new Violation("a message of a policy contains a JavaScript value such as undefined", message);
  }
}

interface Interrupted {
  state: ExportedState;
  preview: unknown;
  live: Record<string, unknown>;
}

const PROVIDER = "urn:pulumi:prod::serving::pulumi:providers:kubernetes::cluster";

function resourceOf(object: KubernetesObject, more: Partial<StateResource>): StateResource {
  const { apiVersion, kind, metadata } = object;
  const marked = { ...metadata, annotations: { [STACK_MARK]: "organization/serving/prod" } };
  const type = typeToken(apiVersion, kind);
  const urn = `urn:pulumi:prod::serving::kserve-llm:index:LLMInferenceService$${type}::chat/${metadata.name}`;
  const inputs = asObject({ ...object, metadata: marked }) as unknown as StateResource["inputs"];
  return { urn, type, provider: `${PROVIDER}::id`, parent: PROVIDER, inputs, ...more } as StateResource;
}

/**
 * A stack whose run was interrupted: what programs wrote into its objects is odd, but the engine's own fields are not.
 */
function stateOf(random: Random, odd: Odd): Interrupted {
  const all = OBJECTS.slice(0, 6).map((object) => {
    const uid = `uid-${random.below(3)}`;
    const stored = random.chance(0.7) && { id: object.metadata.name, outputs: { ...object, metadata: { uid } } };
    const resource = resourceOf(object, stored as Partial<StateResource>);
    return { ...resource, inputs: asDocument(mutated(resource.inputs, random, odd, random.below(2))) } as StateResource;
  });
  const [resources, begun] = [all.filter(() => random.chance(0.6)), all.filter(() => random.chance(0.4))];
  const types = ["creating", "updating", "deleting", "reading", "odd"];
  const pending = begun.map((resource) => ({ type: random.pick(types), resource }));
  const provider = { urn: PROVIDER, type: "pulumi:providers:kubernetes", id: "id", inputs: {} };
  const steps = all.map((newState) => ({ op: random.pick(["create", "update", "same"]), urn: newState.urn, newState }));
  const live = OBJECTS.slice(0, 6).filter(() => random.chance(0.6));
  const served = live.map((object) => {
    const metadata = { ...object.metadata, uid: `uid-${random.below(3)}`, creationTimestamp: "2026-11-20T10:00:00Z" };
    return [object.metadata.name, { ...object, metadata }] as const;
  });
  return {
    state: { version: 3, deployment: { resources: [provider, ...resources], pending_operations: pending } },
    preview: random.chance(0.9) ? { steps } : asDocument(odd.value(random)),
    live: Object.fromEntries(served),
  };
}

const KINDS_SERVED = OBJECTS.map(({ kind }) => ({
  name: `${kind.toLowerCase()}s`,
  kind,
  namespaced: true,
  verbs: ["get", "list"],
}));

async function recover({ state, preview, live }: Interrupted): Promise<void> {
  const cluster: ClusterClient = {
    server: "https://test",
    context: "test",
    send: () => Promise.reject(new Violation("a look at a cluster writes")),
    get: async (path) => {
      if (path === "/api" || path === "/apis") return { versions: ["v1"], groups: [] };
      if (/^\/apis?(\/[^/]+)?\/[^/]+$/.test(path)) return { resources: KINDS_SERVED };
      if (path.endsWith("forbidden")) throw new Refused(path, { status: 403, body: {} });
      return live[path.split("/").at(-1) ?? ""] as Record<string, unknown> | undefined;
    },
  };
  const recovery: Recovery = { connect: async () => cluster, patienceMs: 0 };
  const found = [...(await findings(state, recovery)), ...(await unrecorded(state, recovery)).found];
  const mended = correctState(state, found);
  const lost = possiblyLost(preview, mended);
  const { deployment } = withComponents(preview, lost, mended);
  const urns = new Set(deployment.resources?.map(({ urn }) => urn));
  for (const { parent, dependencies = [] } of deployment.resources ?? [])
    for (const urn of [...(parent === undefined ? [] : [parent]), ...dependencies])
      if (!urns.has(urn)) throw new Violation("a corrected state refers to a resource that it does not have", urn);
}
