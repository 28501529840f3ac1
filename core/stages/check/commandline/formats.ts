import { capabilityOf } from "../../../knowledge/accelerators/accelerators.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { withoutKernels } from "../../../knowledge/engine/rules/builds.ts";
import {
  BFLOAT16,
  FLOAT16,
  formatsOf,
  leastCapability,
  OF_MXFP4,
  packedExpertsFrom,
  refusesDtype,
  refusesFloat16,
  refusesQuantization,
} from "../../../knowledge/engine/rules/formats.ts";
import { modelOf } from "../../../knowledge/models/catalogue/catalogue.ts";
import { lastPart } from "../../../knowledge/models/catalogue/named.ts";
import { formIn } from "../../../knowledge/models/catalogue/names.ts";
import type { ModelFacts } from "../../../knowledge/models/facts.ts";
import { isFormCertain, servedModel } from "../../../knowledge/models/served.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { devicesOf } from "../devices/devices.ts";
import type { Engine } from "../engine.ts";
import { flagFixes } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";

const HUB = "hf://";

/**
 * Formats that vLLM refuses before it loads the model: the stored or requested format does not suit the model or the
 * accelerator.
 */
export const FORMATS_CHECK: Check = {
  name: "model, format and accelerator go together",
  source:
    "get_min_capability of vLLM's quantisation classes, check_if_supports_dtype, _verify_quantization (core/knowledge/engine/rules/formats.ts)",
  codes: ["UnsupportedAccelerator", "InvalidFlagValue"],
  judge: (subject) => {
    const facts = servedModel(subject);
    const engines = subject.engines.filter(({ isVllm }) => isVllm);
    return engines.flatMap((engine) => [
      ...judgeDevice(engine, facts, subject),
      ...judgeDtype(engine, subject),
      ...judgeComputed(engine, facts, subject),
      ...judgeQuantization(engine, facts, subject),
      ...judgePackedExperts(engine, facts, subject),
    ]);
  },
};

function flagFinding(
  engine: Engine,
  subject: CheckSubject,
  {
    flag,
    change,
    ...finding
  }: Pick<CheckFinding, "message" | "fix" | "code"> & {
    flag: string;
    change: Parameters<typeof flagFixes>[2];
  },
): CheckFinding {
  const fixes = flagFixes(engine, flag, change, subject);
  return { ...finding, path: flagPathOf(engine, flag), layer: layerOfFlag(subject, engine, flag), ...withFixes(fixes) };
}

function dtypeFinding(
  engine: Engine,
  subject: CheckSubject,
  { value, ...finding }: Pick<CheckFinding, "message" | "code"> & { value: string },
): CheckFinding {
  const change = { to: "value", value } as const;
  return flagFinding(engine, subject, { ...finding, flag: "dtype", fix: `set --dtype to ${value}`, change });
}

function judgeDevice(engine: Engine, facts: ModelFacts | undefined, subject: CheckSubject): CheckFinding[] {
  const { model: name = "" } = devicesOf(engine, subject) ?? {};
  const capability = capabilityOf(name);
  if (capability === undefined) return [];
  const { container, path, release } = engine;
  const { image = "" } = container;
  const shown = `${Math.floor(capability / 10)}.${capability % 10}`;
  const missing = release && withoutKernels(image, capability, release.number);
  if (missing !== undefined) {
    const message = `the image ${image} has no kernels for ${name} (compute capability ${shown})`;
    const at = { code: "UnsupportedAccelerator", path: `${path}.image`, layer: "merged" } as const;
    // An image in another registry may have been rebuilt.
    return [{ ...at, message, fix: missing.fix, ...(missing.by === "perhaps" && { severity: "warning" as const }) }];
  }
  const device = { name, capability, shown };
  return [...judgeBfloat16(engine, device, subject), ...judgeWeights(engine, device, facts, subject)];
}

