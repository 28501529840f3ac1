import { roleAt } from "../../../contract/role.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { CONFIG_PATH, configPath, startingConfig } from "../../../knowledge/scheduler/config.ts";
import { objectsOf, textsOf } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { hasFastNetwork } from "../devices/devices.ts";
import { type Engine, numberOf } from "../engine.ts";
import { flagAt } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";
import { sidecarIn } from "../network/listeners.ts";
import { engineFixes } from "../network/ports.ts";
import { CONNECTOR, type Connector, connectorsOf, handingConnectors } from "./connectors.ts";
import { judgeHandshake, type Pair } from "./handshake.ts";

/** What prefill and decode must agree on. Otherwise decode silently recomputes every prompt. */
export const ROLES_CHECK: Check = {
  name: "prefill can hand its KV cache to decode",
  source:
    "NixlConnector's handshake (vllm/distributed/kv_transfer/kv_connector/v1/nixl), llm-d's sidecar and scheduler",
  codes: ["RolesDisagree"],
  judge: (subject) => {
    const [decode, prefill] = (["main", "prefill"] as const).map((role) =>
      subject.engines.find((one) => one.role === role && one.pod === "template" && one.isVllm),
    );
    if (decode === undefined || prefill === undefined) return [];
    const pair = { decode, prefill, subject };
    return [
      ...judgeConnectors(pair),
      ...judgeHandshake(pair),
      ...judgeNetworks(pair),
      ...judgeLengths(pair),
      ...judgeSidecar(pair),
      ...judgeScheduler(subject),
    ];
  },
};

/**
 * One role has a device for RDMA and the other does not: their transfer then uses TCP, because NIXL uses what both
 * have.
 */
function judgeNetworks({ decode, prefill }: Pair): CheckFinding[] {
  const pair = [decode, prefill];
  const [without, ...others] = pair.filter((one) => !(hasFastNetwork(one) || one.podSpec.hostNetwork === true));
  if (without === undefined || others.length > 0) return [];
  const [own, other] = without.role === "main" ? ["decode", "prefill"] : ["prefill", "decode"];
  const path = `${roleAt(without.role)}.network`;
  return [
    {
      code: "RolesDisagree",
      severity: "info",
      path,
      layer: "merged",
      message: `the pods of ${other} request an RDMA device, but those of ${own} do not, so the KV cache is transferred over TCP`,
      fix: `set ${path}.rdma too: each role has its own setting`,
    },
  ];
}

const LENGTH = "max-model-len";

/** Every prompt goes to prefill first, which refuses one that is longer than its own context. */
function judgeLengths({ decode, prefill, subject }: Pair): CheckFinding[] {
  if (subject.spec.router?.scheduler === undefined) return [];
  const lengthOf = (engine: Engine): number | undefined =>
    flagValue(engine.args, LENGTH) === undefined && flagValue(engine.args, "config") === undefined
      ? servedModel(subject)?.maxPositions
      : numberOf(engine, LENGTH);
  const [own, other] = [decode, prefill].map(lengthOf);
  if (own === undefined || other === undefined || other >= own) return [];
  return [
    {
      code: "RolesDisagree",
      severity: "warning",
      path: flagPathOf(prefill, LENGTH),
      layer: layerOfFlag(subject, prefill, LENGTH),
      message: `prefill takes ${other} tokens of context, but decode takes ${own}: prompts of more than ${other} tokens fail on prefill`,
      fix: `set --${LENGTH} of prefill to ${own}, or that of decode to ${other}`,
    },
  ];
}

function judgeConnectors({ decode, prefill, subject }: Pair): CheckFinding[] {
  const sides = [decode, prefill].map((engine) => ({ engine, own: handingConnectors(engine) }));
  const without = sides.find(({ own }) => own.length === 0);
  if (without !== undefined) {
    const { engine } = without;
    const message = `${roleOf(engine)} has no KV connector, so it cannot transfer its KV cache`;
    const found = finding(engine, subject, message, `set --${CONNECTOR} on both roles, as the presets do`);
    // A configuration file may set it.
    return [
      flagValue(engine.args, "config") === undefined ? withFlag(found, engine) : { ...found, severity: "warning" },
    ];
  }
  const [ofDecode, ofPrefill] = sides.map(({ own }) => own) as [Connector[], Connector[]];
  const shared = ofDecode.flatMap((one) =>
    ofPrefill.filter(({ name }) => name === one.name).map((other) => [one, other]),
  );
  if (shared.length === 0) {
    const names = (all: Connector[]): string => all.map(({ name }) => name).join(", ");
    const message = `decode uses the KV connector ${names(ofDecode)}, but prefill uses ${names(ofPrefill)}`;
    return [withFlag(finding(prefill, subject, message, "use the same connector for both roles"), prefill)];
  }
  const isUsable = ([one, other]: (Connector | undefined)[]): boolean =>
    one?.role !== "kv_producer" && other?.role !== "kv_consumer";
  if (shared.some(isUsable)) return [];
  const message =
    "decode must receive the KV cache (kv_both or kv_consumer) and prefill must send it (kv_both or kv_producer)";
  return [finding(decode, subject, message, 'set "kv_role": "kv_both" on both roles')];
}

