import { KINDS, typeMeta } from "../../../contract/kinds.ts";
import type { IssuerReference } from "../../../contract/options/settings.ts";
import { groupOf, type KubernetesObject } from "../../../kubernetes/objects.ts";

/** A Certificate of cert-manager, which makes the Secret of that name and renews it. */
export function buildCertificate(parts: {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  hosts: readonly string[];
  issuer: IssuerReference;
}): KubernetesObject {
  const { name, namespace, labels, hosts, issuer } = parts;
  const { kind = "Issuer", group = groupOf(KINDS.Certificate.apiVersion) } = issuer;
  return {
    ...typeMeta("Certificate"),
    metadata: { name, namespace, labels },
    spec: {
      secretName: name,
      secretTemplate: { labels },
      dnsNames: [...hosts],
      usages: ["digital signature", "key encipherment", "server auth"],
      issuerRef: { group, kind, name: issuer.name },
    },
  };
}
