import { type SchedulerRelease, type Spans, standingOf } from "../../../knowledge/scheduler/releases.ts";
import { ENDS_AT_PICKER, WITHOUT_DEFAULT } from "../../../knowledge/scheduler/weights.ts";
import { type JsonObject, objectsOf } from "../../../kubernetes/json.ts";
import { nameIn } from "./configjudge.ts";

/** What is wrong about the pickers of a profile: the end of a sentence about the configuration, and its fix. */
interface Wrong {
  message: string;
  fix: string;
}

interface Entry {
  name: string;
  type: string;
  isWeighted: boolean;
}

const PICKER = /-picker$/;
const SCORER = /-scorer$/;

/**
 * A profile with two pickers, which SchedulerProfile.AddPlugins of both projects refuses, and scorers without a weight
 * in releases that need one.
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
    const entries = objectsOf(profile["plugins"]).map(
      ({ pluginRef, weight }): Entry => ({
        name: nameIn(pluginRef) ?? "",
        type: types.get(nameIn(pluginRef) ?? "") ?? "",
        isWeighted: weight !== undefined && weight !== null,
      }),
    );
    const pickers = entries.filter(({ type }) => PICKER.test(type));
    const of = `the profile ${nameIn(profile["name"]) ?? ""}`;
    const [first, second] = pickers;
    const named = pickers.map(({ name }) => name).join(", ");
    if (second !== undefined)
      return [
        {
          message: `has ${pickers.length} pickers in ${of}: ${named}`,
          fix: `remove all but one of ${named} from ${of}`,
        },
      ];
    return unweighted(entries, first, of, release);
  });
}

function unweighted(
  entries: readonly Entry[],
  picker: Entry | undefined,
  of: string,
  release: SchedulerRelease | undefined,
): Wrong[] {
  const without = entries.filter(({ type, isWeighted }) => SCORER.test(type) && !isWeighted);
  const isIn = (spans: Spans): boolean => release !== undefined && standingOf(spans, release).is === "there";
  const [any] = without;
  if (any !== undefined && isIn(WITHOUT_DEFAULT)) {
    const message = `has ${any.name} without a weight in ${of}, and this release has no default for it`;
    return [{ message, fix: `set the weight of each scorer in ${of}, for example to 1` }];
  }
  const behind = picker && without.find((one) => entries.indexOf(one) > entries.indexOf(picker));
  if (picker === undefined || behind === undefined || !isIn(ENDS_AT_PICKER)) return [];
  return [
    {
      message: `has ${behind.name} without a weight behind the picker ${picker.name} in ${of}, and this release gives such a scorer no weight and panics`,
      fix: `move ${picker.name} to the end of ${of}, or set the weight of each scorer`,
    },
  ];
}