const NIXL = JSON.stringify({ kv_connector: "NixlConnector", kv_role: "kv_both" });

/** With the values that the presets set on both roles. */
function withFlag(found: CheckFinding, engine: Engine): CheckFinding {
  return { ...found, fixes: [{ path: flagAt(engine, CONNECTOR), value: NIXL }] };
}

/** The names of the connectors in llm-d's sidecar. Source: llm-d-router, the routing sidecar's --kv-connector. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  NixlConnector: "nixlv2",
  LMCacheConnectorV1: "lmcache",
  SharedStorageConnector: "shared-storage",
};

function judgeSidecar({ decode, subject }: Pair): CheckFinding[] {
  const sidecar = sidecarIn(decode);
  const at = { code: "RolesDisagree" as const, path: "spec.template.initContainers", layer: "merged" };
  if (sidecar === undefined) {
    const message = "decode has no routing sidecar, so prefill never receives prompts";
    const found = { ...at, message, fix: "keep the container llm-d-routing-sidecar of the preset" };
    const { initContainers = [], containers = [] } = decode.podSpec;
    const others = [...initContainers, ...containers].filter(({ name }) => name !== MAIN);
    return [others.length === 0 ? found : { ...found, severity: "warning" }];
  }
  if (sidecar.settings === undefined) return [];
  const { forwardsTo, connector } = sidecar.settings;
  const served = flagValue(decode.args, "port") ?? "8000";
  if (String(forwardsTo) !== served) {
    const message = `the sidecar passes requests to port ${forwardsTo}, but the engine listens on ${served}`;
    return [{ ...at, message, fix: `set the engine's --port to ${forwardsTo}`, fixes: engineFixes(decode, subject) }];
  }
  const known = connectorsOf(decode).flatMap(({ name }) => entryOf(PROTOCOLS, name) ?? []);
  if (connector === undefined || known.length === 0 || known.includes(connector)) return [];
  const message = `the sidecar uses the connector ${connector}, but the connector of the engine requires ${known.join(", ")}`;
  return [finding(decode, subject, message, `start the sidecar with --kv-connector=${known[0]}`)];
}

/** Plugins that send a prompt to both roles; `pd-profile-handler` is the older name. Source: llm-d-router 0.9, KServe v0.20.0. */
const HANDLERS = ["disagg-profile-handler", "pd-profile-handler"];
/** Handlers of one role: a configuration with one of them sends no prompt to prefill. */
const OF_ONE_ROLE = ["single-profile-handler", "data-parallel-profile-handler"];

export function judgeScheduler({ spec }: CheckSubject): CheckFinding[] {
  const { scheduler } = spec.router ?? {};
  const at = { code: "RolesDisagree" as const, layer: "merged" };
  if (scheduler === undefined) {
    // A scheduler that is run separately may choose the pods.
    const message = "router.scheduler is not set, so the prefill pods would receive no prompts";
    const lacksRoute = spec.router?.route === undefined;
    const fix = `set router.scheduler to {}${lacksRoute ? ", and router.route" : ""}`;
    const fixes = [
      { path: "spec.router.scheduler", value: {} },
      ...(lacksRoute ? [{ path: "spec.router.route", value: {} }] : []),
    ];
    return [{ ...at, path: "spec.router.scheduler", message, fix, fixes, severity: "warning" }];
  }
  const config = startingConfig(spec);
  const plugins = Array.isArray(config?.["plugins"]) ? config["plugins"] : undefined;
  const types = textsOf(objectsOf(plugins).map(({ type }) => type ?? ""));
  if (plugins === undefined || types.some((type) => HANDLERS.includes(type))) return [];
  const message =
    "the configuration of the scheduler has no profile handler for prefill and decode, so prompts go to one role only";
  const fix = `add the plugin ${HANDLERS[0]} with a profile for each role, or remove the configuration: the default has both`;
  const path = configPath(spec);
  const found = {
    ...at,
    path,
    message,
    fix,
    ...(path === CONFIG_PATH && { fixes: [{ path }] }),
  };
  return [types.some((type) => OF_ONE_ROLE.includes(type)) ? found : { ...found, severity: "warning" }];
}

function roleOf({ role }: Engine): string {
  return role === "main" ? "decode" : "prefill";
}

function finding(engine: Engine, subject: CheckSubject, message: string, fix: string): CheckFinding {
  const layer = layerOfFlag(subject, engine, CONNECTOR);
  return { code: "RolesDisagree", path: flagPathOf(engine, CONNECTOR), layer, message, fix };
}
