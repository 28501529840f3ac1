import { POD_PART, PORT } from "../../contract/names.ts";
import type { PodSpec } from "../../kubernetes/objects.ts";
import { containerNamed, initContainerNamed, MAIN } from "../../kubernetes/workloads/pods.ts";
import { commandsOf, rawText } from "./start/shellscript.ts";
import { type Startable, scriptAt, vllmStart } from "./start/start.ts";

/**
 * The flags with which engines set the port of their HTTP API. Source: the usage texts of SGLang, TensorRT-LLM, TGI,
 * Triton, llama.cpp, LMDeploy.
 */
const FLAGS: readonly string[] = ["--port", "--http-port", "--http_port", "--server-port", "--server_port"];

/**
 * The port on which a container's command line makes its engine listen; undefined if it sets none. The last one counts.
 */
export function ownPort({ command = [], args = [] }: Startable): number | undefined {
  const argv = [...command, ...args].map(String);
  const script = scriptAt(argv);
  const words =
    script === undefined
      ? argv
      : [...commandsOf(argv[script] ?? "").flatMap((one) => one.words.map(rawText)), ...argv.slice(script + 1)];
  const ports = words.flatMap((word, i): number[] => {
    const [flag = "", value = words[i + 1] ?? ""] = word.split("=", 2);
    return FLAGS.includes(flag) && /^\d{1,5}$/.test(value) ? [Number(value)] : [];
  });
  return ports.at(-1);
}

/**
 * The port on which a pod serves requests: the routing sidecar's, or the one that an engine other than vLLM declares.
 * vLLM serves on the port of the presets.
 */
export function servingPort(pod: PodSpec | undefined): number {
  const engine = pod && containerNamed(pod, MAIN);
  if (pod === undefined || engine === undefined || initContainerNamed(pod, POD_PART.sidecar) !== undefined)
    return PORT.service;
  return (vllmStart(engine) === undefined ? engine.ports?.[0]?.containerPort : undefined) ?? PORT.service;
}
