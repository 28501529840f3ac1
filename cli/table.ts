/** Tables for terminals: columns as wide as their widest cell, colour only where a terminal shows it. */
export interface Column<Row> {
  title: string;
  cell(row: Row): string;
  /** Longest that a cell gets; the rest is cut, and -o json has it whole. */
  widest?: number;
}

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Style = keyof typeof STYLES;

/** Whether standard output takes colour: a terminal, and nobody said no (https://no-color.org). */
export function hasColour(): boolean {
  return process.stdout.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

export function styled(text: string, style: Style): string {
  return hasColour() ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}

/** The rows under their titles; nothing for no rows. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  if (rows.length === 0) return "";
  const cells = rows.map((row) => columns.map(({ cell, widest }) => cut(oneLine(cell(row)), widest)));
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)));
  const line = (words: readonly string[]): string =>
    words
      .map((word, at) => (at === words.length - 1 ? word : word.padEnd(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  const head = styled(line(columns.map(({ title }) => title)), "bold");
  return `${[head, ...cells.map(line)].join("\n")}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll("\n", "\\n");
}

function cut(text: string, widest = 200): string {
  return text.length <= widest ? text : `${text.slice(0, widest - 1)}…`;
}
