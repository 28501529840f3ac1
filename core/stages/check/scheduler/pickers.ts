import { nameIn } from "../../../knowledge/scheduler/configfields.ts";
import { type SchedulerRelease, type Spans, standingOf } from "../../../knowledge/scheduler/releases.ts";
import { type JsonObject, objectsOf } from "../../../kubernetes/json.ts";

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
 * Releases that give a scorer no default weight and refuse one without. Source: LoadSchedulerConfig,
 * pkg/epp/common/config/loader of the Gateway API inference extension 0.5.1, on which llm-d's scheduler 0.2.1 is built.
 */
const WITHOUT_DEFAULT: Spans = { spans: { gie: { until: "1.0" }, "llm-d": { until: "0.3" } } };
/**
 * Releases in which a picker ends the loop that gives scorers their default weight: the scheduler panics at a scorer
 * behind it. Source: setDefaultsPhaseTwo, pkg/epp/config/loader/defaults.go of the extension 1.0.2 to 1.2.1, on which
 * llm-d's 0.3 and 0.4 are built; kubernetes-sigs/gateway-api-inference-extension#1958.
 */
const ENDS_AT_PICKER: Spans = {
  spans: { gie: { from: "1.0", until: "1.3" }, "llm-d": { from: "0.3", until: "0.5" } },
};

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
    if (second !== undefined)
      return [
        {
          message: `has ${pickers.length} pickers in ${of}: ${pickers.map(({ name }) => name).join(", ")}`,
          fix: `keep one of them in ${of}`,
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
