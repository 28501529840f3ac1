import { asText, jsonOf, listOf } from "../../../kubernetes/json.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import type { Broken, Line, Rule } from "./rule.ts";

const FLAG = "compilation-config";
const SOURCE = "CompilationConfig, vllm/config/compilation.py, every release from 0.16.0 to 0.33.0";
const GRAPHS = "VllmConfig._set_cudagraph_sizes, vllm/config/vllm.py, every release from 0.16.0 to 0.33.0";

/** Values of --compilation-config that vLLM converts or compares before it loads a model. */
export const COMPILATION_RULES: readonly Rule[] = [
  { from: "0.16.0", source: SOURCE, broken: unknownMode },
  { from: "0.16.0", source: SOURCE, broken: unknownGraphs },
  { from: "0.16.0", source: SOURCE, broken: unsignedOperation },
  { from: "0.16.0", source: SOURCE, broken: twoBases },
  { from: "0.27.0", source: SOURCE, broken: onAndOff },
  { asksForMore: true, from: "0.16.0", source: GRAPHS, broken: noSizes },
  { from: "0.16.0", source: GRAPHS, broken: beyondSizes },
];

/** The modes, at the places of their numbers. */
const MODES = ["NONE", "STOCK_TORCH_COMPILE", "DYNAMO_TRACE_ONCE", "VLLM_COMPILE"];

function unknownMode({ text }: Line): Broken | undefined {
  const mode = jsonOf(text(FLAG))?.["mode"];
  const isKnown = typeof mode === "number" ? mode in MODES : MODES.includes(asText(mode).toUpperCase());
  if (isKnown || mode === undefined || mode === null || typeof mode === "object") return undefined;
  if (typeof mode === "string" && (/^\s*[0-3]\s*$/.test(mode) || mode.includes("$("))) return undefined;
  const message = `--${FLAG}: mode is ${JSON.stringify(mode)}, which is not a compilation mode`;
  return { flag: FLAG, message, fix: `set mode in it to a number from 0 to 3, or to ${MODES.join(", ")}` };
}

const GRAPH_MODES = ["NONE", "PIECEWISE", "FULL", "FULL_DECODE_ONLY", "FULL_AND_PIECEWISE"];

function unknownGraphs({ text }: Line): Broken | undefined {
  const mode = jsonOf(text(FLAG))?.["cudagraph_mode"];
  if (typeof mode !== "string" || mode.includes("$(") || GRAPH_MODES.includes(mode.toUpperCase())) return undefined;
  const message = `--${FLAG}: cudagraph_mode is ${JSON.stringify(mode)}, which is not a mode of CUDA graphs`;
  const near = nearest(mode.toUpperCase(), GRAPH_MODES);
  const fix = `set cudagraph_mode in it to ${near ?? GRAPH_MODES.join(", ")}`;
  // The engine of a fork may have more modes.
  return { flag: FLAG, message, fix, severity: "warning", refusedByRelease: true };
}

const BASES = ["all", "none"];

function operationsOf({ text }: Line): string[] {
  return listOf(jsonOf(text(FLAG))?.["custom_ops"]).filter((one) => typeof one === "string");
}

function unsignedOperation(line: Line): Broken | undefined {
  const operation = operationsOf(line).find((one) => !BASES.includes(one) && !/^[+-]/.test(one));
  if (operation === undefined) return undefined;
  const message = `--${FLAG}: ${JSON.stringify(operation)} in custom_ops turns an operation neither on nor off`;
  return { flag: FLAG, message, fix: `write +${operation} to turn it on, or -${operation} to turn it off` };
}

function twoBases(line: Line): Broken | undefined {
  if (operationsOf(line).filter((one) => BASES.includes(one)).length < 2) return undefined;
  const message = `--${FLAG}: custom_ops has more than one of "all" and "none"`;
  return { flag: FLAG, message, fix: 'remove "all" or "none" from custom_ops, or the second of two that are equal' };
}

function onAndOff(line: Line): Broken | undefined {
  const operations = operationsOf(line);
  const both = operations.find((one) => one.startsWith("+") && operations.includes(`-${one.slice(1)}`));
  if (both === undefined) return undefined;
  const message = `--${FLAG}: custom_ops turns ${both.slice(1)} on and off`;
  return { flag: FLAG, message, fix: `remove ${both} or -${both.slice(1)}` };
}

/** An engine without graphs reads no sizes. */
function hasGraphs({ text, isOn }: Line): boolean {
  const { cudagraph_mode: mode } = jsonOf(text(FLAG)) ?? {};
  const isPlain = text("optimization-level") === "0";
  return !isOn("enforce-eager") && !isPlain && mode !== 0 && asText(mode).toUpperCase() !== "NONE";
}

function noSizes(line: Line): Broken | undefined {
  const sizes = jsonOf(line.text(FLAG))?.["cudagraph_capture_sizes"];
  if (!Array.isArray(sizes) || sizes.length > 0 || !hasGraphs(line)) return undefined;
  const message = `--${FLAG}: cudagraph_capture_sizes is empty, but CUDA graphs are on`;
  // Platforms without CUDA graphs do not read the sizes.
  return {
    flag: FLAG,
    message,
    fix: "add a size, for example 1, or set cudagraph_mode in it to NONE",
    severity: "warning",
  };
}

function beyondSizes(line: Line): Broken | undefined {
  const { cudagraph_capture_sizes: sizes, max_cudagraph_capture_size: most } = jsonOf(line.text(FLAG)) ?? {};
  const numbers = listOf(sizes).filter((one) => typeof one === "number");
  if (typeof most !== "number" || numbers.length === 0 || !hasGraphs(line)) return undefined;
  const largest = Math.max(...numbers);
  if (numbers.length !== listOf(sizes).length || most <= largest) return undefined;
  const message = `--${FLAG}: max_cudagraph_capture_size is ${most}, but the largest of cudagraph_capture_sizes is ${largest}`;
  return {
    flag: FLAG,
    message,
    fix: `set max_cudagraph_capture_size in it to ${largest}, or remove it`,
    severity: "warning",
  };
}
