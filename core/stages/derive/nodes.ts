import { ENGINE_FLAGS } from "../../knowledge/engine/flags/known.ts";
import { otherEngineOf } from "../../knowledge/engine/images.ts";
import { argsInRelease } from "../../knowledge/engine/start/inrelease.ts";
import type { Container } from "../../kubernetes/objects.ts";
import type { DerivePlace } from "./place.ts";

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
