import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { asText, type JsonObject, jsonOf, objectOf, objectsOf, valueAt } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import type { Engine } from "../engine.ts";

export const CONNECTOR = "kv-transfer-config";

export interface Connector {
  name: string;
  role: string;
  /** Whether the two sides refuse each other if their settings differ. */
  enforces: boolean;
}

/**
 * The value of a flag that takes JSON, or the same written key by key (`--flag.key=value`); undefined for a text that
 * is not an object.
 */
export function jsonFlag({ args }: Pick<Engine, "args">, flag: string): JsonObject | undefined {
  return jsonOf(flagValue(args, flag));
}

/** The connectors with which an engine moves KV cache; several if MultiConnector combines them. */
export function connectorsOf(engine: Pick<Engine, "args">): Connector[] {
  const config = jsonFlag(engine, CONNECTOR) ?? {};
  const inner = objectsOf(valueAt(config, ["kv_connector_extra_config", "connectors"]));
  const all = config["kv_connector"] === "MultiConnector" ? inner : [config];
  return all.flatMap((one) => {
    const { kv_connector: name, kv_role: role, kv_connector_extra_config: extra } = one;
    if (typeof name !== "string") return [];
    const enforced = objectOf(extra)["enforce_handshake_compat"];
    return [
      {
        name: entryOf(OTHER_NAMES, name) ?? name,
        role: asText(role ?? "kv_both"),
        enforces: asText(enforced).toLowerCase() !== "false",
      },
    ];
  });
}

/** Other names of one connector: NixlConnector is the one that pulls. Source: vllm/distributed/kv_transfer/kv_connector/v1/nixl/connector.py, 0.24.0 to 0.33.0. */
const OTHER_NAMES: Readonly<Record<string, string>> = { NixlPullConnector: "NixlConnector" };

/** Connectors that keep cache on the pod's own node: they transfer nothing to another pod. */
const LOCAL = new Set(["OffloadingConnector", "SimpleCPUOffloadConnector"]);

/** The connectors that transfer KV cache to other pods. */
export function handingConnectors(engine: Pick<Engine, "args">): Connector[] {
  return connectorsOf(engine).filter(({ name }) => !LOCAL.has(name));
}
