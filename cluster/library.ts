/**
 * The used part of Kubernetes' own client, as a separate module: it is large, so it is loaded on use, and a bundle
 * keeps it in a separate file.
 */
export { KubeConfig } from "@kubernetes/client-node";
