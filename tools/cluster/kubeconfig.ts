import { writeFileSync } from "node:fs";
import type { Target } from "./client.ts";

export function serverUrl({ host, port }: Target): string {
  return `https://${host}:${port}`;
}

/** Writes a kubeconfig for an API server, or for what stands in front of one, and returns its path. */
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
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return file;
}
