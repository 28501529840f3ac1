/** A cluster that cannot be reached, or does not answer as a cluster does. The message says what is wrong. */
export class ClusterError extends Error {}