/** It is a warning, because another path may run them in some releases. */
function judgePackedExperts(engine: Engine, facts: ModelFacts | undefined, subject: CheckSubject): CheckFinding[] {
  const { release } = engine;
  const isIntel = devicesOf(engine, subject)?.resource.startsWith("gpu.intel.com/") === true;
  if (release === undefined || facts?.experts === undefined || !isIntel) return [];
  const later = packedExpertsFrom(facts.format, release.number);
  if (later === undefined) return [];
  const message = `vLLM ${release.text} has no kernels for packed integers of experts on Intel's GPUs`;
  const fix = `run vLLM ${later} or later, or use the model in another format`;
  return [
    { code: "UnsupportedAccelerator", severity: "warning", path: "spec.model.uri", layer: "merged", message, fix },
  ];
}

interface Device {
  name: string;
  capability: number;
  /** The capability as NVIDIA writes it. */
  shown: string;
}

function judgeBfloat16(engine: Engine, { name, capability, shown }: Device, subject: CheckSubject): CheckFinding[] {
  const dtype = flagValue(engine.args, "dtype");
  if (capability >= BFLOAT16.least || BFLOAT16.words.every((word) => word !== dtype)) return [];
  const message = `--dtype: ${name} has compute capability ${shown}, but bfloat16 needs 8.0`;
  const value = overflowsInFloat16(engine, subject) ? "float32" : "half";
  return [dtypeFinding(engine, subject, { code: "UnsupportedAccelerator", message, value })];
}

function judgeWeights(
  engine: Engine,
  { name, capability, shown }: Device,
  facts: ModelFacts | undefined,
  subject: CheckSubject,
): CheckFinding[] {
  // If vLLM refuses the flag, the accelerator must read the stored format.
  const asked = refusesAsked(engine, facts, subject) ? undefined : flagValue(engine.args, QUANTIZATION);
  const [format, least] = mostAsked(asked, engine, facts, subject);
  if (capability >= least) return [];
  const code = "UnsupportedAccelerator" as const;
  const message = `weights in ${format} need an accelerator of compute capability ${least / 10} or more, but ${name} has ${shown}`;
  const isByFlag = format === asked && facts?.format !== asked;
  const change = { to: "nothing" } as const;
  const found = isByFlag
    ? flagFinding(engine, subject, {
        ...{ code, flag: QUANTIZATION, message, change },
        fix: "remove --quantization, or use another accelerator",
      })
    : ({
        ...{ code, path: "spec.model.uri", layer: "merged", message },
        fix: "use another accelerator, or the model in another format",
      } as const);
  // vLLM reads the format from the config, and a distilled or dequantised model may be named after another.
  const isAskedTooMuch = asked !== undefined && capability < (leastCapability(asked, engine.release?.number) ?? 0);
  const isGuessed = !isAskedTooMuch && !isFormCertain(subject);
  return [isGuessed || engine.release === undefined ? { ...found, severity: "warning" } : found];
}

/** The format of the weights with the highest requirement, and the requirement. */
function mostAsked(
  asked: string | undefined,
  { release }: Engine,
  facts: ModelFacts | undefined,
  subject: CheckSubject,
): [string, number] {
  const { modelInfo, spec } = subject;
  const uri = spec.model?.uri ?? "";
  const config = modelInfo?.quantization_config ?? modelInfo?.text_config?.quantization_config;
  const name = uri.startsWith(HUB) ? uri.slice(HUB.length) : (spec.model?.name ?? "");
  // The name of an unknown model may contain its format; GGUF files can have many formats.
  const stored = facts === undefined && uri.startsWith(HUB) && !/gguf/i.test(uri) ? formIn(name) : facts?.format;
  const formats = formatsOf({ asked, stored, method: config?.quant_method, name });
  const ofExperts = facts?.experts !== undefined && formats.includes("fp8") ? ["fp8 (experts)"] : [];
  return [...formats, ...ofExperts]
    .map((format): [string, number] => [format, leastCapability(format, release?.number) ?? 0])
    .reduce((most, one) => (one[1] > most[1] ? one : most), ["", 0]);
}

/** Whether the release refuses to run the model in float16. */
function overflowsInFloat16(engine: Engine, subject: CheckSubject): boolean {
  const { uri = "", name = "" } = subject.spec.model ?? {};
  const release = engine.release?.number;
  const type = modelTypeOf(subject);
  const model = { name: lastPart(uri.startsWith("hf://") ? uri : name || uri), ...(type !== undefined && { type }) };
  return release !== undefined && refusesFloat16(model, release);
}

