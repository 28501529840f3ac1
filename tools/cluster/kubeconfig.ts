import { randomUUID } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import type { Target } from "./client.ts";

export function serverUrl({ host, port }: Target): string {
  return `https://${host}:${port}`;
}

/**
 * Writes a kubeconfig for an API server, or for a proxy in front of one, and returns its path. A process that reads the
 * file while it is rewritten sees either the old or the new content.
 */
export function writeKubeconfig(file: string, target: Target): string {
  const cluster = {
    server: serverUrl(target),
    "certificate-authority-data": Buffer.from(target.ca).toString("base64"),
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster }],
    users: [{ name: "admin", user: { token: target.token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
    "current-context": "test",
  };
  const whole = `${file}.${randomUUID()}`;
  writeFileSync(whole, JSON.stringify(config, null, 2), { mode: 0o600 });
  renameSync(whole, file);
  return file;
}
