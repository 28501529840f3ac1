import { type Line, line, styled, visible } from "./text.ts";

/** Tables for terminals: columns as wide as their widest cell. */
export interface Column<Row> {
  title: string;
  cell(row: Row): string;
  /** Maximum width of a cell; the rest is cut, and -o json has the whole text. */
  widest?: number;
}

/** The rows under their titles; nothing if there are no rows. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Line[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => columns.map(({ cell, widest }) => cut(visible(cell(row)), widest)));
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((words) => words[at]?.length ?? 0)),
  );
  const aligned = (words: readonly string[]): string =>
    words
      .map((word, at) => (at === words.length - 1 ? word : word.padEnd(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(styled(aligned(columns.map(({ title }) => title)), "bold")), ...cells.map(aligned)];
}

function cut(text: string, widest = 200): string {
  return text.length <= widest ? text : `${text.slice(0, widest - 1)}…`;
}
