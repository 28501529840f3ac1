import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** A cluster that cannot be reached, or does not answer as a cluster does. The message says what is wrong. */
export class ClusterError extends Error {}

/** How to reach an API server, and as whom. */
export interface Access {
  server: string;
  token?: string;
  tls: { ca?: Buffer; cert?: Buffer; key?: Buffer; rejectUnauthorized: boolean };
}

interface ClusterEntry {
  server: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
}
interface UserEntry {
  token?: string;
  tokenFile?: string;
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  exec?: { command: string; args?: string[]; env?: { name: string; value: string }[]; apiVersion: string };
}

/** The current context's cluster: of `$KUBECONFIG` (its first file), else of `~/.kube/config`. */
export function readKubeconfig(): Access {
  const first = (process.env["KUBECONFIG"] ?? "").split(":").find((path) => path !== "");
  const file = first ?? join(homedir(), ".kube/config");
  if (!existsSync(file)) throw new ClusterError(`There is no kubeconfig at ${file}: set KUBECONFIG to one.`);
  const config = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const current = String(config["current-context"]);
  const context = named<{ cluster: string; user: string }>(config, "contexts", "context", current);
  const base = dirname(file);
  const cluster = named<ClusterEntry>(config, "clusters", "cluster", context.cluster);
  const { token, cert, key } = credentials(named<UserEntry>(config, "users", "user", context.user), base);
  const ca = material(cluster["certificate-authority-data"], cluster["certificate-authority"], base);
  const rejectUnauthorized = cluster["insecure-skip-tls-verify"] !== true;
  return { server: cluster.server.replace(/\/$/, ""), token, tls: { ca, cert, key, rejectUnauthorized } };
}

function named<T>(config: Record<string, unknown>, list: string, field: string, name: string): T {
  const entries = (config[list] ?? []) as ({ name: string } & Record<string, T>)[];
  const found = entries.find((entry) => entry.name === name)?.[field];
  if (found === undefined) throw new ClusterError(`The kubeconfig has no ${field} ${JSON.stringify(name)}.`);
  return found;
}

function material(data: string | undefined, path: string | undefined, base: string): Buffer | undefined {
  if (data !== undefined) return Buffer.from(data, "base64");
  return path === undefined ? undefined : readFileSync(resolve(base, path));
}

interface Credentials {
  token?: string;
  cert?: Buffer;
  key?: Buffer;
}

function credentials(user: UserEntry, base: string): Credentials {
  if (user.exec !== undefined) return fromPlugin(user.exec);
  const token = user.token ?? (user.tokenFile && readFileSync(resolve(base, user.tokenFile), "utf8").trim());
  return {
    ...(token && { token }),
    cert: material(user["client-certificate-data"], user["client-certificate"], base),
    key: material(user["client-key-data"], user["client-key"], base),
  };
}

/** Runs a credential plugin, as clouds use them, by Kubernetes' client authentication protocol. */
function fromPlugin({ command, args = [], env = [], apiVersion }: NonNullable<UserEntry["exec"]>): Credentials {
  const extra = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive: false } });
  const out = execFileSync(command, args, {
    env: { ...process.env, ...extra, KUBERNETES_EXEC_INFO: info },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { status } = JSON.parse(out.toString("utf8")) as {
    status?: { token?: string; clientCertificateData?: string; clientKeyData?: string };
  };
  return {
    token: status?.token,
    ...(status?.clientCertificateData && { cert: Buffer.from(status.clientCertificateData) }),
    ...(status?.clientKeyData && { key: Buffer.from(status.clientKeyData) }),
  };
}
