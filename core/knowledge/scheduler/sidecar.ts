import { POD_PART, PORT } from "../../contract/names.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { goFlagValue, isOn, parseGoFlags } from "./goflags.ts";

/**
 * llm-d's proxy before a decode engine, as its command line configures it.
 * Source: cmd/pd-sidecar and pkg/sidecar/proxy/options.go of llm-d-inference-scheduler 0.4 to 0.8 and llm-d-router 0.9 and 0.10.
 */
export interface Sidecar {
  /** Where it listens. */
  port: number;
  /** The port of the engine that it passes requests on to. */
  forwardsTo: number;
  /** Whether it serves TLS itself. */
  isSecure: boolean;
  certPath?: string;
  /** Whether it speaks TLS to its own engine, and to those of prefill. */
  tlsTo: { decoder: boolean; prefiller: boolean };
  /** The protocol by which KV cache is handed over. */
  connector?: string;
}

const NAMES = /(routing-sidecar|disagg-sidecar|pd-sidecar)/;

/** Flags that take no value. */
const SWITCHES = new Set([
  ...["decoder-use-tls", "prefiller-use-tls", "decoder-tls-insecure-skip-verify", "prefiller-tls-insecure-skip-verify"],
  ...["enable-prefiller-sampling", "enable-ssrf-protection", "enable-p2p-pull", "secure-proxy", "tracing"],
  ...["moriio-parallel-dispatch", "moriio-write-mode", "zap-devel"],
]);

export function isSidecar({ name, image = "", command = [], args = [] }: Container): boolean {
  const words = [...command, ...args];
  return (
    name === POD_PART.sidecar ||
    NAMES.test(`${image} ${words[0] ?? ""}`) ||
    words.some((word) => /^--?vllm-port\b/.test(word))
  );
}

/** How a sidecar is configured; undefined where a file or YAML configures it. */
export function sidecarOf({ command = [], args = [] }: Container): Sidecar | undefined {
  const line = parseGoFlags([...command.slice(1), ...args], (name) => SWITCHES.has(name));
  const value = (...names: string[]): string | undefined => goFlagValue(line, ...names);
  if (value("configuration", "configuration-file") !== undefined) return undefined;
  const stages = line.flags
    .filter(({ name }) => name === "enable-tls")
    .flatMap(({ value: text = "" }) => text.split(","));
  const [certPath, connector] = [value("cert-path"), value("kv-connector", "connector")];
  return {
    port: Number(value("port") ?? PORT.service),
    forwardsTo: Number(value("model-server-port", "vllm-port") ?? PORT.behindSidecar),
    isSecure: isOn(value("secure-proxy"), true),
    ...(certPath !== undefined && { certPath }),
    tlsTo: {
      decoder: stages.includes("decoder") || isOn(value("decoder-use-tls"), false),
      prefiller: stages.includes("prefiller") || isOn(value("prefiller-use-tls"), false),
    },
    ...(connector !== undefined && { connector }),
  };
}
