/** A cluster that cannot be reached, or does not answer like a cluster. The message gives the reason. */
export class ClusterError extends Error {}
