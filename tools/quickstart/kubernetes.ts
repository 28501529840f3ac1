import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { request } from "node:https";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { QuickstartError } from "./error.ts";

/** The few requests that the quickstart makes itself, beside the engine: it looks before it deletes what others may use. */
export interface ClusterClient {
  server: string;
  /** The document at a path of the API; undefined where there is none. */
  get(path: string): Promise<Record<string, unknown> | undefined>;
  delete(path: string): Promise<void>;
  /** Everything in a namespace, of whatever kind the API server lists. */
  objectsIn(namespace: string): Promise<{ kind: string; name: string }[]>;
}

interface Named<T> {
  name: string;
  value: T;
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
interface Credentials {
  token?: string;
  cert?: Buffer;
  key?: Buffer;
}
const TIMEOUT_MS = 15_000;

/** The cluster of the current kubeconfig: `$KUBECONFIG` (its first file), else `~/.kube/config`. */
export function currentCluster(): ClusterClient {
  const file =
    (process.env["KUBECONFIG"] ?? "").split(":").find((path) => path !== "") ?? join(homedir(), ".kube/config");
  if (!existsSync(file)) throw new QuickstartError(`There is no kubeconfig at ${file}: set KUBECONFIG to one.`);
  const config = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const context = named<{ cluster: string; user: string }>(
    config,
    "contexts",
    "context",
    String(config["current-context"]),
  );
  const cluster = named<ClusterEntry>(config, "clusters", "cluster", context.cluster);
  const user = named<UserEntry>(config, "users", "user", context.user);
  return client(cluster, credentials(user, dirname(file)), dirname(file));
}

function named<T>(config: Record<string, unknown>, list: string, field: string, name: string): T {
  const entries = (config[list] ?? []) as (Named<T> & Record<string, T>)[];
  const found = entries.find((entry) => entry.name === name)?.[field];
  if (found === undefined) throw new QuickstartError(`The kubeconfig has no ${field} ${JSON.stringify(name)}.`);
  return found;
}

function material(data: string | undefined, path: string | undefined, base: string): Buffer | undefined {
  if (data !== undefined) return Buffer.from(data, "base64");
  return path === undefined ? undefined : readFileSync(resolve(base, path));
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

function client(cluster: ClusterEntry, { token, cert, key }: Credentials, base: string): ClusterClient {
  const ca = material(cluster["certificate-authority-data"], cluster["certificate-authority"], base);
  const send = cluster.server.startsWith("http:") ? plainRequest : request;
  const tls = { ca, cert, key, rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true };
  const headers = { accept: "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const call = (method: string, path: string): Promise<{ status: number; body: Record<string, unknown> }> =>
    new Promise((done, fail) => {
      const url = `${cluster.server.replace(/\/$/, "")}${path}`;
      const sent = send(url, { method, headers, timeout: TIMEOUT_MS, ...tls }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => done({ status: response.statusCode ?? 0, body: read(Buffer.concat(chunks)) }));
      });
      sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
      sent.on("error", fail);
      sent.end();
    });
  const get = async (path: string): Promise<Record<string, unknown> | undefined> => {
    const { status, body } = await call("GET", path);
    if (status === 404) return undefined;
    if (status >= 300) throw new QuickstartError(`${path}: ${status} ${String(body["message"] ?? "")}`);
    return body;
  };
  return {
    server: cluster.server,
    get,
    delete: async (path) => {
      const { status, body } = await call("DELETE", path);
      if (status >= 300 && status !== 404)
        throw new QuickstartError(`${path}: ${status} ${String(body["message"] ?? "")}`);
    },
    objectsIn: (namespace) => objectsIn(get, namespace),
  };
}

function read(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  } catch {
    return { message: body.toString("utf8").slice(0, 200) };
  }
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

async function objectsIn(get: ClusterClient["get"], namespace: string): Promise<{ kind: string; name: string }[]> {
  const groups = ((await get("/apis"))?.["groups"] ?? []) as { preferredVersion: { groupVersion: string } }[];
  const roots = ["/api/v1", ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const found: { kind: string; name: string }[] = [];
  for (const root of roots) {
    const resources = ((await get(root))?.["resources"] ?? []) as ApiResource[];
    const listed = resources.filter(
      ({ name, namespaced, verbs }) => namespaced && verbs.includes("list") && !name.includes("/"),
    );
    for (const { name, kind } of listed) {
      const items = ((await get(`${root}/namespaces/${namespace}/${name}`))?.["items"] ?? []) as {
        metadata: { name: string };
      }[];
      found.push(...items.map(({ metadata }) => ({ kind, name: metadata.name })));
    }
  }
  return found;
}
