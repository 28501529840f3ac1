import type { ParallelismSpec } from "../../../api/shorthands/parallelism.ts";
import { SGLANG_LINES } from "./flags.ts";

/**
 * The parallel sizes of an engine as flags of SGLang. Its tensor-parallel size counts all ranks of a stage: with
 * data-parallel attention, which is the only kind that works over several pods, `tensor` ranks are each copy's share of
 * it. Copies in one pod that share neither experts nor their attention are separate engines. Source: check_server_args and
 * _handle_data_parallelism in sglang/srt/server_args.py.
 */
export function sglangSizes(
  parallelism: ParallelismSpec,
  grouped: boolean,
  { sharesAttention = false }: { sharesAttention?: boolean } = {},
): string[] {
  const { tensor, pipeline, expert } = parallelism;
  const { data, dataLocal } = parallelism;
  const copies = grouped ? (data ?? dataLocal) : dataLocal;
  const isShared = copies !== undefined && (grouped || expert === true || sharesAttention);
  const ranks = isShared ? (tensor ?? 1) * copies : tensor;
  const flag = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`--${name}=${value}`];
  return [
    ...flag("tp-size", ranks),
    ...flag("pp-size", pipeline),
    ...flag("dp-size", copies),
    ...(isShared && copies > 1 ? ["--enable-dp-attention"] : []),
    ...(expert === true ? flag("ep-size", ranks ?? 1) : []),
  ];
}

/** Whether a command line asks for data-parallel attention. */
export function sharesAttention(args: readonly string[]): boolean {
  return SGLANG_LINES.flagValue(args, "enable-dp-attention") === "true";
}

/**
 * Sizes as `parallelism` would set them, and whether the copies share their tensor-parallel ranks (data-parallel
 * attention).
 */
type SglangSizes = ParallelismSpec & { isShared: boolean };

/** The sizes in a command line, as `parallelism` would set them; undefined if a size is known only in the pod. */
export function sizesOfSglang(args: readonly string[]): SglangSizes | undefined {
  const words = ["tp-size", "pp-size", "dp-size"].map((flag) => SGLANG_LINES.flagValue(args, flag));
  if (words.some((word) => word?.includes("$"))) return undefined;
  const [tensor = 1, pipeline = 1, data = 1] = words.map((word) => {
    const size = Number(word);
    return Number.isInteger(size) && size > 0 ? size : undefined;
  });
  const isShared = sharesAttention(args);
  // The copies of attention are part of the tensor-parallel ranks already.
  return { tensor: isShared ? tensor / data : tensor, dataLocal: data, pipeline, isShared };
}
