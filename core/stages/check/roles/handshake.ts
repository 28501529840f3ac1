import type { Fix } from "../../../contract/issues/issue.ts";
import { POD_PATH } from "../../../contract/names.ts";
import { flagValue } from "../../../knowledge/engine/flags/commandline.ts";
import {
  CROSS_LAYERS,
  DEFAULT_BLOCK_SIZE,
  nixlHas,
  nixlSince,
  refusesCopies,
  SHARED_FLAGS,
  type SharedFlag,
  type TensorSizes,
  WITHOUT_DRAFT,
} from "../../../knowledge/engine/nixl.ts";
import { positionIn } from "../../../knowledge/engine/release.ts";
import { servedModel } from "../../../knowledge/models/served.ts";
import { asText, type JsonObject, objectOf } from "../../../kubernetes/json.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { type CheckFinding, type CheckSubject, layerOfFlag } from "../check.ts";
import { asCertain } from "../devices/certain.ts";
import { speculativeOf } from "../devices/drafts.ts";
import { type Engine, numberOf } from "../engine.ts";
import { flagAt } from "../flagfixes.ts";
import { flagPathOf } from "../flagplace.ts";
import { CONNECTOR, connectorsOf, jsonFlag } from "./connectors.ts";

/** The engines of the two roles, and the subject of the comparison. */
export interface Pair {
  decode: Engine;
  prefill: Engine;
  subject: CheckSubject;
}

/** The parts of one finding about a flag of a role. */
interface Disagreement {
  message: string;
  fix: string;
  fixes?: readonly Fix[];
  certain?: boolean;
}

/** What NIXL's handshake refuses, by the running release; for other connectors only what they share, as warnings. */
export function judgeHandshake(pair: Pair): CheckFinding[] {
  const isNixl = connectorsOf(pair.decode).some(({ name }) => name.startsWith("Nixl"));
  const found = [...SHARED_FLAGS.flatMap((flag) => judgeShared(flag, pair)), ...judgeReleases(pair)];
  if (!isNixl) return found.map((one): CheckFinding => ({ ...one, severity: "warning" }));
  return [
    ...judgeBlockSize(pair),
    ...found,
    ...judgeTensor(pair),
    ...judgeStages(pair),
    ...judgeDraft(pair),
    ...judgeCrossLayers(pair),
  ];
}

/**
 * Whether the two roles compare their settings: decode does since the release that introduced it, unless a flag turns
 * it off.
 */
function isEnforced({ decode }: Pair): boolean | undefined {
  const has = nixlHas("handshake", decode.release?.number);
  return connectorsOf(decode).every(({ enforces }) => enforces) ? has : false;
}

function judgeShared({ flag, synonyms, why, since }: SharedFlag, pair: Pair): CheckFinding[] {
  const { decode, prefill, subject } = pair;
  const [own, other] = [decode, prefill].map(({ args }) => flagValue(args, flag)?.toLowerCase());
  const meant = (value: string | undefined): string | undefined => value && (entryOf(synonyms, value) ?? value);
  if (meant(own) === meant(other)) return [];
  // `auto`, or no flag, is the default of the model or the device, which may equal the other role's value.
  const isOpen = [own, other].some((value) => value === undefined || value === "auto");
  const [shown, shownOther] = [own, other].map((value) => value ?? (flag.startsWith("disable-") ? "not set" : "auto"));
  if (shown === shownOther) return [];
  const message = `--${flag} is ${shown} on decode but ${shownOther} on prefill, ${why}`;
  const isCompared = isEnforced(pair) === true && (!since || nixlHas(since, decode.release?.number) === true);
  const certain = !isOpen && isCompared;
  return [disagreement(prefill, subject, flag, { message, fix: SAME, fixes: [sameFix(pair, flag)], certain })];
}

const SAME = "set the same value for both roles";

function sameFix({ decode, prefill }: Pair, flag: string): Fix {
  const value = flagValue(decode.args, flag);
  return { path: flagAt(prefill, flag), ...(value !== undefined && { value }) };
}

