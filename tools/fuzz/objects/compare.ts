import type { PlanInput } from "../../../core/contract/plan.ts";
import { valueAt } from "../../../core/kubernetes/json.ts";
import { pathSteps } from "../../../core/kubernetes/path.ts";
import { isOfKubelet } from "../../../core/stages/check/objects/pod/users.ts";
import { planInput } from "../planned.ts";
import { Random } from "../random.ts";
import { BASES, type Base } from "./bases.ts";
import { changed } from "./change.ts";
import { deploymentOf, type Server } from "./server.ts";
import { verdictOf } from "./verdicts.ts";

/** One input: a base with one or two changes. */
export interface Mutant {
  index: number;
  base: Base;
  service: { apiVersion: string; kind: string; metadata: object; spec: unknown };
  changes: readonly string[];
}

/** Where the verdicts of plan and server meet. */
export type Cell =
  | "both take it"
  | "both refuse it"
  | "the plan alone takes it"
  | "the plan alone refuses it"
  | "the kubelet alone refuses it"
  | "refused before, by the server too"
  | "refused before, and the server takes it"
  | "refused before, and not sent";

export interface Comparison extends Pick<Mutant, "index" | "changes"> {
  base: string;
  cell: Cell;
  plan: readonly string[];
  server: readonly string[];
}

const KIND = "objects";

/** The unchanged service of a base. */
export function serviceOf({ spec }: Base): Mutant["service"] {
  const metadata = { name: "chat", namespace: "team", labels: { a: "b" }, annotations: { "example.com/note": "a" } };
  return { apiVersion: "serving.kserve.io/v1alpha2", kind: "LLMInferenceService", metadata, spec };
}

/** The input of a number: the same for the same seed. */
export function mutantOf(seed: number, index: number): Mutant {
  const random = new Random(seed, KIND, index);
  const base = random.pick(BASES.flatMap((one) => Array.from({ length: one.share }, () => one)));
  const changes: string[] = [];
  let service = serviceOf(base);
  for (const _ of Array.from({ length: random.chance(0.8) ? 1 : 2 })) {
    const next = changed(service, base.roots, random);
    service = next.document;
    changes.push(next.change);
  }
  return { index, base, service, changes };
}

/** The planned document: the service, or one that only names a config with the same content. */
export function inputOf({ base, service }: Pick<Mutant, "base" | "service">): PlanInput {
  if (base.inConfig !== true) return planInput({ service });
  const config = { ...service, kind: "LLMInferenceServiceConfig", metadata: { name: "base", namespace: "team" } };
  return planInput({ service: { ...service, spec: { baseRefs: [{ name: "base" }] } }, configs: [config] });
}

/** The verdicts of plan and server. */
export async function compare(server: Server, mutant: Mutant): Promise<Comparison> {
  const { index, changes, base } = mutant;
  const common = { index, changes, base: base.name };
  const verdict = verdictOf(inputOf(mutant));
  if (verdict.kind === "before") {
    const plan = verdict.errors.map(({ code, path, message }) => `${code} ${path}: ${message}`);
    return { ...common, plan, ...(await askRaw(server, mutant)) };
  }
  const refusals = await server.refusals(verdict.objects);
  const isTaken = refusals.length === 0;
  if (verdict.kind === "passed")
    return { ...common, cell: isTaken ? "both take it" : "the plan alone takes it", plan: [], server: refusals };
  const plan = verdict.findings.map(({ code, path, message }) => `${code} ${path}: ${message}`);
  const isOfPods = verdict.findings.every(({ message }) => isOfKubelet(message));
  if (isTaken && isOfPods) return { ...common, cell: "the kubelet alone refuses it", plan, server: [] };
  return { ...common, cell: isTaken ? "the plan alone refuses it" : "both refuse it", plan, server: refusals };
}

async function askRaw(server: Server, { base, service }: Mutant): Promise<Pick<Comparison, "cell" | "server">> {
  const templates = base.roots.filter((root) => /(template|worker)$/.test(root));
  const deployments = templates.flatMap((root) => deploymentOf(valueAt(service, pathSteps(root))) ?? []);
  if (deployments.length < templates.length || templates.length === 0)
    return { cell: "refused before, and not sent", server: [] };
  const refusals = await server.refusals(deployments);
  return refusals.length === 0
    ? { cell: "refused before, and the server takes it", server: [] }
    : { cell: "refused before, by the server too", server: refusals };
}
