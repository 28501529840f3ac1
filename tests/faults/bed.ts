import assert from "node:assert/strict";
import { eventually } from "../../tools/cluster/client.ts";
import { startCreateGuard } from "../../tools/cluster/create-guard.ts";
import type { Cluster } from "../../tools/cluster/types.ts";
import { namespace } from "../e2e/changes.ts";
import { assertAgree, type Essence, marked } from "./agree.ts";
import { DESTROY, openFaults, type Project, UP } from "./project.ts";
import { type Saboteur, startSaboteur } from "./saboteur.ts";

export type Stage = "up" | "update" | "destroy";
export const STAGES: readonly Stage[] = ["up", "update", "destroy"];

/** The two programs between which a stack alternates: the change of an update. */
type Level = "INFO" | "DEBUG";

/** A stack on a cluster that is disturbed, and how everything would be without the fault. */
export interface Bed {
  cluster: Cluster;
  project: Project;
  saboteur: Saboteur;
  namespaces: readonly string[];
  /** Number of changes that an undisturbed run requests from the API server. */
  changes: Readonly<Record<Stage, number>>;
  /** Whether the stack is up, and at which level. */
  at: Level | undefined;
  /** Asserts that state and cluster match the last program. */
  agree(level: Level | undefined): Promise<void>;
  /** Whether creates are refused where the object exists, as plugins from 4.29 on do. */
  guard(isGuarded: boolean): void;
  stop(): Promise<void>;
}

export interface BedOptions {
  name: string;
  services?: number;
  /** False: only services, which takes a quarter of the time. */
  platform?: boolean;
}

/** Sets up a stack, and runs it once from nothing to nothing to record an undisturbed run. */
export async function openBed(cluster: Cluster, folder: string, options: BedOptions): Promise<Bed> {
  const { name, services = 1, platform = true } = options;
  const guard = await startCreateGuard(cluster);
  const saboteur = await startSaboteur(guard);
  await namespace(cluster, name);
  const values = { FAULTS_NAMESPACE: name, FAULTS_SERVICES: String(services), ...(!platform && PLAIN) };
  const project = await openFaults(folder, saboteur.kubeconfig, values);
  const namespaces = [name, `${name}-system`];
  const measured = async (args: readonly string[], env: Record<string, string> = {}): Promise<number> => {
    saboteur.disarm();
    await project.run(args, env);
    return saboteur.disarm();
  };
  const see = (level: Level, wanted?: Essence): Promise<Essence> => {
    const run: Project["run"] = (args, env) => project.run(args, { ...levelled(level), ...env });
    return assertAgree({ ...project, run }, cluster.kubeconfig, namespaces, wanted);
  };
  const up = await measured(UP, levelled("INFO"));
  const expected: Record<Level, Essence> = { INFO: await see("INFO"), DEBUG: {} };
  const update = await measured(UP, levelled("DEBUG"));
  expected.DEBUG = await see("DEBUG");
  const bed: Bed = {
    cluster,
    project,
    saboteur,
    namespaces,
    changes: { up, update, destroy: await measured(DESTROY) },
    at: undefined,
    agree: async (level) => {
      bed.at = level;
      if (level === undefined) return nothingLeft(bed);
      await see(level, expected[level]);
    },
    guard: (isGuarded) => saboteur.route(isGuarded ? guard.target : cluster.target),
    stop: async () => {
      await saboteur.stop();
      await guard.stop();
    },
  };
  await nothingLeft(bed);
  return bed;
}

export const PLAIN = { FAULTS_PLATFORM: "none" };

export function levelled(level: Level): Record<string, string> {
  return { FAULTS_LEVEL: level };
}

/** Neither in the state nor in the cluster; deletions may take their time. */
async function nothingLeft({ cluster, project, namespaces }: Bed): Promise<void> {
  const { resources = [] } = project.state().deployment;
  assert.deepEqual(
    resources.map(({ urn }) => urn),
    [],
    "the state is empty",
  );
  let left: string[] = [];
  await eventually("the cluster to be empty", async () => {
    const found = await marked(cluster.kubeconfig, namespaces);
    left = found.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const namespacesLeft = await cluster.request("GET", `/api/v1/namespaces/${namespaces[1]}`);
    return left.length === 0 && namespacesLeft.status === 404 ? true : undefined;
  }).catch(() => assert.deepEqual(left, [], "nothing is left in the cluster"));
}
