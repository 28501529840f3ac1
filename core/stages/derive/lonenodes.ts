import type { EngineKind } from "../../knowledge/engine/engines.ts";
import { flagPath } from "../../knowledge/engine/flags/argfields.ts";
import { FLAG_READERS, placeOf } from "../../knowledge/engine/flags/flagplace.ts";
import { ENGINE_FLAGS } from "../../knowledge/engine/flags/known.ts";
import { argsInRelease } from "../../knowledge/engine/start/inrelease.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { inWords } from "../../kubernetes/text.ts";
import { sizesInArgs } from "./devices.ts";
import { NODES, nodesInArgs } from "./nodes.ts";
import { type DerivePlace, isUsers } from "./place.ts";

/**
 * Without groups, all pods have one command line, so each is the same node. A warning, because the other nodes may be
 * pods of another service.
 */
export function judgeNodes(container: Container, place: DerivePlace): void {
  const nodes = nodesInArgs(container, place);
  if (nodes === 1) return;
  const written = placeOf(container, NODES, FLAG_READERS[place.engine]);
  const words = `${place.path}.${written.field}`;
  place.report({
    code: "Conflict",
    severity: "warning",
    path: `spec.${words}`,
    layer: (place.provenance.get(flagPath(words, NODES)) ?? place.provenance.get(words))?.layer ?? "merged",
    message: `--nnodes is ${nodes}, but without worker each pod of the service starts the same node, and waits for ${nodes === 2 ? "another" : `${nodes - 1} others`} that the service does not have`,
    fix: groupsFix(container, place),
  });
}

/** Flags with the place of a node, which the presets of groups write themselves. */
const OF_NODES: Readonly<Record<EngineKind, readonly string[]>> = {
  vllm: [NODES, "node-rank", "master-addr", "master-port", "headless"],
  sglang: [NODES, "node-rank", "dist-init-addr"],
};
const SIZE_FLAGS: Readonly<Record<EngineKind, Readonly<Record<"tensor" | "pipeline", string>>>> = {
  vllm: { tensor: "tensor-parallel-size", pipeline: "pipeline-parallel-size" },
  sglang: { tensor: "tp-size", pipeline: "pp-size" },
};

/** How the service becomes groups of pods: the sizes as fields, and without the flags that follow from them. */
function groupsFix(container: Container, { engine, engineVersion, path, provenance }: DerivePlace): string {
  const role = path.startsWith("prefill.") ? "prefill." : "";
  const args = argsInRelease(container, engine, engineVersion) ?? [];
  const isSet = (flag: string): boolean => ENGINE_FLAGS[engine].lines.flagValue(args, flag) !== undefined;
  const flags = SIZE_FLAGS[engine];
  const sizes = sizesInArgs(container, engine, true) ?? {};
  const moved = (["tensor", "pipeline"] as const).filter((size) => sizes[size] !== undefined && isSet(flags[size]));
  const fields = [`${role}worker to {}`, ...moved.map((size) => `${role}parallelism.${size} to ${sizes[size]}`)];
  const written = [...moved.map((size) => flags[size]), ...OF_NODES[engine].filter(isSet)].map((flag) => `--${flag}`);
  // Only the command of the presets counts the pods of a group.
  const removed = [...(isUsers(provenance, `${path}.command`) ? ["command"] : []), ...written];
  return `set ${inWords(fields, "and")}, and remove ${inWords(removed, "and")}, because the plan writes them; or remove --${NODES} if one pod has all ranks`;
}
