import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import { ENGINE_FLAGS } from "../../../knowledge/engine/flags/known.ts";
import { hasPluginFlags } from "../../../knowledge/engine/images.ts";
import { otherBackends } from "../../../knowledge/engine/rules/expertbackends.ts";
import { isMtp } from "../../../knowledge/engine/rules/mtp.ts";
import { isFormCertain, servedModel } from "../../../knowledge/models/served.ts";
import { type Check, type CheckFinding, type CheckSubject, layerOfFlag, withFixes } from "../check.ts";
import { devicesOf } from "../devices/devices.ts";
import { speculativeOf } from "../devices/drafts.ts";
import type { Engine } from "../engine.ts";
import { flagFixes } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";

const BACKEND = "moe-backend";

/** The kernels of experts that a flag names, which must be of the form in which the experts are stored. */
export const EXPERT_BACKEND_CHECK: Check = {
  name: "the backend of experts runs them as they are stored",
  source:
    "map_fp8_backend and its like, vllm/model_executor/layers/fused_moe/oracle (core/knowledge/engine/rules/expertbackends.ts)",
  codes: ["InvalidFlagValue"],
  judge: (subject) => subject.engines.filter(({ isVllm }) => isVllm).flatMap((engine) => judgeEngine(engine, subject)),
};

/** Models of AMD and of its Quark are read by a method that chooses for itself. Other vendors' accelerators have other kernels. */
const QUARK = /^hf:\/\/amd\/|quark|ptpc/i;
const GPUS = /^(?:nvidia|amd)\.com\//;

function judgeEngine(engine: Engine, subject: CheckSubject): CheckFinding[] {
  const { args, release, container } = engine;
  const backend = flagValue(args, BACKEND);
  const stored = storedAs(engine, subject);
  if (backend === undefined || /[$\s{]/.test(backend) || stored === undefined || release === undefined) return [];
  if (hasPluginFlags(container.image ?? "") || !GPUS.test(devicesOf(engine, subject)?.resource ?? "")) return [];
  // With adapters, vLLM chooses the backend of experts in 16 bits itself.
  if (flagValue(args, "enable-lora") === "true") return [];
  const word = backend.toLowerCase().replaceAll("-", "_");
  // A word that the flag does not have is refused as such.
  if (!hasWord(word, release.number)) return [];
  const others = (form: string): string[] | undefined => otherBackends(word, form, release.number);
  const found = (message: string, fix: string): CheckFinding => ({
    code: "InvalidFlagValue",
    path: flagPathOf(engine, BACKEND),
    layer: layerOfFlag(subject, engine, BACKEND),
    message: `--${BACKEND}: ${message}`,
    fix,
    ...(!isFormCertain(subject) && { severity: "warning" as const }),
    ...withFixes(flagFixes(engine, BACKEND, { to: "nothing" }, subject)),
  });
  const names = others(stored);
  if (names !== undefined) {
    const message = `vLLM ${release.text} runs experts in ${stored} with ${names.join(", ")}, but not with ${backend}`;
    return [found(message, `remove --${BACKEND}: vLLM then chooses a backend`)];
  }
  const ofDraft = stored === "nvfp4" && draftsAlike(engine) ? others("bfloat16") : undefined;
  if (ofDraft === undefined) return [];
  const message = `${backend} does not run experts in 16 bits, in which most publishers leave the layers for multi-token prediction of a model in NVFP4`;
  const fix = `remove --${BACKEND}, or set "moe_backend" in --speculative-config to one of ${ofDraft.join(", ")}`;
  return [{ ...found(message, fix), severity: "warning" }];
}

/** Whether the flag of a release has a word, if its words are known. */
function hasWord(word: string, release: number): boolean {
  const { book } = ENGINE_FLAGS.vllm;
  const flag = book.flagNamed(BACKEND);
  const choices = flag && book.choicesOf(flag, release);
  return choices === undefined || choices.length === 0 || choices.includes(word);
}

/** Whether layers of the model itself draft, with the backend of its other layers. */
function draftsAlike(engine: Engine): boolean {
  const { method, model, moe_backend: own } = speculativeOf(engine);
  return typeof method === "string" && isMtp(method) && model === undefined && own === undefined;
}

/** How the experts are stored, or what the flags make of them: undefined where that is not certain. */
function storedAs({ args }: Engine, subject: CheckSubject): string | undefined {
  const facts = servedModel(subject);
  const { uri = "" } = subject.spec.model ?? {};
  const asked = flagValue(args, "quantization");
  if (facts?.experts === undefined || QUARK.test(uri)) return undefined;
  if (facts.format === undefined) return facts.bytesPerParameter < 2 ? undefined : (asked ?? "bfloat16");
  return asked === undefined || asked === facts.format ? facts.format : undefined;
}
