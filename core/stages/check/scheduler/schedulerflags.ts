import type { Fix } from "../../../contract/issues/issue.ts";
import {
  FLAG_SUCCESSORS,
  isSchedulerSwitch,
  METRIC_FLAG,
  MOVED_FLAG,
  otherSpelling,
  type SchedulerFlag,
  schedulerFlag,
  schedulerFlags,
  wrongSchedulerValue,
} from "../../../knowledge/scheduler/flags.ts";
import { type GoCommandLine, type GoFlag, parseGoFlags } from "../../../knowledge/scheduler/goflags.ts";
import { type SchedulerRelease, schedulerRelease, standingOf, titleOf } from "../../../knowledge/scheduler/releases.ts";
import { nearest } from "../../../kubernetes/nearest.ts";
import type { Container } from "../../../kubernetes/objects.ts";
import { entryOf } from "../../../kubernetes/table.ts";
import { MAIN } from "../../../kubernetes/workloads/pods.ts";
import type { Check, CheckFinding, CheckSubject } from "../check.ts";
import { goFlagField, goFlagPath } from "../flagplace.ts";

const SCHEDULER = "router.scheduler.template";

/** The scheduler's container, with the content of its command line and the release of its image. */
export interface Picker {
  container: Container;
  /** The words after the program, those of `command` first. */
  words: readonly string[];
  line: GoCommandLine;
  /** Undefined if the image does not name the release, or names one that is not in the tables. */
  release?: SchedulerRelease;
  path: string;
  fixPath: string;
}

/** The service's own scheduler, if its container starts the endpoint picker without a shell. */
export function pickerOf({ spec }: Pick<CheckSubject, "spec">): Picker | undefined {
  const { template, pool } = spec.router?.scheduler ?? {};
  const index = template?.containers?.findIndex(({ name }) => name === MAIN) ?? -1;
  const container = template?.containers?.[index];
  return container === undefined || pool?.ref?.name ? undefined : pickerIn(container, index);
}

function pickerIn(container: Container, index: number): Picker | undefined {
  const { command = [], args = [], image = "" } = container;
  if (command.length > 0 && !/(^|\/)epp$/.test(command[0] ?? "")) return undefined;
  const words = [...command.slice(1), ...args].filter((word) => word !== "");
  const release = schedulerRelease(image);
  const at = `spec.${SCHEDULER}.containers`;
  return {
    ...{ container, words, line: parseGoFlags(words, isSchedulerSwitch), ...(release && { release }) },
    ...{ path: `${at}[${index}]`, fixPath: `${at}[name=${MAIN}]` },
  };
}

export const SCHEDULER_FLAGS_CHECK: Check = {
  name: "the scheduler has the flags that it is started with",
  source: "core/knowledge/scheduler/flags.ts; the endpoint picker exits on a flag that it does not know",
  codes: ["UnknownSchedulerFlag", "UnknownSchedulerVersion", "UnusedField", "SchedulerConfig", "InvalidFlagValue"],
  judge: (subject) => {
    const picker = pickerOf(subject);
    if (picker === undefined) return [];
    return [
      ...judgeRelease(picker),
      ...picker.line.flags.flatMap((flag) => [...judgeFlag(flag, picker), ...judgeValue(flag, picker)]),
      ...judgeStray(picker),
      ...judgeConfigFlags(picker, subject),
    ];
  },
};

const TEXT = ["config-text", "configText"];
const FILE = ["config-file", "configFile"];

/**
 * Flags for a configuration next to another one: the plan passes the field of its own as the last text, and the last
 * text counts. With a text and a file the scheduler exits. Source: Options.Validate, pkg/epp/server/options.go of
 * llm-d-router 0.9, and the same of the Gateway API inference extension 1.1 to 1.5.
 */
function judgeConfigFlags({ line, path, container }: Picker, { spec, provenance }: CheckSubject): CheckFinding[] {
  const inline = spec.router?.scheduler?.config?.inline;
  const hasField = inline !== undefined && inline !== null;
  const hasText = hasField || line.flags.some(({ name }) => TEXT.includes(name));
  const unread = [...(hasField ? TEXT : []), ...(hasText ? FILE : [])];
  const names = [...new Set(line.flags.map(({ name }) => name))].filter((name) => unread.includes(name));
  return names.flatMap((flag): CheckFinding[] => {
    const at = `${SCHEDULER}.containers[name=${MAIN}].${goFlagField(container, flag)}`;
    const layer = provenance.get(at)?.layer;
    const isFile = FILE.includes(flag);
    // What the service writes is meant to replace what the layers before it write.
    const isReplaced =
      hasField && layer !== "service" && layerWithin(provenance, "router.scheduler.config.") === "service";
    if (layer === undefined || (!isFile && (layer.startsWith("preset ") || isReplaced))) return [];
    const counting = hasField ? "router.scheduler.config" : "--config-text";
    const place = { path: goFlagPath(path, container, flag), layer };
    const fix = `remove --${flag}, or remove ${counting}`;
    if (isFile) {
      const message = `--${flag} and ${counting} are set, but the scheduler exits if it gets a file and a text`;
      return [{ ...place, code: "SchedulerConfig", message, fix }];
    }
    const message = `--${flag} has no effect next to ${counting}, which contains the configuration of the scheduler`;
    return [{ ...place, code: "UnusedField", message, fix, fixes: [{ path: `spec.${at}[--${flag}]` }] }];
  });
}

/** The layer that wrote the last of the fields within one. */
function layerWithin(provenance: CheckSubject["provenance"], within: string): string | undefined {
  return [...provenance].findLast(([path]) => path.startsWith(within))?.[1].layer;
}

