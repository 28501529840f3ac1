import { connect } from "../../cluster/client.ts";
import type { ClusterChoice } from "../../cluster/kubeconfig.ts";
import { liveService } from "../../cluster/live.ts";
import { isObject, objectOf } from "../../core/kubernetes/json.ts";
import { type PriceList, priceList } from "../../core/views/diff/prices.ts";
import { type Comparison, compareServices } from "../../core/views/diff/services.ts";
import { readDocuments, UnreadableInput } from "../input/input.ts";
import { ofSide, type SidedOptions } from "../input/options.ts";
import { hideSecrets } from "../state/secrets.ts";
import { isPlanned, readSide, type SideService } from "../state/sides.ts";
import { comparisonText } from "../text/changes.ts";
import { jsonText } from "../text/output.ts";
import type { Result, Terminal } from "../text/terminal.ts";

export type DiffOptions = SidedOptions<"A" | "B"> & ClusterChoice & { prices?: string; output: "table" | "json" };

/** Exit codes like those of diff(1); a side that cannot be planned cannot be compared. */
const SAME = 0;
const DIFFERENT = 1;
const TROUBLE = 2;

/** The word for what runs now, instead of a path. */
const CLUSTER = "cluster";

/** Compares two sides; with one path, the same services under two sets of configs or settings. */
export async function diff(
  a: string,
  b: string | undefined,
  options: DiffOptions,
  terminal: Terminal,
): Promise<Result> {
  const isLive = a === CLUSTER;
  if (b === CLUSTER || (isLive && b === undefined))
    throw new UnreadableInput("write the command as: diff cluster FILE");
  const before = isLive ? [] : readSide(a, ofSide(options, "A"), terminal);
  const after = readSide(b ?? a, ofSide(options, "B"), terminal);
  if (!isPlanned([...before, ...after])) return terminal.done(TROUBLE);
  const [one, other] = isLive ? await liveSides(after, options) : sameServices(before, after);
  const prices = readPrices(options.prices, [...before, ...after], terminal);
  const comparison = compareServices(...hideSecrets(one, other), prices);
  if (options.output === "json") terminal.write(jsonText(comparison));
  else terminal.print(comparisonText(comparison));
  return terminal.done(isSame(comparison) ? SAME : DIFFERENT);
}

function isSame({ services }: Comparison): boolean {
  return services.every(({ change }) => change === "same");
}

/** What runs of each service, and how the API server would store the plan. */
async function liveSides(
  planned: readonly SideService[],
  choice: ClusterChoice,
): Promise<[SideService[], SideService[]]> {
  const cluster = await connect(choice);
  const sides = await Promise.all(
    planned.map(async (side) => {
      const [namespace = "", name = ""] = side.name.split("/");
      const { before, after, unread } = await liveService(side.objects, { name, namespace }, cluster);
      for (const { what, why } of unread) {
        process.stderr.write(`${what} cannot be read, so removed objects of this kind are not shown: ${why}\n`);
      }
      return { before: { ...side, objects: before }, after: { ...side, objects: after } };
    }),
  );
  return [
    sides.map(({ before }) => before).filter(({ objects }) => objects.length > 0),
    sides.map(({ after }) => after),
  ];
}

/** A stack's state or a folder of objects may contain more services than the planned one; those are ignored. */
function sameServices(before: SideService[], after: SideService[]): [SideService[], SideService[]] {
  const isPlan = (side: SideService[]): boolean => side.some(({ input }) => input !== undefined);
  if (isPlan(before) === isPlan(after)) return [before, after];
  const planned = new Set((isPlan(before) ? before : after).map(({ name }) => name));
  const kept = (side: SideService[]): SideService[] => side.filter(({ name }) => planned.has(name));
  return [kept(before), kept(after)];
}

/**
 * A YAML or JSON mapping of names to hourly prices; classes of the platform, and classes that are written out in
 * services and configs, have their own.
 */
export function readPrices(
  file: string | undefined,
  services: readonly Pick<SideService, "input">[],
  terminal: Terminal,
): PriceList {
  const written = services.flatMap(({ input }) => [input?.service, ...(input?.configs ?? [])].flatMap(acceleratorsIn));
  const accelerators = Object.fromEntries(
    services.flatMap(({ input }) => Object.entries(input?.lowering?.accelerators ?? {})),
  );
  if (file === undefined) return priceList({}, { accelerators }, written);
  const prices = readDocuments([file], terminal).flatMap(({ document }) => Object.entries(document as object));
  const wrong = prices.find(([, price]) => typeof price !== "number");
  if (wrong !== undefined) throw new UnreadableInput(`${file}: the price of ${wrong[0]} is not a number`);
  return priceList(Object.fromEntries(prices) as Record<string, number>, { accelerators }, written);
}

function acceleratorsIn(document: unknown): unknown[] {
  const spec = isObject(document) && isObject(document["spec"]) ? document["spec"] : {};
  const groups = Object.values(objectOf(spec["groups"]));
  return [spec, spec["prefill"], ...groups].map((part) => objectOf(part)["accelerator"]).filter(isObject);
}
