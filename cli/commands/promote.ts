import { formatIssue, isFine } from "../../core/contract/issues/issue.ts";
import type { PriceList } from "../../core/views/diff/prices.ts";
import { text } from "../../core/views/explain/whynot.ts";
import { type Expected, NOTHING_EXPECTED, readExpected } from "../../core/views/promote/expected.ts";
import { checkPromotion, type Promotion } from "../../core/views/promote/promote.ts";
import { readDocument, UnreadableInput } from "../input/input.ts";
import { ofSide, type SidedOptions } from "../input/options.ts";
import { readSide, type SideService } from "../state/sides.ts";
import { impactText, objectText } from "../text/changes.ts";
import { jsonText } from "../text/output.ts";
import { table } from "../text/table.ts";
import { issueText, type Result, type Terminal } from "../text/terminal.ts";
import { type Line, line, paragraphs, type Styled, styled } from "../text/text.ts";
import { readPrices } from "./diff.ts";

export type PromoteOptions = SidedOptions<"From" | "To"> & {
  from: string;
  to: string;
  expected?: string;
  now?: string;
  prices?: string;
  output: "table" | "json";
};

interface Checked extends Promotion {
  service: string;
}

/** Checks every service of one environment against that of another. Code 0: fine; 1: refused. */
export function promoteCheck(options: PromoteOptions, terminal: Terminal): Result {
  const ofTo = { ...ofSide(options, "To"), quiet: true };
  const from = readSide(options.from, { ...ofSide(options, "From"), quiet: true }, terminal);
  const to = readSide(options.to, ofTo, terminal);
  const now = options.now === undefined ? undefined : readSide(options.now, ofTo, terminal);
  const checked = check(from, to, now, { ...options, ...declared(options, [...from, ...to], terminal) });
  if (options.output === "json") {
    const { missing, services } = checked;
    terminal.write(jsonText({ verdict: verdictOf(checked), services, missing }));
  } else {
    terminal.print(promotionText(checked));
  }
  return terminal.done(verdictOf(checked) === "fine" ? 0 : 1);
}

/** What is declared about the comparison. */
interface Declared {
  from: string;
  to: string;
  expected: Expected;
  prices: PriceList;
}

function declared(options: PromoteOptions, services: readonly SideService[], terminal: Terminal) {
  const prices = readPrices(options.prices, services, terminal);
  return { expected: expectedIn(options.expected, terminal), prices };
}

interface Check {
  services: Checked[];
  /** Services that only one of the environments has. */
  missing: { service: string; in: "from" | "to" }[];
}

function verdictOf({ services, missing }: Check): Promotion["verdict"] {
  const isFine = missing.length === 0 && services.every(({ verdict }) => verdict === "fine");
  return isFine ? "fine" : "refused";
}

function check(from: SideService[], to: SideService[], now: SideService[] | undefined, options: Declared): Check {
  const { expected, prices } = options;
  const shortName = ({ name }: SideService): string => name.split("/")[1] ?? name;
  const areAlone = from.length === 1 && to.length === 1;
  const twin = (side: SideService[], service: SideService): SideService | undefined =>
    side.find(({ name }) => name === service.name) ??
    side.find((other) => shortName(other) === shortName(service)) ??
    (areAlone ? side[0] : undefined);
  const services = from.flatMap((service): Checked[] => {
    const other = twin(to, service);
    if (service.input === undefined || other === undefined) return [];
    if (other.input === undefined) throw new UnreadableInput(`${options.to}: services were expected, not objects`);
    const running = now && (twin(now, other)?.objects ?? []);
    const input = { from: service.input, to: other.input, expected, now: running, prices };
    const before = [...given("from", service), ...given("to", other)];
    if (!isFine(before.map(({ issue }) => issue))) return [{ service: other.name, ...refusedFor(before) }];
    const promotion = checkPromotion(input);
    return [{ service: other.name, ...promotion, issues: [...before, ...promotion.issues] }];
  });
  if (from.some(({ input }) => input === undefined)) {
    throw new UnreadableInput(`${options.from}: services were expected, not objects`);
  }
  const only = (side: SideService[], others: SideService[]): string[] =>
    side.filter((service) => twin(others, service) === undefined).map(({ name }) => name);
  const missing = [
    ...only(from, to).map((service) => ({ service, in: "to" as const })),
    ...only(to, from).map((service) => ({ service, in: "from" as const })),
  ];
  return { services, missing };
}

/** Problems before anything is planned: with a release, a digest or the settings. */
function given(side: "from" | "to", { inputIssues }: SideService): Promotion["issues"] {
  return inputIssues.map((issue) => ({ side, issue }));
}

function refusedFor(issues: Promotion["issues"]): Promotion {
  return { verdict: "refused", objects: [], fields: [], issues };
}

function expectedIn(file: string | undefined, terminal: Terminal): Expected {
  if (file === undefined) return NOTHING_EXPECTED;
  const { document } = readDocument(file, "a single mapping with service, settings and objects", terminal);
  const { expected, issues } = readExpected(document);
  if (expected === undefined) throw new UnreadableInput(issues.map((one) => `${file}: ${formatIssue(one)}`));
  return expected;
}

function promotionText(checked: Check): Line[] {
  const { services, missing } = checked;
  const lost = missing.map(({ service, in: where }) => [`${service}: not in --${where}`]);
  return paragraphs([...services.map(serviceText), ...lost, [line("verdict: ", verdict(verdictOf(checked)))]]);
}

function verdict(word: Promotion["verdict"]): Styled {
  return styled(word, word === "fine" ? "green" : "red");
}

function serviceText({ service, verdict: word, fields, objects, impact, issues }: Checked): Line[] {
  const head = line(styled(service, "bold"), ": ", verdict(word));
  const given = issues.map(({ side, issue }) => `  ${side}: ${issueText(issue)}`);
  const differing = table(fields, [
    { title: "FIELD", cell: ({ path }) => path },
    { title: "FROM", cell: (row) => (row.from === undefined ? "-" : text(row.from)), widest: 36 },
    { title: "SET BY", cell: ({ fromLayer }) => fromLayer ?? "-" },
    { title: "TO", cell: (row) => (row.to === undefined ? "-" : text(row.to)), widest: 36 },
    { title: "SET BY", cell: ({ toLayer }) => toLayer ?? "-" },
  ]);
  const under = (title: string, lines: readonly Line[]): Line[] => (lines.length > 0 ? [title, ...lines] : []);
  return paragraphs([
    [head, ...given],
    under("UNEXPECTED DIFFERENCES: --to compared with --from", objects.flatMap(objectText)),
    under("IN THE MERGED SPEC, with the layer that sets it", differing),
    under("CHANGES that --to needs to run what was tested", impact === undefined ? [] : impactText(impact)),
  ]);
}
