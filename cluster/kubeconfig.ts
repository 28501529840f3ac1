import { existsSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { ClusterError } from "./error.ts";

/** Which cluster to read. */
export interface ClusterChoice {
  /** A kubeconfig: the path of one, or its text. Default: `$KUBECONFIG`, else `~/.kube/config`. */
  kubeconfig?: string;
  /** One of its contexts. Default: its current one. */
  context?: string;
}

/** The address of an API server, and the identity for it. */
export interface Access {
  server: string;
  context: string;
  /** The namespace of the context. */
  namespace?: string;
  /** What a request must carry: certificates, proxy and credentials, fetched again once they have expired. */
  options(): Promise<RequestOptions>;
}

/** Pods with a service account get the address of the API server in this variable. */
const IN_CLUSTER = "KUBERNETES_SERVICE_HOST";

/**
 * Reads a kubeconfig with Kubernetes' own client, which supports merged files, credential plugins, OpenID and
 * proxies. The library is loaded here, on use: it takes about 0.4 s of CPU and 80 MB, which other commands do not need.
 */
export async function readKubeconfig(choice: ClusterChoice = {}): Promise<Access> {
  const { KubeConfig } = await import("./library.ts");
  const config = new KubeConfig();
  const source = load(config, choice);
  if (choice.context !== undefined) config.setCurrentContext(choice.context);
  const context = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  if (cluster === null || cluster === undefined) {
    const known = config.getContexts().map(({ name }) => name);
    const has = known.length > 0 ? `it has ${known.join(", ")}` : "it has no contexts";
    const wanted = context ? `context ${JSON.stringify(context)} with a cluster` : "current context";
    throw new ClusterError(`${source} has no ${wanted}: ${has}.`);
  }
  const namespace = config.getContextObject(context)?.namespace;
  const server = cluster.server.replace(/\/$/, "");
  return { server, context, ...(namespace && { namespace }), options: () => optionsOf(config, source) };
}

/** Fills the configuration, and returns what messages call its source. */
function load(config: KubeConfig, { kubeconfig }: ClusterChoice): string {
  if (kubeconfig?.includes("\n")) {
    reading("The kubeconfig", () => config.loadFromString(kubeconfig));
    return "The kubeconfig";
  }
  if (kubeconfig !== undefined) {
    if (!existsSync(kubeconfig)) throw missing(kubeconfig);
    reading(kubeconfig, () => config.loadFromFile(kubeconfig));
    return kubeconfig;
  }
  const named = (process.env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  const files = named.length > 0 ? named : [join(homedir(), ".kube/config")];
  const absent = files.find((file) => !existsSync(file));
  const inCluster = named.length === 0 && process.env[IN_CLUSTER] !== undefined;
  if (absent !== undefined && !inCluster) throw missing(absent);
  const source = inCluster && absent !== undefined ? "The pod's service account" : files.join(delimiter);
  reading(source, () => config.loadFromDefault());
  return source;
}

function missing(file: string): ClusterError {
  return new ClusterError(
    `The kubeconfig ${file} does not exist. Name an existing kubeconfig, for example in KUBECONFIG.`,
  );
}

function reading(source: string, read: () => void): void {
  try {
    read();
  } catch (error) {
    throw new ClusterError(`${source} cannot be read: ${(error as Error).message}`);
  }
}

async function optionsOf(config: KubeConfig, source: string): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
    return options;
  } catch (error) {
    throw new ClusterError(`${source}: the credentials cannot be obtained: ${(error as Error).message}`);
  }
}
