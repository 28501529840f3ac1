import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openWorkshop } from "../e2e/languages.ts";
import { interleaved, median, type Spent, spent } from "./measure.ts";
import { type Built, built, type Project, programOf, project, type Way } from "./programs.ts";
import type { Row } from "./row.ts";

/** How often each is previewed, by the number of services. */
const SIZES = [
  { count: 1, runs: 7 },
  { count: 10, runs: 5 },
  { count: 100, runs: 3 },
  { count: 300, runs: 1 },
] as const;

/** What may cost how much more than the same objects by hand, in processor time. */
const WAYS: readonly { way: Way; title: string; beside: Way; goal?: (count: number) => number | undefined }[] = [
  { way: "hand", title: "its objects by hand in JavaScript", beside: "plain" },
  { way: "library", title: "the library", beside: "hand", goal: () => 1.1 },
  { way: "shared", title: "the library with a Platform", beside: "hand" },
  {
    way: "remote",
    title: "the remote component",
    beside: "hand",
    goal: (count) => (count === 1 || count === 100 ? 1.3 : undefined),
  },
  { way: "pythonHand", title: "its objects by hand in Python", beside: "plain" },
  {
    way: "python",
    title: "the remote component in Python",
    beside: "pythonHand",
    goal: (count) => (count === 1 || count === 100 ? 1.3 : undefined),
  },
];
const PLAIN = "as many ConfigMaps";
const NAMES: Readonly<Partial<Record<Way, string>>> = {
  plain: PLAIN,
  hand: "by hand",
  pythonHand: "by hand in Python",
};

const COMMAND = "pulumi preview --json --non-interactive > /dev/null";

/** Previews of services beside the same objects by hand, and beside the engine's floor. */
export async function benchPreview(folder: string, checkout: string): Promise<Row[]> {
  const made = await built(join(folder, "preview"), checkout);
  const rows: Row[] = [];
  for (const { count, runs } of SIZES)
    rows.push(...(await previews(join(folder, `preview-${count}`), made, count, runs)));
  return rows;
}

/** Previews of one number of services, in all ways in turn. */
async function previews(folder: string, made: Built, count: number, runs: number): Promise<Row[]> {
  const ways: Way[] = ["empty", "plain", ...WAYS.map(({ way }) => way)];
  const all = await previewsOf(folder, made, count, runs, ways);
  const figure = (way: Way) => {
    const spent = all.get(way) ?? [];
    return {
      value: median(spent.map(({ cpuSeconds }) => cpuSeconds)),
      wall: median(spent.map(({ wallSeconds }) => wallSeconds)),
      unit: "s" as const,
    };
  };
  const services = count === 1 ? "1 service" : `${count} services`;
  const floor: Row = {
    what: `preview of ${count * made.objects.length} ConfigMaps`,
    measured: figure("plain"),
    beside: { what: "an empty program", ...figure("empty") },
  };
  return [
    floor,
    ...WAYS.map(({ way, title, beside, goal }): Row => {
      const ratio = goal?.(count);
      return {
        what: `preview of ${services}: ${title}`,
        measured: figure(way),
        beside: { what: NAMES[beside] ?? beside, ...figure(beside) },
        ...(ratio !== undefined && { goal: { ratio } }),
      };
    }),
  ];
}

/** What previews cost, by the way in which the program is written. */
async function previewsOf(
  folder: string,
  made: Built,
  count: number,
  runs: number,
  ways: readonly Way[],
): Promise<Map<Way, Spent[]>> {
  mkdirSync(folder, { recursive: true });
  const workshop = ways.includes("python") ? await openWorkshop() : undefined;
  const projects: Project[] = [];
  for (const way of ways)
    projects.push(await project(folder, way, programOf(way, count, made), made, workshop && { workshop }));
  const preview = (one: Project) => () => spent(COMMAND, one);
  const results = await interleaved(runs, ...projects.map(preview));
  return new Map(ways.map((way, index) => [way, results[index] ?? []]));
}
