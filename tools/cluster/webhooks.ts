import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readObjects } from "./crds.ts";
import type { TestObject } from "./objects.ts";
import { asset } from "./tools.ts";
import type { Cluster } from "./types.ts";

export interface Webhook {
  name: string;
  clientConfig: { service?: { path?: string }; url?: string; caBundle?: string };
  rules?: { apiGroups?: string[]; resources?: string[] }[];
  namespaceSelector?: unknown;
  objectSelector?: unknown;
}

interface Served {
  /** Prefix of the name of each object, because several controllers use the same names. */
  prefix: string;
  /** The port on which the controller listens. */
  url: string;
  /** Changes a webhook; the webhook is left out if this returns undefined. */
  change: (webhook: Webhook) => Webhook | undefined;
}

/**
 * A folder with the certificate of the API server in the form that controllers read: it is valid for loopback, where
 * the controllers run too.
 */
export function certificateFolder({ dir, certificate, target }: Cluster, name: string): string {
  const folder = join(dir, `${name}-certs`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(certificate.key, join(folder, "tls.key"));
  copyFileSync(certificate.cert, join(folder, "tls.crt"));
  writeFileSync(join(folder, "ca.crt"), target.ca);
  return folder;
}

/** Installs a controller's webhooks, reached by URL on loopback: there is no Service network here. */
export async function installWebhooks(cluster: Cluster, file: string, { prefix, url, change }: Served): Promise<void> {
  const caBundle = Buffer.from(cluster.target.ca).toString("base64");
  const reached = (object: TestObject): TestObject => ({
    ...object,
    metadata: { ...object.metadata, name: `${prefix}-${object.metadata.name}` },
    webhooks: (object["webhooks"] as Webhook[])
      .map(change)
      .filter((webhook) => webhook !== undefined)
      .map((webhook) => ({
        ...webhook,
        clientConfig: { url: `${url}${webhook.clientConfig.service?.path ?? ""}`, caBundle },
      })),
  });
  await cluster.apply(readObjects(asset(file)).map(reached));
}
