import type { Container } from "../../kubernetes/objects.ts";
import { isEngineImage } from "./release.ts";

/**
 * The command line that a container gives vLLM: `vllm serve` or the OpenAI server's module with flags behind it, a shell that
 * passes its arguments on (`vllm serve "$@"`), or the entry point of an image that is vLLM's. Undefined for what starts
 * otherwise: a script that holds the flags itself is not read.
 */
export function commandLineOf({ command = [], args = [], image = "" }: Container): readonly string[] | undefined {
  if (command.length === 0) return isEngineImage(image) ? args : undefined;
  if (command.some((word) => PASSES_ON.test(word))) return args;
  const at = command.findIndex(
    (word, i) =>
      /^vllm\.entrypoints\.openai\.api_server$/.test(word) || (word === "serve" && VLLM.test(command[i - 1] ?? "")),
  );
  return at < 0 ? undefined : [...command.slice(at + 1), ...args];
}

const VLLM = /(^|\/)vllm$/;
const PASSES_ON = /\bvllm serve "\$@"/;
