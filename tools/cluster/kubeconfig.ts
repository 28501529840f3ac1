import { randomUUID } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import type { Target } from "./client.ts";

export function serverUrl({ host, port }: Target): string {
  return `https://${host}:${port}`;
}

/**
 * Writes a kubeconfig for an API server, or for what stands in front of one, and returns its path. Processes that read
 * an earlier file at that path while it is written anew see one of the two whole.
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
