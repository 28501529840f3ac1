import type { KubernetesObject } from "../../spec/kubernetes.ts";
import type { MaterializeContext } from "../context.ts";

/** Deployments or LeaderWorkerSets with their Service, ServiceAccounts, RBAC, certificate and storage. */
export function buildWorkloads(_context: MaterializeContext): KubernetesObject[] {
  throw new Error("in work");
}
