/** A table of Markdown, as its lines. A bar or a line break inside of a cell does not end the cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [lineOf(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(lineOf)];
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ")).join(" | ")} |`;
}
