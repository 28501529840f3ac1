import { POD_PART, PORT } from "../../contract/names.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { releaseNumber } from "../engine/release.ts";
import { goFlagValue, isOn, parseGoFlags } from "./goflags.ts";

/**
 * llm-d's proxy in front of a decode engine, as its command line configures it. Source: cmd/pd-sidecar and
 * pkg/sidecar/proxy/options.go of llm-d-inference-scheduler 0.4 to 0.8 and llm-d-router 0.9 and 0.10.
 */
export interface Sidecar {
  /** The port on which it listens. */
  port: number;
  /** The port of the engine to which it forwards requests. */
  forwardsTo: number;
  /** Whether it serves TLS itself. */
  isSecure: boolean;
  certPath?: string;
  /** Whether it uses TLS to its own engine, and to those of prefill. */
  tlsTo: { decoder: boolean; prefiller: boolean };
  /** The protocol for the transfer of KV cache. */
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

/** The configuration of a sidecar; undefined if a file or YAML configures it. */
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

/** A guard that refuses every prefill pod, and the words without it. */
export interface GuardWords {
  flag: string;
  /** Release of the sidecar, from its image. */
  release: string;
  field: "command" | "args";
  without: string[];
}

const GUARD = "enable-ssrf-protection";
/** The first release that reads the selector of an InferencePool of `inference.networking.k8s.io`. Source: llm-d-router pull request 1696. */
const READS_SELECTOR = "0.10.0";
/** The API whose selector is a plain map of labels, which every release reads. */
const ALPHA_GROUP = "inference.networking.x-k8s.io";
const TAG = /-sidecar:v?(\d+\.\d+(?:\.\d+)?)/;

/**
 * The guard against requests to foreign hosts, if it is on and its release looks for prefill pods by the whole selector
 * of a v1 InferencePool instead of `matchLabels`, and so finds none. Undefined if the guard is off, works, or the image
 * does not identify its release. Source: updatePodsForPool in pkg/sidecar/proxy/allowlist.go of llm-d-router 0.7 to
 * 0.9, and poolSelector of 0.10.
 */
export function guardThatRefusesAll({ image = "", command = [], args = [] }: Container): GuardWords | undefined {
  const [, release] = TAG.exec(image) ?? [];
  const number = releaseNumber(release ?? "");
  if (release === undefined || number === undefined || number >= (releaseNumber(READS_SELECTOR) ?? 0)) return undefined;
  const line = parseGoFlags([...command.slice(1), ...args], (name) => SWITCHES.has(name));
  if (!isOn(goFlagValue(line, GUARD), false) || goFlagValue(line, "pool-group") === ALPHA_GROUP) return undefined;
  const isGuard = (word: string): boolean => /^--?enable-ssrf-protection(=|$)/.test(word);
  const field = args.some(isGuard) ? "args" : "command";
  const words = field === "args" ? args : command;
  return { flag: GUARD, release, field, without: words.filter((word) => !isGuard(word)) };
}
