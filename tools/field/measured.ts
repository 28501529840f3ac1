import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ACCELERATORS, acceleratorNamed, capabilityOf } from "../../core/knowledge/accelerators/accelerators.ts";
import { releaseNumber } from "../../core/knowledge/engine/release.ts";
import { fit as estimate, type Fit } from "../../core/knowledge/memory/fit.ts";
import { GIB } from "../../core/knowledge/memory/rank.ts";
import type { FitRequest } from "../../core/knowledge/memory/request.ts";
import { modelNamed } from "../../core/knowledge/models/catalogue/catalogue.ts";

/** What vLLM logged about its memory on one rank, in GiB: the known part of the request, and the figures. */
interface Measured extends Omit<FitRequest, "model" | "release"> {
  id: string;
  model: string;
  /** Weights of a rank ("Model loading took"), and the memory for the KV cache ("Available KV cache memory"). */
  weights?: number;
  cache?: number;
  /** Number of tokens in the cache ("GPU KV cache size"). */
  tokens?: number;
  source: string;
}

/** A figure of a record: the estimate, and its error. */
export interface Figure {
  id: string;
  figure: "weights" | "cache";
  measured: number;
  estimated: number;
  /** Estimated less measured, in GiB. */
  off: number;
}

export interface Figures {
  figures: Figure[];
  /**
   * Records whose cache had room for a full-length sequence, so that vLLM started, and among these the ones that the
   * estimate refuses.
   */
  started: string[];
  refused: string[];
  /** Records whose model the catalogue does not have. */
  unknown: string[];
}

/** Compares the memory figures of `FOLDER/measured.yaml` with the plan's estimates; returns none if the file does not exist. */
export function judgeMeasured(folder: string): Figures {
  const path = join(folder, "measured.yaml");
  const records = existsSync(path) ? ((parse(readFileSync(path, "utf8")) ?? []) as Measured[]) : [];
  const judged = records.map((record) => ({ record, fit: fitOf(record) }));
  const started = judged.filter(({ record, fit }) => fit !== undefined && hasStarted(record, fit));
  return {
    figures: judged.flatMap(({ record, fit }) => (fit === undefined ? [] : figuresOf(record, fit))),
    started: started.map(({ record }) => record.id),
    refused: started.filter(({ fit }) => fit?.verdict === "exceeds").map(({ record }) => record.id),
    unknown: judged.filter(({ fit }) => fit === undefined).map(({ record }) => `${record.id} (${record.model})`),
  };
}

function fitOf({ id, model: name, weights: _, cache: __, tokens: ___, source, ...how }: Measured): Fit | undefined {
  const model = modelNamed(name);
  return model && estimate({ ...vendorOf(id), ...how, ...releaseOf(source), model });
}

/** The parts other than weights. */
const RESERVED: ReadonlySet<string> = new Set(["step", "context", "page cache"]);

function hasStarted({ cache = 0 }: Measured, { rows }: Fit): boolean {
  const needed = rows.find(({ part }) => part === "KV cache")?.bytes ?? 0;
  return cache > 0 && cache * GIB >= needed;
}

function figuresOf({ id, weights, cache }: Measured, { rows, budget }: Fit): Figure[] {
  const sum = (is: (part: string) => boolean): number =>
    rows.filter(({ part }) => is(part)).reduce((all, { bytes }) => all + bytes, 0) / GIB;
  const reserve = sum((part) => RESERVED.has(part));
  // A drafting layer or model and adapters are loaded with the model. The cache is compared with what was measured with
  // them.
  const loaded = sum((part) => part !== "KV cache") - reserve;
  const figure = (which: Figure["figure"], measured: number | undefined, estimated: number): Figure[] =>
    measured === undefined ? [] : [{ id, figure: which, measured, estimated, off: estimated - measured }];
  return [
    ...figure("weights", weights, loaded),
    ...figure("cache", cache, budget / GIB - (weights ?? loaded) - reserve),
  ];
}

