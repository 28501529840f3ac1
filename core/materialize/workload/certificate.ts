import { COMPONENT, labelsOf, nameOf } from "../../names.ts";
import type { KubernetesObject } from "../../spec/kubernetes.ts";
import type { MaterializeContext } from "../context.ts";
import { buildSecret } from "../secret.ts";

/** Stands where the certificate and its key will be: the plan is the same each time, so it can make neither. */
export const CERTIFICATE_PLACEHOLDER = "made-when-registered";

/**
 * The Secret with the certificate that engines and scheduler serve TLS with. Its values are placeholders for whoever
 * registers the objects to fill.
 * Source: workload_tls_self_signed.go, KServe v0.20.0.
 */
export function buildCertificate({ service, settings, behaviour }: MaterializeContext): KubernetesObject[] {
  const always = behaviour.certificate === "always";
  if (!always && !settings.enableTLS) return [];
  const { name, namespace } = service.metadata;
  const [expiration = ""] = settings.expirationAnnotations;
  const keys = ["ca.crt", "tls.crt", "tls.key"];
  return [
    buildSecret({
      name: nameOf(name, "certificate"),
      namespace,
      labels: labelsOf(name, COMPONENT.workload),
      annotations: { [expiration]: CERTIFICATE_PLACEHOLDER },
      type: "kubernetes.io/tls",
      stringData: Object.fromEntries(keys.map((key) => [key, CERTIFICATE_PLACEHOLDER])),
    }),
  ];
}

/** The names that a service's certificate must hold: what the gateway and the scheduler reach its pods by. */
export function certificateNames({ service, spec }: Pick<MaterializeContext, "service" | "spec">): string[] {
  const { name, namespace } = service.metadata;
  const { pool } = spec.router?.scheduler ?? {};
  const picker = pool?.ref?.name ? undefined : (pool?.spec?.["endpointPickerRef"] as { name?: string } | undefined);
  const services = [nameOf(name, "workloadService"), picker?.name || nameOf(name, "eppService")];
  return [
    "localhost",
    ...services.flatMap((host) => ["svc", "svc.cluster.local"].map((zone) => `${host}.${namespace}.${zone}`)),
  ];
}
