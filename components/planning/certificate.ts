import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../../core/kubernetes/objects.ts";
import { CERTIFICATE_PLACEHOLDER } from "../../core/stages/materialize/workload/certificate.ts";
import type { Planned } from "../inputs/restore.ts";
import { withAnnotations } from "../resources/await.ts";

/** The validity of KServe's own certificate: ten years, to be renewed when a fifth of that is left. */
const YEARS = 10;
const YEARS_BEFORE_RENEWAL = 8;
const DAY_MS = 24 * 60 * 60 * 1000;
/** The clock of a node may be behind. */
const EARLIER_MS = DAY_MS;
const KEY_BITS = 2048;

/**
 * What the certificate in the Secret was made for: its host names, and the value of `renewal`. A change here makes a
 * new certificate.
 */
export const MADE_FOR = "kserve-llm/certificate-for";

/** Three PEM texts. The key that signed `cert` is in none of them and is kept nowhere. */
export interface ServingCertificate {
  ca: string;
  cert: string;
  key: string;
  /** When the certificate should be replaced, in the format of RFC 3339. */
  renewBy: string;
}

/**
 * A certificate for these hosts, signed by an authority that can sign no other: clients that trust `ca` trust this one
 * server with it. Node's crypto makes keys but not certificates, so node-forge makes them; it is loaded on first use.
 */
export async function issueCertificate(hosts: readonly string[], now = new Date()): Promise<ServingCertificate> {
  const { default: forge } = await import("node-forge");
  const [authority, server] = await Promise.all([keyPair(), keyPair()]);
  const after = (ms: number): Date => new Date(now.getTime() + ms);
  const name = [{ name: "organizationName", value: "kserve-llm" }];
  const issuer = [...name, { name: "commonName", value: `${hosts.at(-1)} authority` }];
  const make = (subject: typeof name, key: string, extensions: object[]): string => {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = forge.pki.publicKeyFromPem(key);
    // Positive, and of no more than the 20 bytes that RFC 5280 allows.
    certificate.serialNumber = `01${randomBytes(16).toString("hex")}`;
    certificate.validity.notBefore = after(-EARLIER_MS);
    certificate.validity.notAfter = after(YEARS * 365 * DAY_MS);
    certificate.setSubject(subject);
    certificate.setIssuer(issuer);
    certificate.setExtensions(extensions);
    certificate.sign(forge.pki.privateKeyFromPem(authority.privateKey), forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
  };
  const ca = make(issuer, authority.publicKey, [
    { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
    { name: "keyUsage", keyCertSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  const cert = make(name, server.publicKey, [
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: hosts.map((value) => ({ type: 2, value })) },
  ]);
  return { ca, cert, key: server.privateKey, renewBy: after(YEARS_BEFORE_RENEWAL * 365 * DAY_MS).toISOString() };
}

function keyPair(): Promise<{ publicKey: string; privateKey: string }> {
  return promisify(generateKeyPair)("rsa", {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

/** Whether a Secret waits for its certificate. */
function isUnfilled({ kind, ...object }: KubernetesObject): boolean {
  const { stringData = {} } = object as { stringData?: Record<string, unknown> };
  return kind === "Secret" && Object.values(stringData).includes(CERTIFICATE_PLACEHOLDER);
}

/** The objects, with the purpose of the certificate noted on each Secret that waits for one. */
export function withPurpose(
  objects: readonly KubernetesObject[],
  hosts: readonly string[],
  renewal: string | undefined,
): KubernetesObject[] {
  const purpose = [...hosts, ...(renewal ? [renewal] : [])].join(" ");
  return objects.map((object) => (isUnfilled(object) ? withAnnotations(object, { [MADE_FOR]: purpose }) : object));
}

/** A Secret that waits for its certificate, with a new certificate; the one in the state wins over it. */
export function withCertificate({ planned, inputs, ...others }: Planned, hosts: readonly string[]): Planned {
  if (!isUnfilled(planned)) return { planned, inputs, ...others };
  const issued = pulumi.secret(issueCertificate(hosts));
  const base64 = (field: "ca" | "cert" | "key"): pulumi.Output<string> =>
    issued.apply((made) => Buffer.from(made[field]).toString("base64"));
  const renewBy = pulumi.unsecret(issued.apply((made) => made.renewBy));
  const isDate = ([, value]: [string, unknown]): boolean => value === CERTIFICATE_PLACEHOLDER;
  const dates = Object.entries(planned.metadata.annotations ?? {}).filter(isDate);
  const { annotations, ...metadata } = inputs["metadata"] as { annotations: pulumi.Input<Record<string, string>> };
  const dated = Object.fromEntries(dates.map(([key]) => [key, renewBy]));
  const { stringData: _placeholders, ...rest } = inputs;
  const data = { "ca.crt": base64("ca"), "tls.crt": base64("cert"), "tls.key": base64("key") };
  return {
    planned,
    inputs: { ...rest, metadata: { ...metadata, annotations: laid(annotations, dated) }, data },
    ...others,
  };
}

/** A map with entries laid over it; one that is a secret as a whole stays so. */
function laid(map: pulumi.Input<Record<string, string>>, over: Record<string, pulumi.Output<string>>): unknown {
  if (!pulumi.Output.isInstance(map)) return { ...map, ...over };
  return pulumi.all([map, pulumi.output(over)]).apply(([below, above]) => ({ ...below, ...above }));
}

/**
 * How a certificate of this package is registered: a later run keeps the one in the state, and only a change of {@link
 * MADE_FOR} replaces the Secret. Undefined for any other object.
 */
export function certificateOptions(
  { metadata }: KubernetesObject,
  inputs?: pulumi.Inputs,
): pulumi.CustomResourceOptions | undefined {
  const { [MADE_FOR]: madeFor, ...dated } = metadata.annotations ?? {};
  if (madeFor === undefined) return undefined;
  const at = (key: string): string => `metadata.annotations[${JSON.stringify(key)}]`;
  // Keys that depend on a secret are left out, because the state stores resource options in plain text.
  const isSecret = pulumi.Output.isInstance((inputs?.["metadata"] as pulumi.Inputs | undefined)?.["annotations"]);
  return {
    ignoreChanges: ["data", ...(isSecret ? ["metadata.annotations"] : Object.keys(dated).map(at))],
    replaceOnChanges: [at(MADE_FOR)],
    deleteBeforeReplace: true,
  };
}
