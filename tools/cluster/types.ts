import type { Answer, Body, Target } from "./client.ts";
import type { Certificate } from "./control-plane.ts";
import type { TestObject } from "./objects.ts";

export interface Cluster {
  /** Path of a kubeconfig with all rights. */
  kubeconfig: string;
  server: string;
  token: string;
  target: Target;
  certificate: Certificate;
  dir: string;
  request<T = Body>(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer<T>>;
  /** Creates or replaces by server-side apply; throws on a refusal. */
  apply(objects: readonly TestObject[]): Promise<void>;
  /** Kills the API server, and starts it again after a pause; resolves when it is ready. */
  restartApiServer(pauseMs: number): Promise<void>;
  stop(): Promise<void>;
}
