import { CERTIFICATE_KEY, COMPONENT, labelsOf, nameOf } from "../../../contract/names.ts";
import type { Settings } from "../../../contract/options/settings.ts";
import { hasTokenizer } from "../../../knowledge/scheduler/config.ts";
import { subdomainProblem } from "../../../kubernetes/dns.ts";
import type { KubernetesObject } from "../../../kubernetes/objects.ts";
import type { MaterializeContext } from "../context.ts";
import { refusal } from "../issues.ts";
import { buildCertificate } from "../kinds/certificate.ts";
import { buildSecret } from "../kinds/secret.ts";

/** Placeholder for the certificate and its key: a plan always returns the same objects, so it cannot make either. */
export const CERTIFICATE_PLACEHOLDER = "made-when-registered";

/**
 * The objects of the certificate for TLS: a Certificate of cert-manager, a Secret of this package, or nothing if the
 * Secret is the user's.
 */
export function buildServingCertificate(context: MaterializeContext): KubernetesObject[] {
  const { settings, behaviour } = context;
  if (behaviour.certificate === "always") return [ownSecret(context)];
  if (!settings.enableTLS) return [];
  const { secretName, issuerRef } = checkedTls(settings, context);
  if (secretName !== undefined) return [];
  if (issuerRef === undefined) return [ownSecret(context)];
  const { name, namespace } = context.service.metadata;
  const labels = labelsOf(name, COMPONENT.workload);
  const hosts = certificateNames(context);
  return [buildCertificate({ name: nameOf(name, "certificate"), namespace, labels, hosts, issuer: issuerRef })];
}

/**
 * The Secret of a certificate of this package. Its values are placeholders, which are filled when the objects are registered.
 * Source: workload_tls_self_signed.go, KServe v0.20.0.
 */
function ownSecret({ service, settings }: MaterializeContext): KubernetesObject {
  const { name, namespace } = service.metadata;
  const [expiration = ""] = settings.expirationAnnotations;
  const keys = Object.values(CERTIFICATE_KEY);
  return buildSecret({
    name: nameOf(name, "certificate"),
    namespace,
    labels: labelsOf(name, COMPONENT.workload),
    annotations: { [expiration]: CERTIFICATE_PLACEHOLDER },
    type: "kubernetes.io/tls",
    stringData: Object.fromEntries(keys.map((key) => [key, CERTIFICATE_PLACEHOLDER])),
  });
}

/** The settings of TLS, after missing and duplicate ones are reported. */
function checkedTls({ tls = {} }: Settings, { report }: MaterializeContext): NonNullable<Settings["tls"]> {
  const sources = (["secretName", "issuerRef", "renewal"] as const).filter((field) => tls[field] !== undefined);
  if (sources.length > 1) {
    const message = `${sources.join(" and ")} cannot be set together: a certificate has one source`;
    report({
      ...refusal("Conflict", "settings.tls", message, `remove all but one of ${sources.join(", ")}`),
      layer: "settings",
    });
  }
  const named = { secretName: tls.secretName, "issuerRef.name": tls.issuerRef && (tls.issuerRef.name ?? "") };
  for (const [field, name] of Object.entries(named)) {
    const problem = name === undefined ? undefined : name === "" ? "the value is empty" : subdomainProblem(name);
    if (problem === undefined) continue;
    const message = `${JSON.stringify(name)} is not a valid name: ${problem}`;
    report({ ...refusal("InvalidValue", `settings.tls.${field}`, message, "write a valid name"), layer: "settings" });
  }
  return tls;
}

/**
 * The names that a service's certificate must contain: those under which the gateway and the scheduler connect to its
 * pods.
 */
export function certificateNames({
  service,
  spec,
  behaviour,
}: Pick<MaterializeContext, "service" | "spec" | "behaviour">): string[] {
  const { name, namespace } = service.metadata;
  const { pool } = spec.router?.scheduler ?? {};
  const picker = pool?.ref?.name ? undefined : (pool?.spec?.["endpointPickerRef"] as { name?: string } | undefined);
  const services = [
    nameOf(name, "workloadService"),
    picker?.name || nameOf(name, "eppService"),
    ...(hasTokenizer(spec, behaviour) ? [nameOf(name, "tokenizer")] : []),
  ];
  return [
    "localhost",
    ...services.flatMap((host) => ["svc", "svc.cluster.local"].map((zone) => `${host}.${namespace}.${zone}`)),
  ];
}
