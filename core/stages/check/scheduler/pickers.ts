import { type SchedulerRelease, standingOf } from "../../../knowledge/scheduler/releases.ts";
import { type JsonObject, objectsOf } from "../../../kubernetes/json.ts";
import { nameIn } from "./configjudge.ts";

/** What is wrong about the pickers of a profile: the end of a sentence about the configuration, and its fix. */
interface Wrong {
  message: string;
  fix: string;
}

const PICKER = /-picker$/;
const SCORER = /-scorer$/;

/**
 * Releases in which a picker ends the loop that gives scorers a weight: a scorer without one that stands behind it has
 * none, and the scheduler panics. Source: kubernetes-sigs/gateway-api-inference-extension#1958, in 1.3.
 */
const UNWEIGHTED = { spans: { gie: { from: "1.2", until: "1.3" } } };

/**
 * A profile with two pickers, which SchedulerProfile.AddPlugins of both projects refuses, and one whose picker stands in
 * front of scorers that have no weight.
 */
export function wrongPickers(
  { plugins, schedulingProfiles }: JsonObject,
  isKnown: (type: string) => boolean,
  release: SchedulerRelease | undefined,
): Wrong[] {
  const types = new Map(
    objectsOf(plugins).flatMap(({ name, type }): [string, string][] => {
      const of = nameIn(type);
      return of !== undefined && isKnown(of) ? [[nameIn(name) ?? of, of]] : [];
    }),
  );
  return objectsOf(schedulingProfiles).flatMap((profile): Wrong[] => {
    const entries = objectsOf(profile["plugins"]).map(({ pluginRef, weight }) => ({
      name: nameIn(pluginRef) ?? "",
      type: types.get(nameIn(pluginRef) ?? "") ?? "",
      isWeighted: weight !== undefined && weight !== null,
    }));
    const pickers = entries.filter(({ type }) => PICKER.test(type));
    const of = `the profile ${nameIn(profile["name"]) ?? ""}`;
    const [first, second] = pickers;
    if (first === undefined) return [];
    if (second !== undefined)
      return [
        {
          message: `has ${pickers.length} pickers in ${of}: ${pickers.map(({ name }) => name).join(", ")}`,
          fix: `keep one of them in ${of}`,
        },
      ];
    const behind = entries
      .slice(entries.indexOf(first))
      .find(({ type, isWeighted }) => SCORER.test(type) && !isWeighted);
    if (behind === undefined || release === undefined || standingOf(UNWEIGHTED, release).is !== "there") return [];
    return [
      {
        message: `has ${behind.name} without a weight behind the picker ${first.name} in ${of}, and this release gives such a scorer no weight and panics`,
        fix: `move ${first.name} to the end of ${of}, or set the weight of each scorer`,
      },
    ];
  });
}
