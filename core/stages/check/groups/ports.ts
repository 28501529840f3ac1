import { objectsOf, valueAt } from "../../../kubernetes/json.ts";
import { listenersOf } from "../network/listeners.ts";
import { atFlag, type GroupFinding, type Serving } from "./planned.ts";

/**
 * A pool with several ports treats each port of each pod as an endpoint, so requests to pods that serve on only one of
 * them fail at the other ports. Ports that the pool does not have are reported for each group separately. Source: the
 * InferencePool of the Gateway API inference extension 1.2, targetPorts.
 */
export function judgePorts(groups: readonly Serving[]): GroupFinding[] {
  const read = groups
    .filter(({ engine }) => engine.isVllm)
    .map((group) => ({ group, port: listenersOf(group.engine).at(-1)?.port }));
  const [first, ...others] = read.filter(({ group, port }) => port !== undefined && portsOf(group).includes(port));
  if (first === undefined) return [];
  return others
    .filter(({ port }) => port !== first.port)
    .map(({ group, port }) =>
      atFlag(group, "port", {
        message: `the pods of ${group.name} serve on port ${port}, but those of ${first.group.name} on ${first.port}, and the pool sends requests to each of its ports on the pods of both`,
        fix: "set --port to the same port in all groups, and only this port in targetPorts",
      }),
    );
}

function portsOf({ spec }: Serving): unknown[] {
  const pool = spec.router?.scheduler?.pool?.spec;
  return objectsOf(valueAt(pool, ["targetPorts"])).map(({ number }) => number);
}
