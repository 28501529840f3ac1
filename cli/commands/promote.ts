import { formatIssue, isFine } from "../../core/contract/issue.ts";
import { text } from "../../core/views/explain/whynot.ts";
import { type Expected, NOTHING_EXPECTED, readExpected } from "../../core/views/promote/expected.ts";
import { checkPromotion, type Promotion } from "../../core/views/promote/promote.ts";
import { impactText, objectText } from "../changes.ts";
import { readDocuments, UnreadableInput } from "../input.ts";
import { ofSide, type SidedOptions } from "../options.ts";
import { readSide, type SideService } from "../sides.ts";
import { styled, table } from "../table.ts";
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

/** Checks every service of one environment against that of another. Returns the exit code: 0 fine, 1 refused. */
export function promoteCheck(options: PromoteOptions): number {
  const ofTo = { ...ofSide(options, "To"), quiet: true };
  const from = readSide(options.from, { ...ofSide(options, "From"), quiet: true });
  const to = readSide(options.to, ofTo);
  const now = options.now === undefined ? undefined : readSide(options.now, ofTo);
  const checked = check(from, to, now, options);
  if (options.output === "json") {
    const { missing, services } = checked;
    process.stdout.write(`${JSON.stringify({ verdict: verdictOf(checked), services, missing }, null, 2)}\n`);
  } else {
    process.stdout.write(promotionText(checked));
  }
  return verdictOf(checked) === "fine" ? 0 : 1;
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

function check(from: SideService[], to: SideService[], now: SideService[] | undefined, options: PromoteOptions): Check {
  const expected = expectedIn(options.expected);
  const shortName = ({ name }: SideService): string => name.split("/")[1] ?? name;
  const areAlone = from.length === 1 && to.length === 1;
  const twin = (side: SideService[], service: SideService): SideService | undefined =>
    side.find(({ name }) => name === service.name) ??
    side.find((other) => shortName(other) === shortName(service)) ??
    (areAlone ? side[0] : undefined);
  const prices = readPrices(options.prices, [...from, ...to]);
  const services = from.flatMap((service): Checked[] => {
    const other = twin(to, service);
    if (service.input === undefined || other === undefined) return [];
    if (other.input === undefined) throw new UnreadableInput(`${options.to}: services were expected, not objects`);
    const running = now && (twin(now, other)?.objects ?? []);
    const input = { from: service.input, to: other.input, expected, now: running, prices };
    const before = [...said("from", service), ...said("to", other)];
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

/** What is wrong before anything is planned: with a release, a digest or the settings. */
function said(side: "from" | "to", { inputIssues }: SideService): Promotion["issues"] {
  return inputIssues.map((issue) => ({ side, issue }));
}

function refusedFor(issues: Promotion["issues"]): Promotion {
  return { verdict: "refused", objects: [], fields: [], issues };
}

function expectedIn(file: string | undefined): Expected {
  if (file === undefined) return NOTHING_EXPECTED;
  const [document] = readDocuments([file]);
  const { expected, issues } = readExpected(document?.document);
  if (expected === undefined) throw new UnreadableInput(issues.map((one) => `${file}: ${formatIssue(one)}`).join("\n"));
  return expected;
}

function promotionText(checked: Check): string {
  const { services, missing } = checked;
  const lost = missing.map(({ service, in: where }) => `${service}: not in --${where}\n`);
  return [...services.map(serviceText), ...lost, `verdict: ${verdict(verdictOf(checked))}\n`].join("\n");
}

function verdict(word: Promotion["verdict"]): string {
  return styled(word, word === "fine" ? "green" : "red");
}

function serviceText({ service, verdict: word, fields, objects, impact, issues }: Checked): string {
  const head = `${styled(service, "bold")}: ${verdict(word)}\n`;
  const said = issues.map(({ side, issue }) => `  ${side}: ${formatIssue(issue)}\n`);
  const differing = table(fields, [
    { title: "FIELD", cell: ({ path }) => path },
    { title: "FROM", cell: (row) => (row.from === undefined ? "-" : text(row.from)), widest: 36 },
    { title: "SET BY", cell: ({ fromLayer }) => fromLayer ?? "-" },
    { title: "TO", cell: (row) => (row.to === undefined ? "-" : text(row.to)), widest: 36 },
    { title: "SET BY", cell: ({ toLayer }) => toLayer ?? "-" },
  ]);
  const parts = [
    objects.length > 0 && `unexpected: what --to has, and what was tested\n${objects.map(objectText).join("")}`,
    differing && `in the merged spec, with who sets it\n${differing}`,
    impact && `to run what was tested\n${impactText(impact)}`,
  ].filter(Boolean);
  return [head + said.join(""), ...parts].join("\n");
}
