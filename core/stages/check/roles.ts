import { parse } from "yaml";
import { flagValue, parseArgs } from "../../knowledge/engine/commandline.ts";
import { isObject } from "../../kubernetes/json.ts";
import { entryOf } from "../../kubernetes/table.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag } from "./check.ts";
import { type Engine, numberOf } from "./engine.ts";

/** What prefill and decode must agree on, or decode computes every prompt again and nobody sees it but the bill. */
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
    return [...judgeConnectors(pair), ...judgeFlags(pair), ...judgeSidecar(pair), ...judgeScheduler(subject)];
  },
};

interface Pair {
  decode: Engine;
  prefill: Engine;
  subject: CheckSubject;
}

const CONNECTOR = "kv-transfer-config";

interface Connector {
  name: string;
  role: string;
}

/** The connectors that an engine moves KV cache with; several where MultiConnector joins them. */
function connectorsOf({ args }: Engine): Connector[] {
  const text = flagValue(args, CONNECTOR);
  const keys = parseArgs(args).filter(({ flag }) => flag?.startsWith(`${CONNECTOR}.`) === true);
  const written = Object.fromEntries(
    keys.map(({ flag = "", values }) => [flag.slice(CONNECTOR.length + 1), values[0]]),
  );
  const config: unknown = text === undefined ? written : readJson(text);
  if (!isObject(config)) return [];
  const extra = config["kv_connector_extra_config"];
  const inner = isObject(extra) && Array.isArray(extra["connectors"]) ? extra["connectors"] : [];
  const all = config["kv_connector"] === "MultiConnector" ? inner : [config];
  return all.flatMap((one) =>
    isObject(one) && typeof one["kv_connector"] === "string"
      ? [{ name: one["kv_connector"], role: String(one["kv_role"] ?? "kv_both") }]
      : [],
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Connectors that keep cache on the pod's own node: they hand nothing to another pod. */
const LOCAL = new Set(["OffloadingConnector", "SimpleCPUOffloadConnector"]);

function judgeConnectors({ decode, prefill, subject }: Pair): CheckFinding[] {
  const [ofDecode, ofPrefill] = [decode, prefill].map((engine) =>
    connectorsOf(engine).filter(({ name }) => !LOCAL.has(name)),
  ) as [Connector[], Connector[]];
  for (const [engine, own] of [
    [decode, ofDecode],
    [prefill, ofPrefill],
  ] as const) {
    if (own.length > 0) continue;
    const message = `${roleOf(engine)} has no KV connector, so it cannot transfer its KV cache`;
    return [finding(engine, subject, CONNECTOR, message, `set --${CONNECTOR} on both roles, as the presets do`)];
  }
  const shared = ofDecode.flatMap((one) =>
    ofPrefill.filter(({ name }) => name === one.name).map((other) => [one, other]),
  );
  if (shared.length === 0) {
    const names = (all: Connector[]): string => all.map(({ name }) => name).join(", ");
    const message = `decode uses the KV connector ${names(ofDecode)}, but prefill uses ${names(ofPrefill)}`;
    return [finding(prefill, subject, CONNECTOR, message, "use the same connector for both roles")];
  }
  const isUsable = ([one, other]: (Connector | undefined)[]): boolean =>
    one?.role !== "kv_producer" && other?.role !== "kv_consumer";
  if (shared.some(isUsable)) return [];
  const message =
    "decode must receive the KV cache (kv_both or kv_consumer) and prefill must send it (kv_both or kv_producer)";
  return [finding(decode, subject, CONNECTOR, message, 'set "kv_role": "kv_both" on both roles')];
}

/** Flags that are part of what the two compare when they meet, with vLLM's default where it is the same everywhere. */
const SAME: readonly (readonly [flag: string, initial: string])[] = [
  ["block-size", "vLLM's default"],
  ["kv-cache-dtype", "auto"],
  ["dtype", "auto"],
];

function judgeFlags({ decode, prefill, subject }: Pair): CheckFinding[] {
  const differing = SAME.flatMap(([flag, initial]): CheckFinding[] => {
    const [own, other] = [decode, prefill].map(({ args }) => flagValue(args, flag) ?? initial);
    if (own === other) return [];
    const message = `--${flag} is ${own} on decode but ${other} on prefill, so their KV cache blocks are incompatible`;
    return [finding(prefill, subject, flag, message, "set the same value for both roles")];
  });
  const [tensor, other] = [decode, prefill].map((engine) => numberOf(engine, "tensor-parallel-size") ?? 1) as [
    number,
    number,
  ];
  const uneven = tensor % other !== 0 && other % tensor !== 0;
  const sizes = `tensor is ${tensor} on decode but ${other} on prefill, and neither divides the other`;
  const releases = judgeReleases({ decode, prefill, subject });
  if (!uneven) return [...differing, ...releases];
  return [
    ...differing,
    ...releases,
    finding(prefill, subject, "tensor-parallel-size", sizes, "choose sizes where one divides the other"),
  ];
}

function judgeReleases({ decode, prefill }: Pair): CheckFinding[] {
  const [own, other] = [decode.release, prefill.release];
  if (own === undefined || other === undefined || own.number === other.number) return [];
  return [
    {
      code: "RolesDisagree",
      path: `${prefill.path}.image`,
      layer: "merged",
      message: `decode runs vLLM ${own.text} but prefill runs ${other.text}: different releases refuse each other's KV cache`,
      fix: "use images with the same release",
    },
  ];
}

/** What llm-d's sidecar calls the connectors. Source: llm-d-router, the routing sidecar's --kv-connector. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  NixlConnector: "nixlv2",
  LMCacheConnectorV1: "lmcache",
  SharedStorageConnector: "shared-storage",
};
const SIDECAR = /(routing-sidecar|disagg-sidecar)/;

function judgeSidecar({ decode, subject }: Pair): CheckFinding[] {
  const { initContainers = [], containers = [] } = decode.podSpec;
  const sidecar = [...initContainers, ...containers].find(({ name, image = "" }) => SIDECAR.test(`${name} ${image}`));
  const at = { code: "RolesDisagree" as const, path: "spec.template.initContainers", layer: "merged" };
  if (sidecar === undefined) {
    const message = "decode has no routing sidecar, so prefill never receives prompts";
    return [{ ...at, message, fix: "keep the container llm-d-routing-sidecar of the preset" }];
  }
  const words = [...(sidecar.command ?? []), ...(sidecar.args ?? [])];
  const option = (name: RegExp): string | undefined =>
    words.map((word) => name.exec(word)?.[1]).find((value) => value !== undefined);
  const port = option(/^--(?:vllm|model-server)-port=(.*)$/);
  const served = flagValue(decode.args, "port") ?? "8000";
  if (port !== undefined && port !== served) {
    const message = `the sidecar passes requests to port ${port}, but the engine listens on ${served}`;
    return [{ ...at, message, fix: `set the engine's --port to ${port}` }];
  }
  const protocol = option(/^--(?:kv-)?connector=(.*)$/);
  const known = connectorsOf(decode).flatMap(({ name }) => entryOf(PROTOCOLS, name) ?? []);
  if (protocol === undefined || known.length === 0 || known.includes(protocol)) return [];
  const message = `the sidecar uses the connector ${protocol}, but the connector of the engine requires ${known.join(", ")}`;
  return [finding(decode, subject, CONNECTOR, message, `start the sidecar with --kv-connector=${known[0]}`)];
}

/** Plugins that send a prompt to both roles; `pd-profile-handler` is the older name. Source: llm-d-router 0.9, KServe v0.20.0. */
const HANDLERS = ["disagg-profile-handler", "pd-profile-handler"];

function judgeScheduler({ spec }: CheckSubject): CheckFinding[] {
  const { scheduler } = spec.router ?? {};
  const at = { code: "RolesDisagree" as const, layer: "merged" };
  if (scheduler === undefined) {
    const message = "router.scheduler is not set, so the prefill pods would receive no prompts";
    return [{ ...at, path: "spec.router.scheduler", message, fix: "set router.scheduler to {}, and router.route" }];
  }
  const { inline } = scheduler.config ?? {};
  const config: unknown = typeof inline === "string" ? readYaml(inline) : inline;
  const plugins = isObject(config) && Array.isArray(config["plugins"]) ? config["plugins"] : undefined;
  if (plugins === undefined || plugins.some((one) => isObject(one) && HANDLERS.includes(String(one["type"]))))
    return [];
  const message =
    "the configuration of the scheduler has no profile handler for prefill and decode, so prompts go to one role only";
  return [
    {
      ...at,
      path: "spec.router.scheduler.config",
      message,
      fix: `add the plugin ${HANDLERS[0]} with a profile for each role`,
    },
  ];
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function roleOf({ role }: Engine): string {
  return role === "main" ? "decode" : "prefill";
}

function finding(engine: Engine, subject: CheckSubject, flag: string, message: string, fix: string): CheckFinding {
  const layer = layerOfFlag(subject, engine, flag);
  return { code: "RolesDisagree", path: `${engine.path}.args`, layer, message, fix };
}
