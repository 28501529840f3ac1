import { resolve } from "node:path";
import { type ClusterClient, connect } from "../../cluster/client.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { isObject, type Json, type JsonObject } from "../../core/kubernetes/json.ts";
import { plannedInputs } from "../../core/views/recovery/lost.ts";
import { isExportedState, type StateResource } from "../../core/views/recovery/state.ts";
import { UnreadableInput } from "../input/input.ts";
import { type StackChoice, succeed } from "./pulumi.ts";

/** The cluster that the options name, otherwise the provider's own. */
export async function clusterOf(
  provider: StateResource | undefined,
  options: StackChoice & ClusterChoice,
): Promise<ClusterClient> {
  const { kubeconfig, context, cwd = "." } = options;
  if (kubeconfig !== undefined || context !== undefined) {
    return connect({ ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) });
  }
  const own = await revealed(provider, options);
  const text = typeof own === "string" && own !== "" ? own : undefined;
  const isDocument = text !== undefined && /\n|^\s*\{/.test(text);
  const chosen = provider?.inputs?.["context"];
  return connect({
    ...(text !== undefined && { kubeconfig: isDocument ? `${text}\n` : resolve(cwd, text) }),
    ...(typeof chosen === "string" && { context: chosen }),
  });
}

/** How `pulumi preview --json` prints a secret. */
const HIDDEN = "[secret]";

/** The provider's kubeconfig; if it is a secret, the stack's passphrase or service decrypts it. */
async function revealed(provider: StateResource | undefined, choice: StackChoice): Promise<Json | undefined> {
  const kubeconfig = provider?.inputs?.["kubeconfig"];
  if (provider === undefined || (kubeconfig !== HIDDEN && !isObject(kubeconfig))) return kubeconfig;
  const text = kubeconfig === HIDDEN ? await fromPreview(provider, choice) : await fromState(provider, choice);
  if (typeof text !== "string")
    throw new UnreadableInput("The provider's kubeconfig cannot be read. Set --kubeconfig.");
  return text;
}

async function fromState({ urn, id }: StateResource, choice: StackChoice): Promise<Json | undefined> {
  const plain: unknown = JSON.parse(await succeed(["stack", "export", "--show-secrets"], choice));
  const resources = isExportedState(plain) ? (plain.deployment.resources ?? []) : [];
  const secret = resources.find((one) => one.urn === urn && one.id === id)?.inputs?.["kubeconfig"];
  const text = isObject(secret) ? secret["plaintext"] : undefined;
  return typeof text === "string" ? (JSON.parse(text) as Json) : undefined;
}

/** For a provider that is not in the state: the lost or empty state of a first run. */
async function fromPreview({ urn }: StateResource, choice: StackChoice): Promise<Json | undefined> {
  const inputs: JsonObject | undefined = plannedInputs(
    JSON.parse(await succeed(["preview", "--json", "--show-secrets"], choice)),
    urn,
  );
  return inputs?.["kubeconfig"];
}
