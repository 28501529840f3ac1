import type { ServiceAccount } from "kubernetes-types/core/v1.js";
import type { PodSpec } from "../../../kubernetes/objects.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";
import { attachModel } from "../storage/attach.ts";
import { withCacheTiers } from "./cachetiers.ts";
import { withOffloading } from "./offloading.ts";
import type { RoleContext } from "./role.ts";
import { withPoolName } from "./sidecar.ts";
import { withTraces } from "./traces.ts";

export interface EngineRequest {
  /** The account of the pod, if it is not the namespace's default one. */
  serviceAccountName?: string;
  /** Its credentials are used for storage. */
  account?: ServiceAccount;
  /** The pod's field. */
  path: string;
}

/** A pod of an engine as it will run: with its identity, the model, cache tiers and traces. */
export function enginePod(pod: PodSpec, request: EngineRequest, context: RoleContext): PodSpec {
  const { serviceAccountName, account, path } = request;
  const steps: ((pod: PodSpec) => PodSpec)[] = [
    (step) => (serviceAccountName === undefined ? step : { ...step, serviceAccountName }),
    (step) => attachModel(step, { container: MAIN, serviceAccount: account, adapters: true, path }, context),
    (step) => withOffloading(step, context),
    (step) => withCacheTiers(step, context.workload.kvCacheOffloading),
    (step) => (context.role === "main" ? withPoolName(step, context) : step),
    (step) => withTraces(step, context),
  ];
  return steps.reduce((done, step) => step(done), pod);
}
