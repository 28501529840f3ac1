import type { ParallelismSpec } from "../../api/shorthands/parallelism.ts";
import { ENGINE_FLAGS } from "../../knowledge/engine/flags/known.ts";
import { otherEngineOf } from "../../knowledge/engine/images.ts";
import { argsInRelease } from "../../knowledge/engine/start/inrelease.ts";
import type { Container } from "../../kubernetes/objects.ts";
import type { DerivePlace } from "./place.ts";

/** The flag for the number of nodes of an engine. */
export const NODES = "nnodes";

type Asked = Pick<DerivePlace, "engine" | "engineVersion">;

/**
 * The number of nodes over which the command line of an engine says that its ranks are spread: each runs an equal part
 * of them. Source: ParallelConfig.local_world_size, vllm/config/parallel.py, from 0.11.1 on; the ranks of a node in
 * sglang/srt/entrypoints/engine.py.
 */
export function nodesInArgs(container: Container, { engine, engineVersion }: Asked): number {
  if (engine === "vllm" && otherEngineOf(container.image ?? "") !== undefined) return 1;
  const args = argsInRelease(container, engine, engineVersion) ?? [];
  const nodes = Number(ENGINE_FLAGS[engine].lines.flagValue(args, NODES) ?? 1);
  return Number.isInteger(nodes) && nodes > 1 ? nodes : 1;
}

/**
 * The number of nodes over which the ranks of the copies on one node are spread. Where the number of copies on a node
 * is set, the copies of vLLM are on as many groups of nodes as that takes. Source: ParallelConfig.nnodes_within_dp,
 * vllm/config/parallel.py.
 */
export function nodesOfCopies(
  container: Container,
  { data, dataLocal }: ParallelismSpec,
  { engine, engineVersion }: Asked,
): number {
  const nodes = nodesInArgs(container, { engine, engineVersion });
  const args = argsInRelease(container, engine, engineVersion) ?? [];
  const sizeOf = (flag: string): number | undefined => {
    const size = Number(ENGINE_FLAGS[engine].lines.flagValue(args, flag));
    return Number.isInteger(size) && size > 0 ? size : undefined;
  };
  const local = engine === "vllm" ? (dataLocal ?? sizeOf("data-parallel-size-local")) : undefined;
  if (local === undefined) return nodes;
  const copies = data ?? sizeOf("data-parallel-size") ?? 1;
  return Math.max(1, Math.floor(nodes / Math.max(1, Math.floor(copies / local))));
}
