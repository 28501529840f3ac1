import type { WorkloadSpec } from "../../api/workload.ts";
import { flagPath } from "../../knowledge/engine/flags/argfields.ts";
import { flagValue, removeFlags } from "../../knowledge/engine/flags/commandline.ts";
import { FLAG_READERS, placeOf } from "../../knowledge/engine/flags/flagplace.ts";
import { releaseNumber } from "../../knowledge/engine/release.ts";
import { refusesFirstRank } from "../../knowledge/engine/rules/firstrank.ts";
import { releaseOfContainer } from "../../knowledge/engine/start/installed.ts";
import { vllmStart } from "../../knowledge/engine/start/start.ts";
import type { Container } from "../../kubernetes/objects.ts";
import { containerNamed, MAIN } from "../../kubernetes/workloads/pods.ts";
import { type DerivePlace, isUsers } from "./place.ts";

const RANK = "data-parallel-start-rank";

/** The pods that follow the leader of a group, and the release of vLLM if the images do not name it. */
interface Group {
  worker: WorkloadSpec["worker"];
  engineVersion: string | undefined;
}

/**
 * The leader's container without the first rank of 0 that the presets set, which is the default: later releases of vLLM
 * read it as a server that balances between servers, and refuse its followers, which have none. The same flag of a user
 * is an error there.
 */
export function withoutFirstRank(
  container: Container,
  { worker, engineVersion }: Group,
  place: DerivePlace,
): Container {
  const { args = [] } = container;
  const start = vllmStart(container);
  const refuses = refusesFirstRank(releaseNumber(engineVersion ?? releaseOfContainer(container) ?? ""));
  if (start === undefined || refuses === false || flagValue(start.args, RANK) === undefined) return container;
  if (!isHeadless(worker) || isInOnePod(start.args)) return container;
  const { field, isScript } = placeOf(container, RANK, FLAG_READERS.vllm, start.takesArgs);
  const words = `${place.path}.${field}`;
  const written = flagPath(words, RANK);
  if (field === "args" && flagValue(start.args, RANK) === "0" && !isUsers(place.provenance, written))
    return { ...container, args: removeFlags(args, [`--${RANK}`]) };
  if (refuses === undefined) return container;
  place.report({
    code: "Conflict",
    severity: "error",
    path: `spec.${words}`,
    layer: place.provenance.get(written)?.layer ?? "merged",
    message: `--${RANK} makes the leader of the group a server that balances between servers, and this release of vLLM then refuses followers with --headless, even if the rank is 0`,
    fix: `remove --${RANK} from the leader: its first rank is 0 without the flag`,
    ...(isScript !== true && { fixes: [{ path: `spec.${written}` }] }),
  });
  return container;
}

function isHeadless(worker: Group["worker"]): boolean {
  const follower = worker && containerNamed(worker, MAIN);
  return follower !== undefined && flagValue(vllmStart(follower)?.args ?? [], "headless") === "true";
}

/** An engine whose ranks are all in one pod does not balance requests with other pods, whatever its flags are. */
function isInOnePod(args: readonly string[]): boolean {
  const local = flagValue(args, "data-parallel-size-local");
  return local === undefined || local === flagValue(args, "data-parallel-size");
}
