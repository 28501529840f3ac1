/**
 * Objects that a plan makes, as far as their lists have keys; comparisons of two objects use it. The notation is that
 * of {@link ../schema.ts}; fields that are not listed have no keyed lists.
 */
export const OBJECT_TYPES = `
obj.Deployment: spec:obj.DeploymentSpec
obj.DeploymentSpec: template:obj.PodTemplate
obj.DisaggregatedRole: spec:obj.LeaderWorkerSetSpec
obj.DisaggregatedSet: spec:obj.DisaggregatedSetSpec
obj.DisaggregatedSetSpec: roles[obj.DisaggregatedRole/name]
obj.HTTPRoute: spec:gw.HTTPRouteSpec
obj.LeaderWorkerSet: spec:obj.LeaderWorkerSetSpec
obj.LeaderWorkerSetSpec: leaderWorkerTemplate:obj.LeaderWorkerTemplate
obj.LeaderWorkerTemplate: leaderTemplate?:obj.PodTemplate workerTemplate:obj.PodTemplate
obj.PodTemplate: spec:PodSpec
obj.Service: spec:obj.ServiceSpec
obj.ServiceAccount: secrets[LocalObjectReference/name] imagePullSecrets[LocalObjectReference/name]
obj.ServicePort: port!0
obj.ServiceSpec: ports[obj.ServicePort/port]
`;

/** The table's name for a kind. */
export function objectType(kind: string): string {
  return `obj.${kind}`;
}
