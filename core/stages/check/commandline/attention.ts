import { capabilityOf } from "../../../knowledge/accelerators/accelerators.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import {
  attendsToLatents,
  otherAttention,
  otherHeads,
  refusesBesideFp8,
  refusesForLatents,
  whereBackendRuns,
  whereCacheRuns,
  whereSparseRuns,
} from "../../../knowledge/engine/rules/attention.ts";
import { lastPart } from "../../../knowledge/models/catalogue/named.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { asCertain } from "../devices/certain.ts";
import { devicesOf } from "../devices/devices.ts";
import type { Engine } from "../engine.ts";
import { flagFixes } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";

const BACKEND = "attention-backend";
const CACHE = "kv-cache-dtype";
/** The same choice among others, as JSON. */
const CONFIG = "attention-config";

/**
 * The attention backend and the type of the KV cache from the flags, which vLLM compares with the accelerator and the
 * model.
 */
export const ATTENTION_CHECK: Check = {
  name: "attention, accelerator and model go together",
  source:
    "validate_configuration of vLLM's attention backends, vllm/platforms/cuda.py (core/knowledge/engine/rules/attention.ts)",
  codes: ["UnsupportedAccelerator", "InvalidFlagValue"],
  judge: (subject) =>
    subject.engines
      .filter(({ isVllm }) => isVllm)
      .flatMap((engine) => {
        const asked = { backend: wordOf(engine, BACKEND)?.toUpperCase(), cache: wordOf(engine, CACHE) };
        return [
          ...onAccelerator(engine, asked, subject),
          ...asCertain(
            [...sparseOn(engine, subject), ...forModel(engine, asked, subject), ...forHeads(engine, asked, subject)],
            subject,
          ),
          ...besideWeights(engine, asked, subject),
        ];
      }),
};

interface Asked {
  backend: string | undefined;
  cache: string | undefined;
}

