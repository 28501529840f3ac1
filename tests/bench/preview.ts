import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openWorkshop } from "../e2e/languages.ts";
import { interleaved, median, type Spent, spent } from "./measure.ts";
import { type Built, built, type Project, programOf, project, type Way } from "./programs.ts";
import type { Row } from "./row.ts";

/** How often each is previewed, by the number of services; KSERVE_LLM_BENCH_SERVICES stops earlier. */
const SIZES = [
  { count: 1, runs: 3 },
  { count: 10, runs: 3 },
  { count: 30, runs: 1 },
  { count: 100, runs: 1 },
  { count: 300, runs: 1 },
] as const;

/** What may cost how much more than the same objects by hand, in processor time. */
interface Written {
  way: Way;
  title: string;
  beside: Way;
  goal?: (count: number) => number | undefined;
}
const WAYS: readonly Written[] = [
  { way: "hand", title: "its objects by hand in JavaScript", beside: "plain" },
  { way: "library", title: "the library", beside: "hand", goal: () => 1.1 },
  { way: "shared", title: "the library with a Platform", beside: "hand" },
  {
    way: "remote",
    title: "the remote component",
    beside: "hand",
    goal: (count) => (count === 1 || count === 100 ? 1.3 : undefined),
  },
];
const PYTHON: readonly Written[] = [
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
/** As docs/benchmarks.md tells people to preview: a preview writes no state, so none is prepared. */
export const WITHOUT_CHECKPOINTS = `PULUMI_SKIP_CHECKPOINTS=true ${COMMAND}`;
/** Up to how many services, and in which ways, previews are also measured as the engine does them by itself. */
const BY_ITSELF = { most: 100, ways: ["library", "remote", "python"] } as const;

/** Previews of services beside the same objects by hand, and beside the engine's floor. */
export function benchPreview(folder: string, checkout: string): Promise<Row[]> {
  return sizes(folder, checkout, WAYS);
}

/** The same in Python, which needs the SDK and its packages. */
export function benchPython(folder: string, checkout: string): Promise<Row[]> {
  return sizes(folder, checkout, PYTHON);
}

async function sizes(folder: string, checkout: string, written: readonly Written[]): Promise<Row[]> {
  const made = await built(join(folder, "preview"), checkout);
  const rows: Row[] = [];
  const most = Number(process.env["KSERVE_LLM_BENCH_SERVICES"] ?? Number.POSITIVE_INFINITY);
  for (const { count, runs } of SIZES.filter(({ count }) => count <= most))
    rows.push(...(await previews(join(folder, `preview-${count}`), made, written, count, runs)));
  return rows;
}

/** Previews of one number of services, in all ways in turn. */
async function previews(
  folder: string,
  made: Built,
  written: readonly Written[],
  count: number,
  runs: number,
): Promise<Row[]> {
  const ways: Way[] = ["empty", "plain", ...written.map(({ way }) => way)];
  const projects = await projectsOf(folder, made, count, ways);
  const figure = await previewsOf(projects, runs, ways, WITHOUT_CHECKPOINTS);
  const services = count === 1 ? "1 service" : `${count} services`;
  const floor: Row = {
    what: `preview of ${count * made.objects.length} ConfigMaps`,
    measured: figure("plain"),
    beside: { what: "an empty program", ...figure("empty") },
  };
  return [
    floor,
    ...(await byItself(projects, written, services, count, runs)),
    ...written.map(({ way, title, beside, goal }): Row => {
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

/** The same without PULUMI_SKIP_CHECKPOINTS. */
async function byItself(
  projects: ReadonlyMap<Way, Project>,
  written: readonly Written[],
  services: string,
  count: number,
  runs: number,
): Promise<Row[]> {
  const measured = written.filter(({ way }) => BY_ITSELF.ways.some((one) => one === way));
  if (count > BY_ITSELF.most) return [];
  const ways = [...new Set(measured.flatMap(({ way, beside }) => [beside, way]))];
  const figure = await previewsOf(projects, runs, ways, COMMAND);
  return measured.map(({ way, title, beside }) => ({
    what: `preview of ${services} with the engine's checkpoints: ${title}`,
    measured: figure(way),
    beside: { what: NAMES[beside] ?? beside, ...figure(beside) },
  }));
}

type Figure = (way: Way) => { value: number; wall: number; unit: "s" };

/** What previews cost, by the way in which the program is written. */
async function previewsOf(
  projects: ReadonlyMap<Way, Project>,
  runs: number,
  ways: readonly Way[],
  command: string,
): Promise<Figure> {
  const found = ways.flatMap((way) => projects.get(way) ?? []);
  const results = await interleaved(runs, ...found.map((one) => () => spent(command, one)));
  const all = new Map<Way, Spent[]>(ways.map((way, index) => [way, results[index] ?? []]));
  return (way) => {
    const spent = all.get(way) ?? [];
    return {
      value: median(spent.map(({ cpuSeconds }) => cpuSeconds)),
      wall: median(spent.map(({ wallSeconds }) => wallSeconds)),
      unit: "s",
    };
  };
}

async function projectsOf(
  folder: string,
  made: Built,
  count: number,
  ways: readonly Way[],
): Promise<ReadonlyMap<Way, Project>> {
  mkdirSync(folder, { recursive: true });
  const workshop = ways.includes("python") ? await openWorkshop() : undefined;
  const projects = new Map<Way, Project>();
  for (const way of ways)
    projects.set(way, await project(folder, way, programOf(way, count, made), made, workshop && { workshop }));
  return projects;
}