function modelTypeOf({ modelInfo }: CheckSubject): string | undefined {
  const type: unknown = modelInfo?.text_config?.model_type ?? modelInfo?.model_type;
  return typeof type === "string" ? type : undefined;
}

function judgeDtype(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const dtype = flagValue(engine.args, "dtype") ?? "";
  if (!FLOAT16.includes(dtype) || !overflowsInFloat16(engine, subject)) return [];
  const capability = capabilityOf(devicesOf(engine, subject)?.model ?? "") ?? BFLOAT16.least;
  const value = capability < BFLOAT16.least ? "float32" : "bfloat16";
  const message = `--dtype: vLLM runs this model in bfloat16 or float32 only, because its numbers overflow in ${dtype}`;
  const found = dtypeFinding(engine, subject, { code: "InvalidFlagValue", message, value });
  const isKnown = modelTypeOf(subject) !== undefined || modelOf(subject.spec.model ?? {}) !== undefined;
  return [isKnown ? found : { ...found, severity: "warning" }];
}

/** A dtype that the method which reads the weights does not compute in. */
function judgeComputed(engine: Engine, facts: ModelFacts | undefined, subject: CheckSubject): CheckFinding[] {
  const { args, release } = engine;
  const { uri = "", name = "" } = subject.spec.model ?? {};
  const isOss = facts?.format === "mxfp4" && OF_MXFP4.test(lastPart(uri.startsWith("hf://") ? uri : name));
  const method = flagValue(args, "quantization") ?? (isOss ? "mxfp4" : "");
  const dtype = flagValue(args, "dtype") ?? "auto";
  const refused = refusesDtype(method, dtype, release?.number);
  if (refused === undefined) return [];
  const value = refused.dtypes.at(-1) ?? "auto";
  const message = `--dtype: with weights in ${method}, vLLM computes only in ${refused.dtypes.join(" or ")}, not in ${dtype}`;
  const finding = { code: "InvalidFlagValue", message } as const;
  // If float16 is refused too, only another quantization method helps.
  const change = { to: "nothing" } as const;
  const found =
    value === "half" && overflowsInFloat16(engine, subject)
      ? flagFinding(engine, subject, {
          ...finding,
          flag: "quantization",
          fix: "remove --quantization: vLLM then chooses a method that computes in bfloat16, if one is available",
          change,
        })
      : dtypeFinding(engine, subject, { ...finding, value });
  return [{ ...found, ...(refused.by === "perhaps" && { severity: "warning" as const }) }];
}

const QUANTIZATION = "quantization";
const GPUS = /^(?:nvidia|amd)\.com\//;

/** Whether vLLM refuses `--quantization`. Only a model of the hub is known to be stored as its name says. */
function refusesAsked(engine: Engine, facts: ModelFacts | undefined, subject: CheckSubject): boolean {
  const asked = flagValue(engine.args, QUANTIZATION);
  const isOfHub = subject.spec.model?.uri?.startsWith(HUB) === true;
  if (asked === undefined || facts === undefined || !(isOfHub || subject.modelInfo !== undefined)) return false;
  const onGpu = GPUS.test(devicesOf(engine, subject)?.resource ?? "");
  return (
    refusesQuantization(asked, facts.format, { onGpu }) && (facts.format !== undefined || facts.bytesPerParameter >= 2)
  );
}

function judgeQuantization(engine: Engine, facts: ModelFacts | undefined, subject: CheckSubject): CheckFinding[] {
  if (facts === undefined || !refusesAsked(engine, facts, subject)) return [];
  const asked = flagValue(engine.args, QUANTIZATION);
  const stored = facts.format === undefined ? "not quantised" : `stored as ${facts.format}`;
  const message = `--quantization: the model is ${stored}, so vLLM does not load it with ${asked}`;
  const change = { to: "nothing" } as const;
  const fix = "remove --quantization: vLLM reads it from the model";
  const found = flagFinding(engine, subject, { code: "InvalidFlagValue", flag: QUANTIZATION, message, fix, change });
  return [isFormCertain(subject) ? found : { ...found, severity: "warning" }];
}
