import { ENGINE_FLAGS } from "../../../knowledge/engine/flags/known.ts";
import type { Container } from "../../../kubernetes/objects.ts";
import { PROBES } from "../../../kubernetes/workloads/pods.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { type Engine, flagsOwner } from "../engine.ts";
import { flagFixes } from "../flagfixes.ts";
import { flagPathOf, isInScript } from "../flagplace.ts";
import { engineListener, mayListen, portOf } from "./listeners.ts";

export const ANSWERS_CHECK: Check = {
  name: "the engine answers requests and probes",
  source:
    "run_headless and ServeSubcommand, vllm/entrypoints/cli/serve.py; AuthenticationMiddleware of vLLM, from 0.9 to 0.33 (before, `authentication` in api_server.py); add_api_key_middleware of sglang/srt/utils",
  codes: ["WrongPort"],
  judge: (subject) =>
    subject.engines
      .filter(({ isVllm, isSglang, pod }) => (isVllm || isSglang) && pod === "template")
      .flatMap((engine) => [...judgeServer(engine, subject), ...judgeKey(engine)]),
};

/** Flags with which vLLM does not answer HTTP requests on its port. */
const SILENT: readonly (readonly [flag: string, why: string])[] = [
  ["headless", "an engine with --headless has no API server"],
  ["uds", "with --uds the engine listens on a socket of the file system, and on no port"],
  ["grpc", "with --grpc the engine answers gRPC on its port, and not HTTP"],
];

function judgeServer(engine: Engine, subject: CheckSubject): CheckFinding[] {
  if (!engine.isVllm) return [];
  const text = ENGINE_FLAGS.vllm.lines.valuesOf(engine.args);
  const found = SILENT.find(([flag]) => !["false", "", undefined].includes(text(flag)));
  const forwarded = mayListen(engine, engineListener(engine).port);
  if (found === undefined || forwarded === "yes") return [];
  const [flag, why] = found;
  const isAsked =
    PROBES.some((probe) => engine.container[probe]?.httpGet !== undefined) || subject.spec.router?.route !== undefined;
  const isCertain = isAsked && forwarded === "no" && !isInScript(engine, flag) && text(flag)?.includes("$") !== true;
  return [
    {
      code: "WrongPort",
      path: flagPathOf(engine, flag),
      layer: layerOfFlag(subject, engine, flag),
      message: `${why}, so the probes and the requests of the Service get no answer`,
      fix: `remove --${flag}`,
      ...withFixes(flagFixes(engine, flag, { to: "nothing" }, subject)),
      ...(!isCertain && { severity: "warning" as const }),
    },
  ];
}

/** Paths that a key protects: with vLLM those of the API, with SGLang all others than these. */
const GUARDED = /^\/v1(?:\/|$)/;
const OPEN = /^\/(?:health|metrics)/;

function isGuarded(path: string, { isSglang }: Engine): boolean {
  return isSglang ? !OPEN.test(path) : GUARDED.test(path);
}

/** Probes that do not send the key that the engine asks for. */
function judgeKey(engine: Engine): CheckFinding[] {
  const { container, path, traced } = engine;
  const asked = keyOf(engine);
  if (asked === undefined) return [];
  const { port: served } = engineListener(engine);
  return PROBES.flatMap((probe): CheckFinding[] => {
    const { path: url = "/", port, httpHeaders = [] } = container[probe]?.httpGet ?? {};
    const isOwn = port !== undefined && portOf(container, port) === served;
    const isSent = httpHeaders.some(({ name }) => name.toLowerCase() === "authorization");
    if (!isOwn || isSent || !isGuarded(url, engine)) return [];
    return [
      {
        code: "WrongPort",
        path: `${path}.${probe}.httpGet.path`,
        layer: "merged",
        message: `the ${probe} asks for ${url} without a key, but ${asked} makes the engine answer 401, so the probe fails`,
        fix: "set path to /health",
        fixes: [{ path: `spec.${traced}.${probe}.httpGet.path`, value: "/health" }],
      },
    ];
  });
}

const KEY = "api-key";
const VARIABLE = "VLLM_API_KEY";

/** What sets a key; undefined if nothing does, or if something else of the server may answer first. */
function keyOf(engine: Engine): string | undefined {
  const text = ENGINE_FLAGS[flagsOwner(engine)].lines.valuesOf(engine.args);
  if (text("middleware") !== undefined || text("root-path") !== undefined) return undefined;
  if (text(KEY)) return `--${KEY}`;
  return engine.isVllm && isSet(engine.container) ? VARIABLE : undefined;
}

function isSet({ env = [] }: Container): boolean {
  const { value, valueFrom } = env.findLast(({ name }) => name === VARIABLE) ?? {};
  return Boolean(value) || (valueFrom?.secretKeyRef !== undefined && valueFrom.secretKeyRef.optional !== true);
}
