import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { crds } from "../../core/api/crd/crd.ts";
import { eventually } from "./client.ts";
import type { TestObject } from "./objects.ts";
import { asset } from "./tools.ts";
import type { Cluster } from "./types.ts";

export type CrdSet = "kserve" | "gateway" | "inference" | "keda" | "prometheus" | "lws" | "kueue" | "cert-manager";

/**
 * The CRDs of a project of which the tests only make some kinds: the others are large, and take the API server seconds.
 */
const NEEDED: Partial<Record<CrdSet, RegExp>> = {
  gateway: /_(gatewayclasses|gateways|httproutes)\.yaml$/,
  prometheus: /_(podmonitors|prometheusrules|servicemonitors)\.yaml$/,
};

/** Keywords whose value is not a schema. */
const VALUES = new Set(["default", "enum", "example"]);

/**
 * A schema without its descriptions: they are three quarters of it, which the API server would parse, merge and write
 * several times.
 */
function withoutTexts(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutTexts);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== "description" || typeof value !== "string");
  return Object.fromEntries(kept.map(([key, value]) => [key, VALUES.has(key) ? value : withoutTexts(value)]));
}

/** Installs the CRDs of a project and waits until the API server serves them. */
export async function installCrds(cluster: Pick<Cluster, "request" | "apply">, set: CrdSet): Promise<void> {
  const objects = set === "kserve" ? crds() : crdsOf(set);
  await cluster.apply(objects.map((object) => withoutTexts(object) as TestObject));
  for (const { metadata } of objects) await crdEstablished(cluster, metadata.name);
}

function crdsOf(set: CrdSet): TestObject[] {
  const folder = asset(`crds/${set}`);
  const files = readdirSync(folder).filter((name) => (NEEDED[set] ?? /\.ya?ml$/).test(name));
  return files
    .flatMap((name) => readObjects(join(folder, name)))
    .filter(({ kind }) => kind === "CustomResourceDefinition");
}

/** Waits until the API server serves a kind. */
export function crdEstablished(cluster: Pick<Cluster, "request">, name: string): Promise<true> {
  return eventually(`CRD ${name}`, async () => {
    const { body } = await cluster.request("GET", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`);
    const conditions = body.status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === "Established" && status === "True") ? true : undefined;
  });
}

/** The objects of a YAML file of one or more documents. */
export function readObjects(file: string): TestObject[] {
  return parseAllDocuments(readFileSync(file, "utf8"))
    .map((document) => ("toJS" in document ? (document.toJS() as TestObject | null) : null))
    .filter((object) => object !== null);
}
