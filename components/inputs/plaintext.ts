import * as pulumi from "@pulumi/pulumi";
import type { Issue } from "../../core/contract/issues/issue.ts";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";

/** Refuses Secrets with values where they would end up in files. */
export function checkPlaintext(
  objects: readonly KubernetesObject[],
  args: { rendersYaml?: boolean; allowPlaintextSecrets?: boolean },
): Issue[] {
  const rendersYaml = args.rendersYaml ?? new pulumi.Config("kubernetes").get("renderYamlToDirectory") !== undefined;
  if (!rendersYaml || args.allowPlaintextSecrets === true) return [];
  return objects.filter(hasValues).map(({ metadata }) => ({
    code: "Conflict",
    severity: "error",
    path: "allowPlaintextSecrets",
    layer: "service",
    message: `Secret ${metadata.name} contains a private key, which rendered YAML would show`,
    fix: "set settings.tls.secretName to a Secret, set settings.tls.issuerRef to an issuer, or set allowPlaintextSecrets",
  }));
}

function hasValues(object: KubernetesObject): boolean {
  const { data = {}, stringData = {} } = object as { data?: object; stringData?: object };
  return object.kind === "Secret" && Object.keys({ ...data, ...stringData }).length > 0;
}
