import { resolve } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";

/** The target of a stack: a folder of YAML (`renderTo`), or the cluster of the current kubeconfig. */
export function target(): Provider {
  const renderTo = new pulumi.Config().get("renderTo");
  if (renderTo === undefined) return new Provider("cluster");
  return new Provider("yaml", { renderYamlToDirectory: resolve(renderTo), kubeconfig: pulumi.output(undefined) });
}