function judgeBlockSize(pair: Pair): CheckFinding[] {
  const { decode, prefill, subject } = pair;
  const flag = "block-size";
  const [own, other] = [decode, prefill].map((engine) => numberOf(engine, flag)) as [
    number | undefined,
    number | undefined,
  ];
  const [block, from] = [own ?? DEFAULT_BLOCK_SIZE, other ?? DEFAULT_BLOCK_SIZE];
  if (block === from) return [];
  const mayDiffer = nixlHas("blockSizes", decode.release?.number);
  const isMultiple = block % from === 0;
  if (isMultiple && mayDiffer !== false) return [];
  const show = (size: number | undefined): string =>
    size === undefined ? `vLLM's default (${DEFAULT_BLOCK_SIZE})` : `${size}`;
  const message = `--${flag} is ${show(own)} on decode but ${show(other)} on prefill, so their KV cache blocks are incompatible`;
  const release =
    mayDiffer === false
      ? `; from vLLM ${nixlSince("blockSizes")} on, decode's may also be a multiple of prefill's`
      : "; decode's may also be a multiple of prefill's";
  const areKnown = own !== undefined && other !== undefined;
  const certain = areKnown && mayDiffer !== undefined && (from % block !== 0 || !mayDiffer);
  return [
    disagreement(prefill, subject, flag, { message, fix: `${SAME}${release}`, fixes: [sameFix(pair, flag)], certain }),
  ];
}

const TENSOR = "tensor-parallel-size";

function judgeTensor(pair: Pair): CheckFinding[] {
  const { decode, prefill, subject } = pair;
  const [tensor, other] = [decode, prefill].map((engine) => numberOf(engine, TENSOR) ?? 1) as [number, number];
  if (tensor % other !== 0 && other % tensor !== 0) {
    const message = `tensor is ${tensor} on decode but ${other} on prefill, and neither divides the other`;
    return [disagreement(prefill, subject, TENSOR, { message, fix: "choose sizes of which one divides the other" })];
  }
  const model = servedModel(subject);
  if (other === tensor || model?.latent !== undefined) return [];
  return other < tensor
    ? judgeSmaller(pair, { decode: tensor, prefill: other })
    : judgeLarger(pair, { decode: tensor, prefill: other });
}

/** Decode has more ranks than the model has KV heads, so its blocks are longer than its share of prefill's. */
function judgeSmaller(pair: Pair, sizes: TensorSizes): CheckFinding[] {
  const { decode, prefill, subject } = pair;
  if (!areHeadsCopied(pair, sizes)) return [];
  const heads = servedModel(subject)?.kvHeads;
  const message = `tensor is ${sizes.decode} on decode and ${sizes.prefill} on prefill, but the model has only ${heads} KV heads: the blocks of a rank do not shrink below one head, which NIXL of vLLM ${decode.release?.text} refuses`;
  const fix = `set prefill's parallelism.tensor to ${sizes.decode}, or use vLLM ${nixlSince("headsOfRank")} or later`;
  const fixes = [{ path: "spec.prefill.parallelism.tensor", value: sizes.decode }];
  return asCertain([disagreement(prefill, subject, TENSOR, { message, fix, fixes })], subject);
}

function judgeLarger(pair: Pair, sizes: TensorSizes): CheckFinding[] {
  const { decode, prefill, subject } = pair;
  const isRefused = nixlHas("largerPrefill", decode.release?.number) === false;
  const isCopied = areHeadsCopied(pair, sizes);
  const why = isRefused
    ? `NIXL of vLLM ${decode.release?.text} cannot read from more ranks than decode has`
    : isCopied
      ? `the model has only ${servedModel(subject)?.kvHeads} KV heads, so NIXL takes the ranks of prefill for copies of each other, which it refuses`
      : "vLLM may crash when decode reads from more ranks than it has itself";
  const message = `tensor is ${sizes.prefill} on prefill but only ${sizes.decode} on decode: ${why}`;
  const size = sizes.decode === 1 ? "1" : `${sizes.decode} or less`;
  const fix = `set prefill's parallelism.tensor to ${size}${isRefused ? `, or use vLLM ${nixlSince("largerPrefill")} or later` : ""}`;
  const fixes = [{ path: "spec.prefill.parallelism.tensor", value: sizes.decode }];
  const certain = isRefused || (isCopied && decode.release !== undefined);
  const found = [disagreement(prefill, subject, TENSOR, { message, fix, fixes, certain })];
  return isCopied && !isRefused ? asCertain(found, subject) : found;
}

