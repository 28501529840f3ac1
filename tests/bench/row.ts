/** A figure with its unit. Seconds are of processor time, beside which `wall` may stand. */
interface Figure {
  value: number;
  unit: Unit;
  /** Seconds by the clock of the wall. */
  wall?: number;
}

type Unit = "s" | "ms" | "MB" | "kB" | "objects" | "x";

/** One line of the table. The ratio is that of the two figures, unless it is given. */
export interface Row {
  what: string;
  measured: Figure;
  beside?: Figure & { what: string };
  /** What it is held against: the ratio, or the figure itself. */
  goal?: { ratio: number } | { value: number };
  /** A short word on what the figure means. */
  remark?: string;
}

/** A part of the benchmark gives rows, and lines that are only printed. */
export type Measured = readonly (Row | string)[];

function ratioOf({ measured, beside }: Row): number | undefined {
  return beside === undefined || beside.value === 0 ? undefined : measured.value / beside.value;
}

/** Whether a row reaches its goal; undefined where it has none. */
function isMet(row: Row): boolean | undefined {
  if (row.goal === undefined) return undefined;
  if ("value" in row.goal) return row.measured.value <= row.goal.value;
  return (ratioOf(row) ?? Number.POSITIVE_INFINITY) <= row.goal.ratio;
}

const DIGITS: Readonly<Record<Unit, number>> = { s: 2, ms: 2, MB: 0, kB: 1, objects: 0, x: 2 };

function formatFigure({ value, unit, wall }: Figure): string {
  const text = unit === "x" ? `${value.toFixed(DIGITS[unit])} ×` : `${value.toFixed(DIGITS[unit])} ${unit}`;
  return wall === undefined ? text : `${text} (wall ${wall.toFixed(1)} s)`;
}

/** The cells of a row: what, measured, beside, ratio, goal, met. */
function cellsOf(row: Row): string[] {
  const { what, measured, beside, goal, remark } = row;
  const [ratio, met] = [ratioOf(row), isMet(row)];
  return [
    remark === undefined ? what : `${what} (${remark})`,
    formatFigure(measured),
    beside === undefined ? "" : `${beside.what}: ${formatFigure(beside)}`,
    ratio === undefined ? "" : ratio.toFixed(2),
    goal === undefined
      ? ""
      : "ratio" in goal
        ? `≤ ${goal.ratio} ×`
        : `≤ ${formatFigure({ ...measured, wall: undefined, value: goal.value } as Figure)}`,
    met === undefined ? "" : met ? "yes" : "no",
  ];
}

const HEAD = ["what", "measured", "compared with", "ratio", "goal", "met"];

/** A table of Markdown. */
export function tableOf(rows: readonly Row[]): string[] {
  return linesOf([HEAD, ...rows.map(cellsOf)]);
}

/** The same with what another commit took, and its ratio: the rows with the same first cell. */
export function comparedTable(rows: readonly Row[], commit: string, former: readonly Row[]): string[] {
  const compared = rows.map((row) => {
    const before = former.find(({ what }) => what === row.what);
    const ratio = before && ratioOf(before);
    return [
      ...cellsOf(row),
      before === undefined ? "" : formatFigure(before.measured),
      ratio === undefined ? "" : ratio.toFixed(2),
    ];
  });
  return linesOf([[...HEAD, commit, "its ratio"], ...compared]);
}

/** Each column is as wide as its widest cell. */
function linesOf(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...others] = lines;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...others.map(line)];
}