/** A word that can be read before the pod runs. */
function wordOf({ args }: Engine, flag: string): string | undefined {
  const word = flagValue(args, flag);
  return word === undefined || /[$\s{]/.test(word) ? undefined : word;
}

function onAccelerator(engine: Engine, { backend, cache }: Asked, subject: CheckSubject): CheckFinding[] {
  const { model: name = "" } = devicesOf(engine, subject) ?? {};
  const capability = capabilityOf(name);
  const release = engine.release?.number;
  if (capability === undefined || release === undefined) return [];
  const has = `${name} has ${Math.floor(capability / 10)}.${capability % 10}`;
  const code = "UnsupportedAccelerator" as const;
  const backendOn = backend === undefined ? undefined : whereBackendRuns(backend, capability, release);
  const isUnknown = cache === undefined || (backend === undefined && isChosen(engine));
  const cacheOn = isUnknown ? undefined : whereCacheRuns(cache, capability, release, backend);
  const by =
    backend === undefined ? "the attention backends of this release store" : `${backend} of this release stores`;
  return [
    ...(backendOn === undefined
      ? []
      : [
          finding(engine, subject, BACKEND, {
            code,
            message: `--${BACKEND}: ${backend} runs on compute capability ${backendOn}, but ${has}`,
            fix: `remove --${BACKEND}: vLLM then chooses a backend that the accelerator supports`,
          }),
        ]),
    ...(cacheOn === undefined
      ? []
      : [
          finding(engine, subject, CACHE, {
            code,
            message: `--${CACHE}: ${by} ${cache} on compute capability ${cacheOn}, but ${has}`,
            fix: `remove --${CACHE}, or tuning.kvCacheDtype if that sets it: the cache then has the type of the model`,
          }),
        ]),
  ];
}

/**
 * Whether the attention backend was chosen, or may have been chosen: a backend of a plugin may support other types of
 * the cache.
 */
function isChosen({ args, container }: Engine): boolean {
  const isConfigured = [BACKEND, CONFIG].some((flag) => flagValue(args, flag) !== undefined);
  return isConfigured || mayHave(container, "VLLM_ATTENTION_BACKEND");
}

/** Whether a container has a variable, or gets some whose names are known only in the cluster. */
function mayHave({ env = [], envFrom = [] }: Engine["container"], variable: string): boolean {
  return envFrom.length > 0 || env.some(({ name }) => name === variable);
}

/** Models that attend to some of the latents need special backends. DeepSeek V4 has other ones. */
function sparseOn(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { latent, indexBytes, recent } = servedModel(subject) ?? {};
  const { model: name = "" } = devicesOf(engine, subject) ?? {};
  const capability = capabilityOf(name);
  const { release } = engine;
  const isSparse = latent !== undefined && indexBytes !== undefined && recent === undefined;
  const isOther = isChosen(engine) || mayHave(engine.container, "VLLM_MLA_DISABLE");
  if (!isSparse || isOther || capability === undefined || release === undefined) return [];
  const where = whereSparseRuns(capability, release.number);
  if (where === undefined) return [];
  const { on, later } = where;
  const has = `${name} has ${Math.floor(capability / 10)}.${capability % 10}`;
  const message = `the model selects the latents to which it attends, and vLLM ${release.text} has attention backends for them on compute capability ${on}, but ${has}`;
  const fix = `${later === undefined ? "" : `run vLLM ${later} or later, or `}use another accelerator or another model`;
  return [{ code: "UnsupportedAccelerator", path: "spec.model.uri", layer: "merged", message, fix }];
}

/** Models that cache a latent of each token (MLA) need special attention backends. */
function forModel(engine: Engine, { backend, cache }: Asked, subject: CheckSubject): CheckFinding[] {
  const facts = servedModel(subject);
  const release = engine.release?.number;
  // A variable that turns the feature off selects another attention.
  const isOther = mayHave(engine.container, "VLLM_MLA_DISABLE");
  const isLatent = facts?.latent !== undefined;
  if (facts === undefined || release === undefined || isOther || (isLatent && !attendsToLatents(modelOf(subject))))
    return [];
  const code = "InvalidFlagValue" as const;
  const other = backend === undefined || facts.cacheless ? undefined : otherAttention(backend, isLatent, release);
  const isRefused = isLatent && cache !== undefined && refusesForLatents(cache, release);
  return [
    ...(other === undefined
      ? []
      : [
          finding(engine, subject, BACKEND, {
            code,
            message: `--${BACKEND}: ${backend} attends to ${other}, which the model does not have`,
            fix: `remove --${BACKEND}: vLLM then chooses a backend for the model`,
          }),
        ]),
    ...(isRefused
      ? [
          finding(engine, subject, CACHE, {
            code,
            message: `--${CACHE}: the model caches latents (MLA), which this release does not store as ${cache}`,
            fix: `remove --${CACHE}, or set it to fp8`,
          }),
        ]
      : []),
  ];
}

/** Heads of a size that the backend does not take. Latents have other sizes. */
function forHeads(engine: Engine, { backend }: Asked, subject: CheckSubject): CheckFinding[] {
  const facts = servedModel(subject);
  const { release } = engine;
  const isNvidia = devicesOf(engine, subject)?.resource?.startsWith("nvidia.com/") === true;
  if (backend === undefined || facts === undefined || release === undefined || !isNvidia) return [];
  if (facts.latent !== undefined || facts.cacheless) return [];
  const sizes = otherHeads(backend, facts.headDim, release.number);
  if (sizes === undefined) return [];
  const message = `--${BACKEND}: the model has heads of ${facts.headDim} numbers, but ${backend} of vLLM ${release.text} takes ${sizes}`;
  const fix = `remove --${BACKEND}: vLLM then chooses a backend for the model`;
  return [finding(engine, subject, BACKEND, { code: "InvalidFlagValue", message, fix })];
}

/** A type of the cache that vLLM does not support together with weights in FP8. */
function besideWeights(engine: Engine, { cache = "" }: Asked, subject: CheckSubject): CheckFinding[] {
  const { format, latent } = servedModel(subject) ?? {};
  const { modelInfo, spec } = subject;
  const release = engine.release?.number;
  if (format !== "fp8" || release === undefined || wordOf(engine, "quantization") !== undefined) return [];
  const isLatent = latent !== undefined && !mayHave(engine.container, "VLLM_MLA_DISABLE");
  const method = (modelInfo?.quantization_config ?? modelInfo?.text_config?.quantization_config)?.quant_method;
  const refused = refusesBesideFp8(cache, { method, uri: spec.model?.uri ?? "", isLatent }, release);
  if (refused === undefined) return [];
  const message = `--${CACHE}: vLLM does not store ${cache} together with weights in FP8, which may bring scales for the cache`;
  const told = { code: "InvalidFlagValue", message, fix: `remove --${CACHE}, or set it to fp8` } as const;
  const found = finding(engine, subject, CACHE, told);
  return [{ ...found, ...(refused === "perhaps" && { severity: "warning" as const }) }];
}

function modelOf({ spec, modelInfo }: CheckSubject): Parameters<typeof attendsToLatents>[0] {
  const { uri = "", name = "" } = spec.model ?? {};
  const type: unknown = modelInfo?.text_config?.model_type ?? modelInfo?.model_type;
  const named = lastPart(uri.startsWith("hf://") ? uri : name || uri);
  return { name: named, ...(typeof type === "string" && { type }) };
}

function finding(
  engine: Engine,
  subject: CheckSubject,
  flag: string,
  told: Pick<CheckFinding, "code" | "message" | "fix">,
): CheckFinding {
  const fixes = flagFixes(engine, flag, { to: "nothing" }, subject);
  return { ...told, path: flagPathOf(engine, flag), layer: layerOfFlag(subject, engine, flag), ...withFixes(fixes) };
}