/**
 * Whether NIXL refuses the sizes because of the model's KV heads; an unknown release counts as the latest. Layers with
 * states, or with another number of heads, are compared in other ways.
 */
function areHeadsCopied({ decode, subject }: Pair, sizes: TensorSizes): boolean {
  const model = servedModel(subject);
  if (model === undefined || model.sliding?.kvHeads !== undefined) return false;
  const release = decode.release?.number ?? Number.POSITIVE_INFINITY;
  const hasStates = (model.stateParameters ?? 0) > 0 && nixlHas("copiesAbove", release) === true;
  return !hasStates && refusesCopies(sizes, model.kvHeads, release);
}

/** Whether the blocks of all layers are stored together, which the two compare. */
function judgeCrossLayers({ decode, prefill, subject }: Pair): CheckFinding[] {
  const release = decode.release?.number;
  if (release !== undefined && positionIn(CROSS_LAYERS, release) !== "inside") return [];
  const [own, other] = [decode, prefill].map(storesAcross);
  if (own === other) return [];
  const has = own === true ? "decode" : "prefill";
  const message = `only ${has} sets ${ACROSS} in --${CONNECTOR}: if its attention backend stores blocks across layers, the two refuse each other's KV cache`;
  const config = jsonFlag(prefill, CONNECTOR) ?? {};
  const { [ACROSS]: _, ...rest } = objectOf(config["kv_connector_extra_config"]);
  const extra = { ...rest, ...(own === true && { [ACROSS]: true }) };
  const { kv_connector_extra_config: _old, ...kept } = config;
  const value = JSON.stringify({ ...kept, ...(Object.keys(extra).length > 0 && { kv_connector_extra_config: extra }) });
  const fixes = [{ path: flagAt(prefill, CONNECTOR), value }];
  const fix = `set ${ACROSS} to the same value in --${CONNECTOR} of both roles`;
  return [disagreement(prefill, subject, CONNECTOR, { message, fix, fixes, certain: false })];
}

const ACROSS = "enable_cross_layers_blocks";

/** Whether an engine has NIXL alone, and asks it to store blocks across layers. */
function storesAcross(engine: Engine): boolean {
  const { kv_connector: name, kv_connector_extra_config: extra } = jsonFlag(engine, CONNECTOR) ?? {};
  return asText(name).startsWith("Nixl") && asText(objectOf(extra)[ACROSS]).toLowerCase() === "true";
}

/**
 * A rank of a pipeline stage has only the KV cache of the stage's layers. Without the transfer, decode may still
 * compute the prompts itself.
 */
function judgeStages({ decode, prefill, subject }: Pair): CheckFinding[] {
  const flag = "pipeline-parallel-size";
  const [stages, other] = [decode, prefill].map((engine) => numberOf(engine, flag) ?? 1) as [number, number];
  const mayDiffer = nixlHas("stages", decode.release?.number);
  if (stages > 1 && stages === other) {
    const message = `decode has ${stages} pipeline stages, but NIXL transfers the KV cache to engines without stages only`;
    const fix = "remove parallelism.pipeline from both roles, and use parallelism.tensor instead";
    return [disagreement(decode, subject, flag, { message, fix, certain: false })];
  }
  if (stages === other || (stages === 1 && mayDiffer === true)) return [];
  const message = `decode has ${stages} and prefill ${other} pipeline stages, so their ranks have the KV cache of different layers`;
  const later =
    stages === 1 ? `, or use vLLM ${nixlSince("stages")} or later, whose decode reads from the stages of prefill` : "";
  const fix = `remove parallelism.pipeline, and use parallelism.tensor instead${later}`;
  return [disagreement(stages > 1 ? decode : prefill, subject, flag, { message, fix, certain: false })];
}