function judgeRelease({ release, container, path }: Picker): CheckFinding[] {
  if (release !== undefined) return [];
  const message = `the image ${container.image ?? ""} does not name a known release of the scheduler, so its flags and its configuration are compared with those of all known releases`;
  const fix =
    "use an image of llm-d's scheduler whose tag is its release, or set the check UnknownSchedulerVersion to off";
  return [{ code: "UnknownSchedulerVersion", path: `${path}.image`, layer: "merged", message, fix }];
}

function judgeFlag(flag: GoFlag, picker: Picker): CheckFinding[] {
  const known = schedulerFlag(flag.name);
  // The plan moves these into the configuration, or refuses them itself.
  if (METRIC_FLAG.test(flag.name) || MOVED_FLAG.test(flag.name)) return [];
  return judgeKnown(flag, picker, known);
}

/** Also of flags that the plan moves into the configuration, where users do not see their values. */
function judgeValue({ name, value = "" }: GoFlag, { path, fixPath, container }: Picker): CheckFinding[] {
  const wrong = value === "" ? undefined : wrongSchedulerValue(name, value);
  if (wrong === undefined) return [];
  const { why, fix, right } = wrong;
  const at = `${fixPath}.${goFlagField(container, name)}[--${name}]`;
  return [
    {
      code: "InvalidFlagValue",
      path: goFlagPath(path, container, name),
      layer: "merged",
      message: `--${name}: ${JSON.stringify(value)} is not a value that the scheduler can use: ${why}`,
      fix,
      ...(right !== undefined && { fixes: [{ path: at, value: right }] }),
    },
  ];
}

/** Flags that the plan may move into the configuration; here are those that remain in the finished container. */
export function judgeMovedFlags(container: Container): CheckFinding[] {
  const picker = pickerIn(container, 0);
  const moved = picker?.line.flags.filter(({ name }) => MOVED_FLAG.test(name)) ?? [];
  return picker === undefined ? [] : moved.flatMap((flag) => judgeKnown(flag, picker, schedulerFlag(flag.name)));
}

function judgeKnown(flag: GoFlag, picker: Picker, known: SchedulerFlag | undefined): CheckFinding[] {
  const { release } = picker;
  if (release === undefined) return known === undefined ? [{ ...unknown(flag, picker), severity: "warning" }] : [];
  const title = titleOf(release);
  if (known === undefined) return [unknown(flag, picker)];
  const standing = standingOf(known, release);
  if (standing.is === "there") return [];
  const when =
    standing.is === "gone"
      ? `no longer has the flag --${flag.name}: it was removed in ${standing.since}`
      : standing.is === "later"
        ? `does not have the flag --${flag.name} yet: it was added in ${standing.from}`
        : `does not have the flag --${flag.name}`;
  return [found(picker, flag.name, { message: `${title} ${when}`, ...insteadOf(flag, picker) })];
}

function unknown(flag: GoFlag, picker: Picker): CheckFinding {
  const who = picker.release === undefined ? "no known release of the scheduler" : titleOf(picker.release);
  const verb = picker.release === undefined ? "has the" : "does not have the";
  const message = `${who} ${verb} flag --${flag.name}`;
  return found(picker, flag.name, { message, ...insteadOf(flag, picker) });
}

/** The fix of a flag, in words and as edits. */
interface Advice {
  fix: string;
  fixes: readonly Fix[];
}

/** The suggestion: the same flag in its other spelling, its replacement, or the nearest name. */
function insteadOf(flag: GoFlag, picker: Picker): Advice {
  const { line, fixPath, container } = picker;
  const field = goFlagField(container, flag.name);
  const at = (name: string): string => `${fixPath}.${field}[--${name}]`;
  const isThere = (name: string): boolean => {
    const known = schedulerFlag(name);
    return known !== undefined && (picker.release === undefined || standingOf(known, picker.release).is === "there");
  };
  const removed: Fix = { path: at(flag.name) };
  const near = nearest(flag.name, schedulerFlags().filter(isThere));
  const other = [otherSpelling(flag.name), near].find((name) => name !== undefined && isThere(name));
  if (other !== undefined) {
    const isSet = line.flags.some(({ name, value }) => name === other && value === flag.value);
    const renamed = isSet ? [] : [{ path: at(other), value: flag.value ?? "true" }];
    return { fix: `write --${other}`, fixes: [removed, ...renamed] };
  }
  return { fix: entryOf(FLAG_SUCCESSORS, flag.name) ?? "remove it", fixes: [removed] };
}

/** Go's `flag` package stops at a word that belongs to no flag, and `pflag` ignores it: either way it has no effect. */
function judgeStray(picker: Picker): CheckFinding[] {
  const { line, words } = picker;
  if (line.stray < 0) return [];
  const word = words[line.stray] ?? "";
  const before = line.flags.findLast(({ at }) => at < line.stray);
  const message = `${JSON.stringify(word)} does not belong to a flag${before && isSchedulerSwitch(before.name) ? `: --${before.name} takes its value only as --${before.name}=${word}` : ""}`;
  const isValue = before !== undefined && isSchedulerSwitch(before.name) && /^(true|false)$/.test(word);
  const fix = isValue ? `write --${before.name}=${word}` : "remove it, or write its flag in front of it";
  return [found(picker, before?.name ?? "", { message, fix, fixes: [] })];
}

function found(
  { path, container }: Picker,
  flag: string,
  { message, fix, fixes }: Advice & { message: string },
): CheckFinding {
  return {
    code: "UnknownSchedulerFlag",
    path: goFlagPath(path, container, flag),
    layer: "merged",
    message,
    fix,
    ...(fixes.length > 0 && { fixes }),
  };
}
