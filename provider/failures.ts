import * as pulumi from "@pulumi/pulumi";
import type { Issue } from "../core/contract/issues/issue.ts";
import { asText, isObject } from "../core/kubernetes/json.ts";

/** One problem as Pulumi shows it: the path of the argument in the user's program, and the message. */
export interface PropertyError {
  propertyPath: string;
  reason: string;
}

/**
 * The errors among the issues, each at the argument that causes it. The paths of issues are those of Kubernetes
 * documents; arguments have no `spec`, configs are a list, settings one argument.
 */
export function propertyErrors(issues: readonly Issue[], args: unknown): PropertyError[] {
  return issues
    .filter(({ severity }) => severity === "error")
    .map((issue) => ({ propertyPath: propertyPath(issue, args), reason: reasonOf(issue) }));
}

/** Refuses arguments with all their problems. The engine adds the name of the resource and lists the problems. */
export function inputError(issues: readonly Issue[], args: unknown): pulumi.InputPropertiesError {
  const errors = propertyErrors(issues, args);
  const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
  return new pulumi.InputPropertiesError({ message: `${count} in its arguments`, errors });
}

function propertyPath({ layer, path }: Issue, args: unknown): string {
  if (layer === "settings") return joined("settings", path.replace(/^settings(\.|$)/, ""));
  const index = layer.startsWith("config ") ? configIndex(layer, args) : -1;
  return index >= 0 ? joined(`configs[${index}]`, path) : path.replace(/^spec(\.|$)/, "");
}

/** Which of the `configs` a layer's label names; -1 if none does. */
function configIndex(layer: string, args: unknown): number {
  const configs = isObject(args) && Array.isArray(args["configs"]) ? args["configs"] : [];
  return configs.findIndex((config) => {
    const metadata = isObject(config) && isObject(config["metadata"]) ? config["metadata"] : undefined;
    return metadata !== undefined && layer.endsWith(`/${asText(metadata["name"])}`);
  });
}

function joined(prefix: string, path: string): string {
  return path === "" ? prefix : `${prefix}.${path}`;
}

function reasonOf({ code, layer, message, fix }: Issue): string {
  const from = layer === "service" || layer === "platform" ? "" : ` (${layer})`;
  return `${code}${from}: ${message}${fix === undefined ? "" : ` — ${fix}`}`;
}
