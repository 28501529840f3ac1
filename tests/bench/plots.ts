import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { escapeXml } from "../../core/views/graph/svg.ts";
import type { Kept } from "./record.ts";
import type { Row } from "./row.ts";

/** A bar, with what it is and how its figure reads. */
interface Bar {
  label: string;
  value: number;
  text: string;
  /** A goal: a line across the bar. */
  goal?: number;
}
interface Plot {
  file: string;
  title: string;
  bars: readonly Bar[];
}

const DOCS = join(import.meta.dirname, "../../docs");
const PREVIEW = /^preview of (\d+) services?: (.+)$/;
const STATE = /^state of a service: (.+)$/;

/** Draws the plots of docs/benchmarks.md from the record; gives back the files. */
export function drawPlots(record: Kept): string[] {
  const rows = Object.values(record.parts).flatMap((run) => run.rows);
  const plots = [ratios(rows), states(rows)].filter(({ bars }) => bars.length > 0);
  return plots.map((plot) => {
    const file = join(DOCS, plot.file);
    writeFileSync(file, svgOf(plot));
    return file;
  });
}

/** How much processor time a preview takes beside the same objects by hand. */
function ratios(rows: readonly Row[]): Plot {
  const bars = rows.flatMap(({ what, measured, beside, goal }): Bar[] => {
    const [, count, way] = PREVIEW.exec(what) ?? [];
    if (count === undefined || way === undefined || beside === undefined || !beside.what.startsWith("by hand"))
      return [];
    const value = measured.value / beside.value;
    const limit = goal !== undefined && "ratio" in goal ? { goal: goal.ratio } : {};
    return [{ label: `${count} × ${way}`, value, text: `${value.toFixed(2)} ×`, ...limit }];
  });
  return {
    file: "benchmarks-preview.svg",
    title: "Processor time of a preview, beside the same objects written by hand",
    bars,
  };
}

/** What the state holds of a service. */
function states(rows: readonly Row[]): Plot {
  const bars = rows.flatMap(({ what, measured }): Bar[] => {
    const [, part] = STATE.exec(what) ?? [];
    if (part === undefined || part.startsWith("its output")) return [];
    return [{ label: part, value: measured.value, text: `${measured.value.toFixed(1)} kB` }];
  });
  return { file: "benchmarks-state.svg", title: "State of a service with ten objects", bars };
}

const [WIDTH, LEFT, RIGHT, TOP, STEP, THICK] = [760, 270, 70, 44, 28, 18];

/** Bars under each other. The colours are readable on white and on black, and nothing depends on them alone. */
function svgOf({ title, bars }: Plot): string {
  const most = Math.max(...bars.map(({ value, goal = 0 }) => Math.max(value, goal)));
  const x = (value: number): number => Math.round((value / most) * (WIDTH - LEFT - RIGHT) * 10) / 10;
  const height = TOP + bars.length * STEP + (bars.some(({ goal }) => goal !== undefined) ? 26 : 8);
  const lines = bars.flatMap(({ label, value, text, goal }, index) => {
    const y = TOP + index * STEP;
    return [
      `<text x="${LEFT - 10}" y="${y + 13}" text-anchor="end">${escapeXml(label)}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${x(value)}" height="${THICK}" rx="2" fill="#3b82c4"/>`,
      `<text x="${LEFT + x(Math.max(value, goal ?? 0)) + 8}" y="${y + 13}">${escapeXml(text)}</text>`,
      ...(goal === undefined
        ? []
        : [`<path d="M${LEFT + x(goal)} ${y - 4}v${THICK + 8}" stroke="#d9534f" stroke-width="2"/>`]),
    ];
  });
  const legend = `<text x="${LEFT}" y="${height - 6}" fill="#d9534f">red line: the goal</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#6b7280" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<text x="10" y="20" font-size="15" font-weight="bold">${escapeXml(title)}</text>`,
    ...lines,
    ...(bars.some(({ goal }) => goal !== undefined) ? [legend] : []),
    "</svg>\n",
  ].join("\n");
}
