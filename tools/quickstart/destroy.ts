import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { QuickstartError } from "./error.ts";
import { type ClusterClient, currentCluster } from "./kubernetes.ts";
import { recover } from "./recover.ts";
import { show, unlock } from "./up.ts";
import { type Places, type Target, withWorkspace } from "./workspace.ts";

const GROUP = "serving.kserve.io";
const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const PLURALS = ["llminferenceservices", "llminferenceserviceconfigs"];
/** The field manager with which Platform creates objects that others may use too. */
const MANAGER = "pulumi-kserve-llm";
const NAMESPACE = "kserve";

/** Removes what the quickstart made. The CRDs are only removed on request, and only if no object of them is left. */
export async function takeDown(options: { cluster: boolean; crds: boolean } & Places): Promise<void> {
  const target: Target = options.cluster ? "cluster" : "yaml";
  await withWorkspace(target, options, async (workspace) => {
    const cluster = options.cluster ? await currentCluster() : undefined;
    const ours = cluster !== undefined && (await isOurs(cluster));
    await unlock(workspace);
    await recover(workspace);
    await workspace.stack.destroy({ onOutput: show, onError: show, color: "never", suppressProgress: true });
    if (cluster === undefined) say(options.crds ? removeRenderedCrds(workspace.rendered) : KEPT);
    else {
      if (ours) say(await removeNamespace(cluster));
      say(options.crds ? await removeCrds(cluster) : KEPT);
    }
  });
}

const KEPT = "The CRDs are kept, because other services may need them. Delete them with --destroy --crds.";

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function removeRenderedCrds(rendered: string): string {
  const folder = join(rendered, "0-crd");
  if (existsSync(folder)) {
    for (const name of readdirSync(folder)) if (name.includes(GROUP)) rmSync(join(folder, name));
  }
  return "The CRDs are deleted.";
}

/** Whether the quickstart made the system namespace: then only the platform's manager ever wrote it. */
async function isOurs(cluster: ClusterClient): Promise<boolean> {
  const found = await cluster.get(`/api/v1/namespaces/${NAMESPACE}`);
  const fields = (found?.["metadata"] as { managedFields?: { manager?: string }[] } | undefined)?.managedFields;
  return fields !== undefined && fields.length > 0 && fields.every(({ manager }) => manager === MANAGER);
}

/** Deletes the namespace if it only contains what Kubernetes itself adds to every namespace. */
async function removeNamespace(cluster: ClusterClient): Promise<string> {
  const left = await cluster.objectsIn(NAMESPACE);
  const others = left.filter(({ kind, name }) => !IN_EVERY_NAMESPACE.has(`${kind}/${name}`) && kind !== "Event");
  if (others.length > 0) {
    const names = others.slice(0, 5).map(({ kind, name }) => `${kind} ${name}`);
    return `The namespace ${NAMESPACE} is kept, because it contains ${names.join(", ")}${others.length > 5 ? ", …" : ""}.`;
  }
  await cluster.delete(`/api/v1/namespaces/${NAMESPACE}`);
  await gone(cluster, `/api/v1/namespaces/${NAMESPACE}`);
  return `The namespace ${NAMESPACE} was empty and is deleted.`;
}

const PATIENCE_MS = 180_000;

/** Waits until an object that is being deleted is gone, so that the next run does not find it. */
async function gone(cluster: ClusterClient, path: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while ((await cluster.get(path)) !== undefined) {
    if (Date.now() > deadline) {
      throw new QuickstartError(`${path} is being deleted, but still exists after three minutes.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const IN_EVERY_NAMESPACE: ReadonlySet<string> = new Set(["ServiceAccount/default", "ConfigMap/kube-root-ca.crt"]);

async function removeCrds(cluster: ClusterClient): Promise<string> {
  const lines: string[] = [];
  for (const plural of PLURALS) {
    const list = await cluster.get(`/apis/${GROUP}/v1alpha2/${plural}`);
    const items = (list?.["items"] ?? []) as { metadata: { namespace: string; name: string } }[];
    if (items.length > 0) {
      const names = items.slice(0, 5).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
      lines.push(`The CRD ${plural}.${GROUP} is kept: ${items.length} objects of it are left (${names.join(", ")}).`);
    } else {
      await cluster.delete(`${CRDS}/${plural}.${GROUP}`);
      await gone(cluster, `${CRDS}/${plural}.${GROUP}`);
      lines.push(`The CRD ${plural}.${GROUP} is deleted.`);
    }
  }
  return lines.join("\n");
}
