import type { Target } from "../../tools/cluster/client.ts";
import { type FrontServer, forward, isChange, startFront } from "../../tools/cluster/front.ts";
import type { Cluster } from "../../tools/cluster/types.ts";

/**
 * When a fault strikes, counted in requests that change something:
 * - `before`: the request never reaches the API server;
 * - `after`: the API server did it, and the engine gets no answer;
 * - `late`: the engine gets the answer, and dies with it;
 * - `between`: the API server did it, then the fault strikes, then the engine gets the answer.
 */
export type When = "before" | "after" | "late" | "between";

export interface Saboteur extends FrontServer {
  /** Forwards requests to this server from now on. */
  route(target: Target): void;
  /** Number of changes since the last `arm` or `disarm`. */
  seen(): number;
  /** Makes the fault strike at the change with this number, counted from 1. */
  arm(at: number, when: When, strike: () => void): void;
  /** Forwards everything. Returns the number of changes. */
  disarm(): number;
}

/** A proxy in front of the API server that counts changes, and makes a fault strike at one of them. */
export async function startSaboteur(cluster: Pick<Cluster, "target" | "certificate">): Promise<Saboteur> {
  let { target } = cluster;
  let seen = 0;
  let armed: { at: number; when: When; strike: () => void } | undefined;
  const front = await startFront(cluster, async (request, response, url) => {
    const number = isChange(request, url) ? ++seen : 0;
    if (armed === undefined || number !== armed.at) {
      forward(target, request, response);
      return;
    }
    const { when, strike } = armed;
    if (when === "before") {
      strike();
      response.destroy();
      return;
    }
    forward(target, request, response, () => {
      if (when === "late") response.once("finish", strike);
      else strike();
      return when !== "after";
    });
  });
  const reset = (next: typeof armed): number => {
    const before = seen;
    seen = 0;
    armed = next;
    return before;
  };
  return {
    ...front,
    route: (next) => {
      target = next;
    },
    seen: () => seen,
    arm: (at, when, strike) => void reset({ at, when, strike }),
    disarm: () => reset(undefined),
  };
}