/** The flags that name it: one for all, or the short ones. */
const DRAFTS = ["speculative-config", "spec-method", "spec-model", "spec-tokens"];

/** The draft model's layers have separate KV cache, which both sides must have. */
function judgeDraft(pair: Pair): CheckFinding[] {
  const { decode, prefill, subject } = pair;
  const flag = "speculative-config";
  const [own, other] = [decode, prefill].map(draftOf);
  const areDifferent = own !== undefined && other !== undefined && areDraftsCompared(pair);
  if ((own === undefined) === (other === undefined) && !areDifferent) return [];
  const [has, lacks] = own === undefined ? ["prefill", "decode"] : ["decode", "prefill"];
  const message = areDifferent
    ? `--${flag} names another draft on decode than on prefill, which vLLM ${decode.release?.text} compares`
    : `only ${has} has a draft model (--${flag}), so its KV cache has layers that ${lacks} lacks`;
  const different = DRAFTS.filter((one) => flagValue(decode.args, one) !== flagValue(prefill.args, one));
  return [
    disagreement(prefill, subject, flag, { message, fix: SAME, fixes: different.map((one) => sameFix(pair, one)) }),
  ];
}

/** Whether the roles name different drafts, and the release compares them. */
function areDraftsCompared(pair: Pair): boolean {
  const { decode, prefill } = pair;
  const [own, other] = [decode, prefill].map(speculativeOf) as [JsonObject, JsonObject];
  const areTargets = [own, other].every((config) => draftsItself(config, pair.subject));
  const keys = areTargets ? ["method", "revision"] : ["method", "model", "revision"];
  const isDifferent = keys.some((key) => (entryOf(own, key) ?? null) !== (entryOf(other, key) ?? null));
  const isNamed = COMPARED.test(asText(own["method"])) && COMPARED.test(asText(other["method"]));
  return isDifferent && isNamed && isEnforced(pair) === true && nixlHas("drafts", decode.release?.number) === true;
}

/** Whether a model drafts with its own layers: without another model, vLLM takes the one that it serves. */
function draftsItself({ method, model }: JsonObject, { spec }: CheckSubject): boolean {
  const { uri = "", name } = spec.model ?? {};
  const own = [null, POD_PATH.models, name, uri.replace(/^hf:\/\//, "")];
  return method === "mtp" && own.some((one) => one === (model ?? null));
}

/** Methods whose drafts are compared. Source: SpeculativeConfig.use_eagle, vllm/config/speculative.py. */
const COMPARED = /^(?:eagle3?|mtp)$/;

/** The method or the model of speculative decoding; undefined without one, or with one that has no KV cache. */
function draftOf(engine: Engine): string | undefined {
  const { method, model } = speculativeOf(engine);
  const name = method ?? model;
  return typeof name === "string" && !WITHOUT_DRAFT.has(name) ? name : undefined;
}

function judgeReleases(pair: Pair): CheckFinding[] {
  const { decode, prefill } = pair;
  const [own, other] = [decode.release, prefill.release];
  if (own === undefined || other === undefined || own.number === other.number) return [];
  const enforced = isEnforced(pair);
  if (enforced === false && nixlHas("handshake", own.number) === true) return [];
  const message = `decode runs vLLM ${own.text} but prefill runs ${other.text}: different releases refuse each other's KV cache`;
  const { image } = decode.container;
  return [
    {
      ...{ code: "RolesDisagree", path: `${prefill.path}.image`, layer: "merged", message },
      fix: "use images with the same release",
      ...(image !== undefined && { fixes: [{ path: `spec.${prefill.traced}.image`, value: image }] }),
      ...(enforced !== true && { severity: "warning" }),
    },
  ];
}

function disagreement(
  engine: Engine,
  subject: CheckSubject,
  flag: string,
  { certain = true, ...text }: Disagreement,
): CheckFinding {
  const layer = layerOfFlag(subject, engine, flag);
  const found = { code: "RolesDisagree" as const, path: flagPathOf(engine, flag), layer, ...text };
  return certain ? found : { ...found, severity: "warning" };
}
