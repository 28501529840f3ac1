/**
 * What of Kubernetes' own client is used, as a module of its own: it is large, so it is loaded on use, and a bundle keeps it
 * in a file beside.
 */
export { KubeConfig } from "@kubernetes/client-node";