/** The source contains the release, and the engine if that is not the release's own: "VME, v0.8.2; engine V0". */
function releaseOf(source: string): Pick<FitRequest, "release" | "engineV0"> {
  const [, text] = /\bv(\d+\.\d+(?:\.\d+)?)/.exec(source) ?? [];
  const release = text === undefined ? undefined : releaseNumber(text);
  return { ...(release !== undefined && { release }), ...(/\bengine V0\b/.test(source) && { engineV0: true }) };
}

/** The record's id contains the accelerator: `llama33-70b-mi300x` is AMD's. */
function vendorOf(id: string): Pick<FitRequest, "vendor" | "unified" | "smallSteps" | "capability"> {
  const words = id.split("-").map((word) => word.replace(/x\d+$/, ""));
  const name = ACCELERATORS.find((one) =>
    one.split("-").some((part) => isModel(part) && words.some((word) => part === word || part === `${word}x`)),
  );
  const found = name === undefined ? undefined : acceleratorNamed(name);
  const capability = capabilityOf(name ?? "");
  return found === undefined
    ? {}
    : {
        vendor: found.resource.split("/")[0] ?? "",
        ...(found.unifiedMemory && { unified: true }),
        ...(capability !== undefined && { capability }),
        ...(words.includes("a100") && { smallSteps: true }),
      };
}

/** `h100`, but not `gpu` and not the size of a memory, which many accelerators share. */
function isModel(part: string): boolean {
  return part.length > 1 && /\d/.test(part) && !/^\d+gb$/.test(part);
}

/**
 * Bounds for the error of the cache's estimate: a share of the measured value in either direction, and in GiB an error
 * that is always accepted.
 */
export const BOUNDS = { least: -0.15, most: 0.05, tooMuchGiB: 1, share: 0.9 };

export function isWithin({ measured, off }: Figure): boolean {
  const share = off / Math.abs(measured);
  return share >= BOUNDS.least && share <= BOUNDS.most;
}

export function describeMeasured({ figures, started, refused, unknown }: Figures): string[] {
  return [
    ...(started.length > 0
      ? [`started: ${started.length} records, ${refused.length} refused${refused.map((id) => ` ${id}`).join(",")}`]
      : []),
    ...(["weights", "cache"] as const).flatMap((which) => {
      const some = figures.filter(({ figure }) => figure === which);
      return some.length === 0 ? [] : describeFigures(which, some);
    }),
    ...(unknown.length > 0 ? [`unknown models: ${unknown.join(", ")}`] : []),
  ];
}

function describeFigures(which: string, figures: readonly Figure[]): string[] {
  const sorted = [...figures].sort((a, b) => a.off - b.off);
  const shown = ({ id, measured, estimated, off }: Figure): string =>
    `${id}: ${estimated.toFixed(2)} GiB for ${measured.toFixed(2)} (${off >= 0 ? "+" : ""}${off.toFixed(2)})`;
  const [least, most, median] = [sorted[0], sorted.at(-1), sorted[Math.floor(sorted.length / 2)]];
  return [
    `${which}: ${figures.length} records, ${figures.filter(isWithin).length} within ${BOUNDS.least * 100} % … +${BOUNDS.most * 100} %, ${figures.filter(({ off }) => off > BOUNDS.tooMuchGiB).length} more than ${BOUNDS.tooMuchGiB} GiB too high`,
    ...(least && most && median
      ? [`    lowest  ${shown(least)}`, `    median  ${shown(median)}`, `    highest ${shown(most)}`]
      : []),
    ...figures.filter((figure) => !isWithin(figure)).map((figure) => `    outside ${shown(figure)}`),
  ];
}

/**
 * Whether nine of ten caches are within the bounds, none is more than 1 GiB too high, and no deployment that started is
 * refused.
 */
export function areWithin({ figures, refused }: Figures): boolean {
  const caches = figures.filter(({ figure }) => figure === "cache");
  const within = caches.filter(isWithin).length;
  const isNoneHigh = caches.every(({ off }) => off <= BOUNDS.tooMuchGiB);
  return within >= BOUNDS.share * caches.length && isNoneHigh && refused.length === 0;
}
