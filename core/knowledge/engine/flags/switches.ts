import { releaseNumber } from "../release.ts";
import type { Flag } from "./flagbook.ts";
import { ENGINE_FLAGS, type EngineFlags } from "./known.ts";

/** The release of an engine, and its flags. */
interface Engine {
  number: number;
  engine: EngineFlags;
}

/** Switches that took a word in early releases. Source: StoreBoolean of EngineArgs.add_cli_args, vLLM 0.8.4. */
const STORED_BOOLEANS = { flags: ["enable-chunked-prefill", "multi-step-stream-outputs"], until: "0.8.5" };

/** Whether a switch took this word in the release. */
export function takesBoolean(name: string, given: string, { number, engine }: Engine): boolean {
  const { flags, until } = STORED_BOOLEANS;
  const isOld = engine === ENGINE_FLAGS.vllm && number < (releaseNumber(until) ?? 0);
  return isOld && flags.includes(name) && /^(true|false)$/i.test(given);
}

/** Switches that take a word in later releases. Source: BooleanOptionalAction of EngineArgs.add_cli_args, vLLM 0.9.0 to 0.10.2. */
const FORMER_SWITCHES = { flags: /^guided-decoding-disable-/, until: releaseNumber("0.11.0") ?? 0 };

/** Whether a flag that takes a word now was a switch in the release. */
export function wasSwitch(name: string, { number, engine }: Engine): boolean {
  return engine === ENGINE_FLAGS.vllm && FORMER_SWITCHES.flags.test(name) && number < FORMER_SWITCHES.until;
}

/** Whether a former switch needs its word: `type=bool` of the deprecated flags in EngineArgs.add_cli_args, vLLM 0.11.0 to 0.11.2. */
export function needsWord(name: string, { number, engine }: Engine): boolean {
  return engine === ENGINE_FLAGS.vllm && FORMER_SWITCHES.flags.test(name) && number >= FORMER_SWITCHES.until;
}

/** The meaning of a value after a switch, and after its negation. */
export function switched(given: string, negated: boolean, { kind }: Flag): { to: "value"; value: string } | undefined {
  const isTrue = /^(true|1|yes|on)$/i.test(given);
  const isFalse = /^(false|0|no|off)$/i.test(given) && kind === "switch";
  return isTrue || isFalse ? { to: "value", value: String(isTrue !== negated) } : undefined;
}
